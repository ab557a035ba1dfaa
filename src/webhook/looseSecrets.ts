/**
 * Secrets in text that is no JSON: a payload that breaks off, a Python dict, a form, an object as Node.js prints it. Here
 * nothing has to stay valid: rather too much is masked than too little.
 */
import { maskAddresses } from './addresses.ts';
import { endOfContainer, endOfText, nextMatch } from './ends.ts';
import { SECRET_NAMES } from './secretNames.ts';

const NAMED = new RegExp(`(?:${SECRET_NAMES})(?:\\\\*["'\`])?\\s*(?:=>?|:)\\s*`, 'gi');
const QUOTE = /\\*(["'`])/y;
/** A header's value has blanks in it. */
const BARE = /[^\r\n,;&}\]"'`]*/g;

export function maskLoosely(text: string): string {
  let masked = '';
  let kept = 0;
  for (let found = nextMatch(NAMED, text, 0); found; found = nextMatch(NAMED, text, kept)) {
    const name = NAMED.lastIndex;
    const quote = nextMatch(QUOTE, text, name);
    const from = name + (quote?.[0].length ?? 0);
    const to = endOfSecret(text, from, quote);
    masked += text.slice(kept, from) + (to > from ? '***' : '');
    kept = to;
  }
  return maskAddresses(kept === 0 ? text : masked + text.slice(kept));
}

function endOfSecret(text: string, from: number, quote: RegExpExecArray | null): number {
  if (quote) return endOfText(text, from, quote[1], quote[0].length - 1);
  if (text[from] === '{' || text[from] === '[') return endOfContainer(text, from);
  nextMatch(BARE, text, from);
  return BARE.lastIndex;
}
