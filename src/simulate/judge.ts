/** Whether what is said of a call can be trusted as far as it says. */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { valueAt } from './compare.ts';
import { grainOf, type Truth } from './truth/truth.ts';
import { kindOf, TOLERANCES, type Value } from './truth/values.ts';

/** The true value; another one, and it says that it may be another; another one without saying so. */
export type Verdict = 'exact' | 'withinBounds' | 'outside';

type Bounds = CallMetrics['evidence']['bounds'];

/** Whether anybody was connected, and so whether these have a value, is said by the bounds of another one. */
const RESTS_ON: Record<string, string> = { 'recording.coverage': 'connectedDuration' };

/** On the value at one path of the truth, which is to the digits and clocks that it has. */
export function judge(path: string, metrics: CallMetrics, truth: Truth): Verdict {
  const { bounds, completeness, gaps, uncertain } = metrics.evidence;
  const found = valueAt(metrics, path) as Value | undefined;
  const bound = boundOf(path, metrics);
  const digits = TOLERANCES[kindOf(path)];

  const unseen = truth.bounded[path];
  if (unseen !== undefined) return bound !== null && isWithin(bound, unseen, digits) ? 'withinBounds' : 'outside';

  const expected = truth.values[path]!;
  const same = isSame(found, expected, digits + grainOf(path, truth));
  if (found !== undefined && expected !== null && bound !== null) {
    const holds = [found, expected].every((value) => value === null || isWithin(bound, value, digits));
    if (!holds) return 'outside';
    return same ? 'exact' : 'withinBounds';
  }
  if (same) return 'exact';
  if (parents(path).some((one) => uncertain.includes(one))) return 'withinBounds';
  const isUnknown = found === null && gaps.length > 0 && completeness < 1;
  const mayBeNone = expected === null && (bound ?? bounds[RESTS_ON[path] ?? ''] ?? null) !== null;
  return isUnknown || mayBeNone ? 'withinBounds' : 'outside';
}

/** The limits that it states for a value, or for what the value is part of. */
export const boundOf = (path: string, { evidence }: CallMetrics): Bounds[string] | null =>
  parents(path)
    .map((one) => evidence.bounds[one])
    .find((one) => one !== undefined) ?? null;

function isWithin([low, high]: Bounds[string], value: Value, slack: number): boolean {
  const number = numeric(value) as number;
  return Number(numeric(low) ?? -Infinity) - slack <= number && number <= Number(numeric(high) ?? Infinity) + slack;
}

function isSame(found: Value | undefined, expected: Value, allowed: number): boolean {
  if (found === undefined) return false;
  if (found === null || expected === null || typeof expected === 'boolean') return found === expected;
  const [one, other] = [numeric(found), numeric(expected)];
  return typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) <= allowed : one === other;
}

const INSTANT = /^\d{4}-\d\d-\d\dT/;

/** Instants as seconds, all else as it is. */
function numeric(value: Value | undefined): Value | undefined {
  return typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) / 1000 : value;
}

/** The path itself, and what it lies in. */
function parents(path: string): string[] {
  const end = path.lastIndexOf('.');
  return end === -1 ? [path] : [path, ...parents(path.slice(0, end))];
}
