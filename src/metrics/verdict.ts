/** Whether a value that may rest on lost events can be trusted as far as it says, beside the true one. */
import type { CallMetrics, Evidence } from './callMetrics.ts';

/** The true value; another one, and it says that it may be another; another one without saying so. */
export type Verdict = 'exact' | 'withinBounds' | 'outside';

export type Value = number | string | boolean | null;
export type Bounds = Evidence['bounds'][string];

/** A value as it was found and as it truly is, and the limits that were stated for it. */
export interface Compared {
  found: Value | undefined;
  expected: Value;
  bounds: Bounds | null;
  /** What the digits shown leave open. */
  digits: number;
  /** By how much clocks may honestly move it besides. */
  grain: number;
}

/** Whether anybody was connected, and so whether these have a value, is said by the bounds of another one. */
const RESTS_ON: Record<string, string> = { 'recording.coverage': 'connectedDuration' };

export function verdictOn(
  path: string,
  { found, expected, bounds, digits, grain }: Compared,
  { evidence }: Pick<CallMetrics, 'evidence'>,
): Verdict {
  const same = isSame(found, expected, digits + grain);
  if (found !== undefined && expected !== null && bounds !== null) {
    const holds = [found, expected].every((value) => value === null || isWithin(bounds, value, digits));
    if (!holds) return 'outside';
    return same ? 'exact' : 'withinBounds';
  }
  if (same) return 'exact';
  if (isUncertain(path, evidence)) return 'withinBounds';
  const isUnknown = found === null && evidence.gaps.length > 0 && evidence.completeness < 1;
  const mayBeNone = expected === null && (bounds ?? evidence.bounds[RESTS_ON[path] ?? ''] ?? null) !== null;
  return isUnknown || mayBeNone ? 'withinBounds' : 'outside';
}

/** The limits that are stated for a value, or for what the value is part of. */
export function boundOf(path: string, { bounds }: Evidence): Bounds | null {
  return (
    parents(path)
      .map((one) => bounds[one])
      .find((one) => one !== undefined) ?? null
  );
}

/** It, or what it is part of, is a flag or enum that a lost event could turn. */
export function isUncertain(path: string, { uncertain }: Evidence): boolean {
  return uncertain.length > 0 && parents(path).some((one) => uncertain.includes(one));
}

export function isWithin([low, high]: Bounds, value: Value, slack: number): boolean {
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
export const isInstant = (value: unknown): value is string => typeof value === 'string' && INSTANT.test(value);

/** Instants as seconds, all else as it is. */
export function numeric(value: Value | undefined): Value | undefined {
  return isInstant(value) ? Date.parse(value) / 1000 : value;
}

/** The path itself, and what it lies in. */
export function parents(path: string): string[] {
  const end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  return end <= 0 ? [path] : [path, ...parents(path.slice(0, end))];
}
