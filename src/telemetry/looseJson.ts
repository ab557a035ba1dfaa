/** JSON as Python writes it: with NaN and Infinity, which JSON has not. */

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Their names as texts, which are known for numbers that are none (read.ts). @throws SyntaxError */
export function parseLoosely(text: string): unknown {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const strict = json.replace(TOKENS, (piece) => (piece.startsWith('"') ? piece : `"${piece}"`));
    if (strict === json) throw error;
    return JSON.parse(strict);
  }
}
