/**
 * What a golden file may ask of a value, as /test/cases and /fixtures write it:
 * a plain value (numbers to 0.0006), {in: [low, high]}, {null: true}, {absent: true}, {not: v}, {match: 'regexp'} (no case),
 * {contains: x} (x within the range [low, high], null = no limit; or, for a list of words, a word of it).
 * Paths: `a.b[0].c`, `list[identity=ana].x`, `bounds["a.b"]`, `.length`.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** By roomSid, metric path -> form; keys that begin with `$` speak of the whole file. */
export interface GoldenFile {
  now: string | undefined;
  quarantined: number | undefined;
  rooms: Map<string, Map<string, Json>>;
}

export const TOLERANCE = 0.0006;

type Step = { key: string } | { index: number } | { where: string; is: string };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const FORMS = ['in', 'null', 'absent', 'not', 'match', 'contains'] as const;
type Form = (typeof FORMS)[number];

export function readGoldenFile(text: string): GoldenFile {
  const golden: GoldenFile = { now: undefined, quarantined: undefined, rooms: new Map() };
  for (const [key, value] of Object.entries(JSON.parse(text) as Record<string, Json>)) {
    if (key === '$now') golden.now = String(value);
    else if (key === '$replay') golden.quarantined = Number((value as { quarantined?: Json }).quarantined);
    else if (!key.startsWith('$')) golden.rooms.set(key, new Map(Object.entries(value as Record<string, Json>)));
  }
  return golden;
}

/** The steps of a path; throws where the path cannot be read, so that a misspelt expectation is no silent pass. */
export function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  const token = /([^.[\]"=]+)|\[(\d+)\]|\["([^"]*)"\]|\[([^=\]"]+)=([^\]]*)\]|(\.)/y;
  while (token.lastIndex < path.length) {
    const at = token.lastIndex;
    const found = token.exec(path);
    if (!found) throw new Error(`cannot read the path "${path}" from "${path.slice(at)}" on`);
    const [, name, index, quoted, where, is] = found;
    if (name !== undefined) steps.push({ key: name });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (quoted !== undefined) steps.push({ key: quoted });
    else if (where !== undefined) steps.push({ where, is: is ?? '' });
  }
  if (steps.length === 0) throw new Error('an empty path');
  return steps;
}

/** The value at a path, undefined where there is none. */
export function resolve(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const step of parsePath(path)) {
    if (value === null || value === undefined) return undefined;
    if ('index' in step) value = Array.isArray(value) ? value[step.index] : undefined;
    else if ('where' in step) {
      value = Array.isArray(value) ? value.find((item) => String(ownValue(item, step.where)) === step.is) : undefined;
    } else if (step.key === 'length' && (Array.isArray(value) || typeof value === 'string')) value = value.length;
    else value = ownValue(value, step.key);
  }
  return value;
}

/** null when the value at the path is as the form asks, else a sentence that says what is wrong. */
export function mismatch(root: unknown, path: string, expected: Json): string | null {
  const actual = resolve(root, path);
  const complaint = complain(actual, expected);
  return complaint === null ? null : `${path}: ${complaint}${actual === undefined ? whereItEnds(root, path) : ''}`;
}

function complain(actual: unknown, expected: Json): string | null {
  const form = formOf(expected);
  const found = `found ${show(actual)}`;
  if (!form) return same(actual, expected) ? null : `expected ${show(expected)}, ${found}`;
  const [name, argument] = form;
  switch (name) {
    case 'null':
      return (actual === null) === Boolean(argument)
        ? null
        : `expected ${argument ? '' : 'anything but '}null, ${found}`;
    case 'absent':
      return (actual === undefined) === Boolean(argument)
        ? null
        : `expected ${argument ? 'nothing there' : 'something there'}, ${found}`;
    case 'not':
      if (actual === undefined) return `expected a value other than ${show(argument)}, ${found}`;
      return same(actual, argument) ? `expected anything but ${show(argument)}, ${found}` : null;
    case 'match':
      return typeof actual === 'string' && new RegExp(String(argument), 'i').test(actual)
        ? null
        : `expected text that matches /${argument}/i, ${found}`;
    case 'in': {
      const [low, high] = rangeOf(argument) ?? [];
      if (low === undefined || high === undefined) throw new Error(`{"in": ${show(argument)}} is no [low, high]`);
      return within(actual, low, high) ? null : `expected a value in ${show(argument)}, ${found}`;
    }
    case 'contains': {
      if (Array.isArray(actual) && typeof argument === 'string' && !INSTANT.test(argument)) {
        return actual.includes(argument) ? null : `expected ${show(argument)} in the list, ${found}`;
      }
      const [low, high] = rangeOf(actual) ?? [];
      if (low === undefined || high === undefined)
        return `expected a range [low, high] around ${show(argument)}, ${found}`;
      return within(argument, low, high) ? null : `expected a range around ${show(argument)}, ${found}`;
    }
  }
}

function formOf(expected: Json): [Form, Json] | null {
  if (expected === null || typeof expected !== 'object' || Array.isArray(expected)) return null;
  const entries = Object.entries(expected);
  const name = FORMS.find((form) => form === entries[0]?.[0]);
  return entries.length === 1 && name ? [name, entries[0]![1]] : null;
}

function rangeOf(value: unknown): [unknown, unknown] | null {
  return Array.isArray(value) && value.length === 2 ? [value[0], value[1]] : null;
}

/** Numbers and instants, each with a little room; a null end is no limit. */
function within(value: unknown, low: unknown, high: unknown): boolean {
  const point = comparable(value);
  const from = low === null ? -Infinity : comparable(low);
  const to = high === null ? Infinity : comparable(high);
  if (point === null || from === null || to === null) return false;
  return point >= from - TOLERANCE && point <= to + TOLERANCE;
}

function comparable(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : null;
}

function same(actual: unknown, expected: Json): boolean {
  if (typeof expected === 'number') return typeof actual === 'number' && Math.abs(actual - expected) <= TOLERANCE;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) && actual.length === expected.length && expected.every((item, i) => same(actual[i], item))
    );
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object' || Array.isArray(actual)) return false;
    const keys = Object.keys(expected);
    return (
      Object.keys(actual).length === keys.length && keys.every((key) => same(ownValue(actual, key), expected[key]!))
    );
  }
  return actual === expected;
}

function ownValue(value: unknown, key: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Where on the way a path ends, with the names that stand there. */
function whereItEnds(root: unknown, path: string): string {
  const names = path.match(/[^.[\]"]+|\["[^"]*"\]|\[[^\]]*\]/g) ?? [];
  let way = '';
  let here: unknown = root;
  for (const name of names) {
    const next = way + (name.startsWith('[') || way === '' ? name : `.${name}`);
    const value = resolve(root, next);
    if (value === undefined) break;
    way = next;
    here = value;
  }
  const there = here !== null && typeof here === 'object' ? `has ${show(Object.keys(here))}` : `is ${show(here)}`;
  return ` (${way || 'the root'} ${there})`;
}
