/**
 * Characters that a terminal obeys instead of showing: controls and escapes (also the C1 ones that xterm takes from UTF-8),
 * line separators, marks that turn the direction of writing, lone surrogates.
 */
const OBEYED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text from a payload as it may go to a terminal: names are whatever a caller typed. JSON on one line stays JSON, with
 * the same meaning.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, escaped);
}
