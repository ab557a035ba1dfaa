/**
 * Secrets in text that is no JSON: a payload that breaks off, a Python dict, a form, an object as Node.js prints it, an
 * error's message. Here nothing has to stay valid: rather too much is masked than too little.
 */
import { maskAddresses } from './addresses.ts';
import { endOfContainer, endOfText, nextMatch } from './ends.ts';
import { SECRET_NAMES } from './secretNames.ts';

const NAMED = new RegExp(`(?:${SECRET_NAMES})(?:\\\\*["'\`])?\\s*(?:=+>?|:)\\s*`, 'gi');
const QUOTE = /\\*(["'`])/y;
/** A header's value has blanks in it. */
const LINE = /[^\r\n,;&}\]"'`]*/g;
/** In the midst of a sentence it has none. */
const WORD = /(?:(?:bearer|basic|digest)\s+)?[^\s,;&)}\]"'`<>]*/gi;
/** One that has a digit: no "bearer authentication". */
const BEARER = /(?<![\w-])(bearer\s+)(?=[a-z._~+/-]*[\d=])[\w.~+/=-]+/gi;
const JWT = /(?<![\w-])eyJ[\w-]+\.[\w.-]+/g;
/** A letter, `_` or `-`, written as JSON's escape, at whichever depth. */
const ESCAPED = /\\+u00(4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da]|2d)/gi;

/** In what nobody could read: a secret reaches to the end of its line. */
export function maskLoosely(text: string): string {
  const masked = maskNamed(text, LINE);
  if (!masked.includes('\\u00')) return masked;
  const plain = masked.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const unhidden = maskNamed(plain, LINE);
  return unhidden === plain ? masked : unhidden;
}

/** In what people wrote for people: a secret is a word. */
export function maskProse(text: string): string {
  return maskNamed(text, WORD);
}

function maskNamed(text: string, bare: RegExp): string {
  let masked = '';
  let kept = 0;
  for (let found = nextMatch(NAMED, text, 0); found; found = nextMatch(NAMED, text, kept)) {
    const name = NAMED.lastIndex;
    const quote = nextMatch(QUOTE, text, name);
    const from = name + (quote?.[0].length ?? 0);
    const to = endOfSecret(text, from, quote, bare);
    masked += text.slice(kept, from) + (to > from ? '***' : '');
    kept = to;
  }
  const rest = kept === 0 ? text : masked + text.slice(kept);
  return maskAddresses(rest.replace(BEARER, '$1***').replace(JWT, '***'));
}

function endOfSecret(text: string, from: number, quote: RegExpExecArray | null, bare: RegExp): number {
  if (quote) return endOfText(text, from, quote[1], quote[0].length - 1);
  if (text[from] === '{' || text[from] === '[') return endOfContainer(text, from);
  nextMatch(bare, text, from);
  return bare.lastIndex;
}
