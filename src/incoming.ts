/** What people hand in as an event that is neither text nor bytes: written as JSON, or told what it is and what to do. */
import { inspect, types } from 'node:util';
import { maskLoosely } from './webhook/looseSecrets.ts';

/** What an object may hold, in characters; a list of a thousand million holes, or one held a million times, must not hang. */
const MOST = 32 * 1024 * 1024;
/** What a value that is no text counts for: a million of them are enough. */
const A_VALUE = 32;
const LONGEST_PROBLEM = 200;
const LONGEST_SKETCH = 64 * 1024;

/** Bytes, in whichever of JavaScript's ways of holding them. Those that another thread may change are copied. */
export function bytesOf(incoming: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(incoming)) {
    const { buffer, byteOffset, byteLength } = incoming;
    if (types.isSharedArrayBuffer(buffer)) return new Uint8Array(buffer, byteOffset, byteLength).slice();
    return incoming instanceof Uint8Array ? incoming : new Uint8Array(buffer, byteOffset, byteLength);
  }
  if (types.isSharedArrayBuffer(incoming)) return new Uint8Array(incoming).slice();
  return types.isArrayBuffer(incoming) ? new Uint8Array(incoming) : null;
}

/**
 * An object as JSON; undefined where JSON has nothing for it. SDK objects hold 64-bit integers as BigInt. Throws what a
 * getter or a toJSON throws.
 */
export function jsonOf(incoming: unknown): string | undefined {
  let left = MOST;
  const written = (_key: string, value: unknown) => {
    left -= typeof value === 'string' ? value.length : A_VALUE;
    if (left < 0) throw new Error('it holds too much');
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object') return value;
    return value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
  };
  try {
    return JSON.stringify(incoming, written);
  } catch (error) {
    // nested too deep for a function to be called at each level: V8 writes it all the same without
    if (error instanceof RangeError) return JSON.stringify(incoming);
    throw error;
  }
}

/** An object whose content is its JSON; of one of a class, JSON need not tell anything. */
export function isPlain(incoming: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(incoming);
  return prototype === null || prototype === Object.prototype || Array.isArray(incoming) || incoming instanceof Map;
}

/** For people: what it is, and what to hand in instead. Never throws, whatever traps it has. */
export function describeIncoming(incoming: unknown): { found: string; expected: string } {
  try {
    if (typeof incoming !== 'object' || incoming === null)
      return {
        found: incoming === undefined ? 'nothing' : `a ${typeof incoming}`,
        expected: typeof incoming === 'function' ? 'what it returns: call it first' : WEBHOOK,
      };
    const { name } = incoming.constructor;
    const found = /^(?!Object$)[\w$]{1,60}$/.test(name) ? `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}` : 'an object';
    return { found, expected: remedy(incoming as Partial<Body>) };
  } catch {
    return { found: types.isProxy(incoming) ? 'a Proxy' : 'an object', expected: WEBHOOK };
  }
}

const WEBHOOK = 'a webhook: a plain object, its JSON text or its bytes';
interface Body {
  then: unknown;
  text: unknown;
  pipe: unknown;
  getReader: unknown;
}

function remedy(object: Partial<Body>): string {
  if (typeof object.then === 'function') return 'what it resolves to: await it first';
  if (typeof object.text === 'function') return 'its body: hand in what its text() resolves to';
  if (typeof object.pipe === 'function' || typeof object.getReader === 'function')
    return 'its body: read it to the end, and hand in the text or the bytes';
  return WEBHOOK;
}

/** What can be kept of something that could not be read: text and bytes as they are. Calls no getter and no trap. */
export function sketchOf(incoming: unknown): string | Uint8Array {
  if (typeof incoming === 'string') return incoming;
  try {
    return bytesOf(incoming) ?? sketch(incoming);
  } catch {
    return sketch(incoming); // memory that was given away
  }
}

function sketch(incoming: unknown): string {
  try {
    const told = inspect(incoming, { depth: 6, maxStringLength: 10_000, customInspect: false });
    return told.slice(0, LONGEST_SKETCH);
  } catch {
    return `[${typeof incoming}]`;
  }
}

/** What was thrown while it was written, which may be anything and quote anything. */
export function problemOf(thrown: unknown): string {
  let message = 'its error cannot be read either';
  try {
    message = thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {} // an error with traps of its own
  return maskLoosely(message.split('\n', 1)[0]!.slice(0, LONGEST_PROBLEM).toWellFormed());
}
