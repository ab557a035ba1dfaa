/**
 * Takes the words of a conversation out of what an agent sent, by naming what stays: of each kind of upload the fields that
 * are read, each with the form of its value. Whatever else there is, key or value, is not taken along.
 */
import { snakeCase } from '../webhook/read.ts';
import { impossibleAmount, isJson, isOurTime, LARGEST_AMOUNT as LIMIT } from './read.ts';

/** The value as it may be kept; undefined where it may not. */
export type Shape = (value: unknown) => unknown;

const matching =
  (pattern: RegExp): Shape =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : undefined;
export const oneOf =
  (...words: string[]): Shape =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? value : undefined;

/** Of LiveKit, of OpenTelemetry, of a model or a tool: no language but its own is written in these letters. */
export const name = matching(/^[\w.:/@+=|~-]{1,128}$/);
/** The user's own name of a room or an agent. */
export const label = matching(/^[^\r\n]{1,256}$/);
export const flag: Shape = (value) =>
  typeof value === 'boolean' || value === 'true' || value === 'false' ? value : undefined;

const NUMBER = /^-?\d{1,20}(\.\d{1,20})?(e-?\d{1,3})?$/i;
const numeric = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : impossibleAmount(value);
};
export const amount: Shape = (value) => {
  const number = numeric(value);
  return number === undefined || Math.abs(number) <= LIMIT ? number : Math.sign(number) * LIMIT;
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/;
/** Seconds since 1970: an instant that nobody believes. */
const IMPOSSIBLE = 1;

/** In seconds, ms, µs or ns, or as text; what is no time of ours is kept as an impossible one, to be counted. */
export const instant: Shape = (value) => {
  if (typeof value === 'string' && TIME.test(value)) return isOurTime(Date.parse(value)) ? value : IMPOSSIBLE;
  const number = numeric(value);
  if (number === undefined) return undefined;
  return [1e3, 1, 1e-3, 1e-6].some((unit) => isOurTime(number * unit)) ? value : IMPOSSIBLE;
};
export const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) ? value.map(shape).filter((one) => one !== undefined) : undefined;

/** @param fields in camelCase: in snake_case they are found as well, and stay as they are written */
export function object(fields: Record<string, Shape>): Shape {
  const all = Object.entries(fields).flatMap(([key, shape]) =>
    [...new Set([key, snakeCase(key)])].map((key) => ({ key, shape })),
  );
  return (value) => {
    if (!isJson(value)) return undefined;
    const kept: Record<string, unknown> = {};
    for (const { key, shape } of all) {
      const left = Object.hasOwn(value, key) ? shape(value[key]) : undefined;
      if (left !== undefined) kept[key] = left;
    }
    return kept;
  };
}
