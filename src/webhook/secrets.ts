/**
 * Secrets that LiveKit leaks into payloads: the room's TURN password, an ingress' stream key, an egress' storage keys
 * (webhooks.md 6.18), and those that people put into metadata. They are masked in the JSON's own text, so that all else
 * stays byte for byte as it came, and JSON stays JSON.
 */
import { maskAddresses } from './addresses.ts';
import { endOfText, endOfValue, nextMatch } from './ends.ts';
import { maskLoosely, maskProse } from './looseSecrets.ts';
import { LAST_LETTERS, SECRET_NAMES } from './secretNames.ts';

/** A secret's name, plainly written, and all up to its value. A quote behind a letter ends a text. */
const NAMED = new RegExp(`(?:${LAST_LETTERS})"(?<=(?:${SECRET_NAMES})")\\s*:\\s*`, 'gi');
const NAME = new RegExp(`(?:${SECRET_NAMES})$`, 'i');
const NO_SECRET = /^(?:null|true|false|"")$/;
/** `password=…` or `password: …` in the midst of a text: from its end, as it is rare that a letter stands before a colon. */
const SPOKEN = `[:=](?<=[a-z]['\`]?\\s*[:=])(?<=(?:${SECRET_NAMES})['\`]?\\s*[:=])`;
/**
 * What a text needs to hide a secret: an escape (in a name, or around JSON within the text), an address, a secret by its
 * name, or a token that is known by its looks.
 */
const HIDING = new RegExp(`\\\\|//|bearer |\\.eyJ|${SPOKEN}`, 'gi');
const COLON = /\s*:/y;
const DOCUMENT = /^\s*[[{"]/;
/** What rooms and people go by: two of them must not become one, for that they are named `token:1` and `token:2`. */
const KEY = /(?<="(?:\w*identity|\w*sid|(?:room_?)?name)"\s*:\s*)"/iy;

export function maskSecrets(json: string): string {
  return maskNamed(maskHidden(json));
}

/** Masks what stands under a plainly written name. Nothing of it is ever decoded. */
export function maskNamed(json: string): string {
  let masked = '';
  let kept = 0;
  let at = 0;
  while (nextMatch(NAMED, json, at)) {
    const from = NAMED.lastIndex;
    at = endOfValue(json, from);
    if (NO_SECRET.test(json.slice(from, at))) continue;
    masked += `${json.slice(kept, from)}"***"`;
    kept = at;
  }
  return kept === 0 ? json : masked + json.slice(kept);
}

/**
 * Masks secrets within texts: of JSON in a text, of an address. A name in escapes is written plainly, for maskNamed to see.
 * Such a text may be one that is decoded: decode what comes out of this, lest memory and disk differ.
 */
export function maskHidden(json: string): string {
  let masked = '';
  let kept = 0;
  let at = 0;
  for (let found = nextMatch(HIDING, json, at); found; found = nextMatch(HIDING, json, at)) {
    const open = json.lastIndexOf('"', found.index);
    at = endOfText(json, open + 1) + 1;
    const text: string = JSON.parse(json.slice(open, at));
    const isName = nextMatch(COLON, json, at) !== null;
    if (isName && !NAME.test(text)) continue;
    const plain = isName ? text : maskText(text, nextMatch(KEY, json, open) !== null);
    if (plain === text && !isName) continue;
    masked += json.slice(kept, open) + JSON.stringify(plain);
    kept = at;
  }
  return kept === 0 ? json : masked + json.slice(kept);
}

function maskText(text: string, isKey: boolean): string {
  if (DOCUMENT.test(text)) return maskAddresses(maskDocument(text));
  return isKey ? maskAddresses(text) : maskProse(text);
}

function maskDocument(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return maskLoosely(text);
  }
  return maskSecrets(text);
}
