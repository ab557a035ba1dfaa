/** Readers of what agents send: snake_case of Python, camelCase of older Node.js; int64 as text; times in any unit. */
import { field, type Json } from '../webhook/read.ts';

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; whatever else stands in it is passed over. */
export const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

const LONGEST = 256;

export function word(object: Json, key: string): string | undefined {
  const value = field(object, key);
  return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value.toWellFormed() : undefined;
}

export function flag(object: Json, key: string): boolean | undefined {
  const value = field(object, key);
  return typeof value === 'boolean' ? value : undefined;
}

/** What no duration and no count reaches stands at this limit: it is counted as impossible, and tells nothing else. */
export const LARGEST_AMOUNT = 1e10;

const NO_NUMBERS = new Set<unknown>(['NaN', 'Infinity', '-Infinity', Number.NaN]);

/** What stands for a number that is none, as protobuf and JavaScript write it: so that it is counted. */
export const impossibleAmount = (value: unknown): number | undefined =>
  NO_NUMBERS.has(value) ? LARGEST_AMOUNT : undefined;

/** A number, also one that is written as text. */
export function number(object: Json, key: string): number | undefined {
  const value = field(object, key);
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : impossibleAmount(value);
}

/** Epoch ms, of an instant in seconds, ms, µs or ns, told apart by size, or as RFC 3339 text. */
export function instant(object: Json, key: string): number | undefined {
  const value = field(object, key);
  const written = typeof value === 'string' && /^\d{4}-/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(written)) return written;
  const found = number(object, key);
  if (found === undefined || found <= 0) return undefined;
  const ms = found < 1e11 ? found * 1000 : found < 1e14 ? found : found < 1e17 ? found / 1e3 : found / 1e6;
  return Math.round(ms);
}

const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

/** No clock of an agent tells another time, epoch ms. */
export const isOurTime = (ms: number): boolean => ms >= EARLIEST && ms < LATEST;

/** Takes out what is undefined: two uploads that tell the same are then the same. */
export function told<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}
