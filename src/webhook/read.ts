/**
 * Readers of single fields, tolerant of every spelling in webhooks.md section 2: lowerCamelCase or snake_case keys;
 * int64 as string, number or `{"$numberLong": "…"}`; null, "" and "0" where protobuf's default was written out.
 */
import type { Clock, Misunderstood } from './event.ts';
import { maskLoosely } from './looseSecrets.ts';

export type Json = Record<string, unknown>;

/** Longest id, identity or name that is taken for one; LiveKit's own are under 100. */
const LONGEST_TEXT = 1024;
/** A clock outside of this is broken, not early: LiveKit began in 2021. */
const EARLIEST = Date.UTC(2015, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
export const isPlausible = (ms: number): boolean => ms >= EARLIEST && ms < LATEST;

/** Thrown by the strict readers; `decode` turns it into a Misunderstood. */
export class NotUnderstood extends Error {
  readonly reason: Omit<Misunderstood, 'roomSid'>;
  constructor(field: string, found: unknown, expected: string) {
    super(field);
    this.reason = { field, found: describe(found), expected };
  }
}

/** What stood there, short enough for a message, safe for a terminal, and no secret. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `the ${typeof value} ${String(value)}`;
  const text = maskLoosely(value.slice(0, 60).toWellFormed());
  return `the text ${JSON.stringify(value.length > 60 ? `${text}… (${value.length} characters)` : text)}`;
}

/** `roomName` -> `room_name` */
export const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const snakeKeys = new Map<string, string>();

/** `object[key]` under its camelCase or its snake_case name. */
export function field(object: Json, key: string): unknown {
  const value = object[key];
  if (value !== undefined) return value;
  let snake = snakeKeys.get(key);
  if (snake === undefined) {
    snake = snakeCase(key);
    snakeKeys.set(key, snake);
  }
  return snake === key ? undefined : object[snake];
}

/** A message field: undefined where absent, null or empty-handed; anything but an object is an error. */
export function message(object: Json, key: string, path = key): Json | undefined {
  const value = field(object, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new NotUnderstood(path, value, 'an object');
  return value as Json;
}

/** The message fields of a list; whatever else stands in it is passed over. */
export function messages(object: Json, key: string): Json[] {
  const value = field(object, key);
  if (!Array.isArray(value)) return [];
  return value.filter((x): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x));
}

/** A text that decides where an event belongs: absent, null and "" are undefined, another type or an absurd length an error. */
export function id(object: Json, key: string, path: string): string | undefined {
  const value = field(object, key);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new NotUnderstood(path, value, 'a text');
  if (value.length > LONGEST_TEXT) throw new NotUnderstood(path, value, `a text of at most ${LONGEST_TEXT} characters`);
  return value.isWellFormed() ? value : value.toWellFormed();
}

/** A text that only informs: whatever is no text is as good as absent, and a long one is cut. */
export function text(object: Json, key: string): string | undefined {
  const value = field(object, key);
  if (typeof value !== 'string' || value === '') return undefined;
  const short = value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
  return short.isWellFormed() ? short : short.toWellFormed();
}

export function flag(object: Json | undefined, key: string): boolean {
  return object !== undefined && field(object, key) === true;
}

const INTEGER = /^[+-]?\d+$/;

/** A number in any of int64's spellings; undefined where absent or zero, NaN where it is no number. */
export function int64(object: Json, key: string): number | undefined {
  let value = field(object, key);
  if (typeof value === 'object' && value !== null) {
    const wrapped = value as Json;
    if (typeof wrapped.$numberDouble === 'string')
      value = Number(wrapped.$numberDouble); // alone has fractions, exponents
    else value = wrapped.$numberLong ?? wrapped.$numberInt ?? value;
  }
  if (value === undefined || value === null || value === '') return undefined;
  const number =
    typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && INTEGER.test(value))
      ? Number(value)
      : Number.NaN;
  return number === 0 ? undefined : number;
}

/** An instant in whichever unit it was written: seconds, ms, µs or ns, told apart by size (webhooks.md section 2). */
export function clock(object: Json, key: string): Clock | 'unreadable' | undefined {
  const value = int64(object, key);
  if (value === undefined) return undefined;
  let ms: number;
  let grain: Clock['grain'] = 1;
  if (value < 1e11) {
    ms = Math.round(value * 1000);
    if (Number.isInteger(value)) grain = 1000;
  } else if (value < 1e14) ms = Math.round(value);
  else if (value < 1e17) ms = Math.round(value / 1e3);
  else ms = Math.round(value / 1e6);
  return isPlausible(ms) ? { ms, grain } : 'unreadable';
}

/** An optional instant that cannot be read is as good as absent. */
export function readable(read: Clock | 'unreadable' | undefined): Clock | undefined {
  return read === 'unreadable' ? undefined : read;
}
