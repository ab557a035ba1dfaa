/**
 * Whether a value grows from call to call: the slope of a straight line by least squares. It is a sum of the values, each with a
 * weight, so that its limits follow from those of the values.
 */
import { z } from 'zod';
import { round, roundBound } from '../../metrics/round.ts';
import { Basis, type Reason } from '../basis.ts';
import { type Figure, trustShape } from '../figure.ts';
import { limitsOf, type Range } from '../range.ts';
import { student } from './student.ts';

/** By how much it grows a call. */
export interface Trend extends Figure {
  /** 95 % confidence interval, as if calls strayed from the line each by itself; null: under 5 calls. */
  interval: [low: number, high: number] | null;
  /** Chance alone, or what was lost, may have made it; null: under 5 calls, of which nothing can be said. */
  noise: boolean | null;
}

const interval = z.tuple([z.number(), z.number()]).nullable();
export const trendSchema: z.ZodType<Trend> = z.object({
  value: z.number().nullable().describe('null: under two calls'),
  low: z.number().nullable().describe('the truth is no less, by the bounds of the calls; null: no limit known'),
  high: z.number().nullable().describe('the truth is no more; null: no limit known'),
  ...trustShape,
  interval: interval.describe('95 % confidence interval; null: under 5 calls'),
  noise: z.boolean().nullable().describe('chance alone, or what was lost, may have made it; null: under 5 calls'),
});

/** Under so many a straight line fits by chance. */
const FEWEST = 5;
/** Of a slope: six decimals, since a year has many calls. */
const UNIT = 'money';

export interface Point {
  value: number;
  range: Range | undefined;
  complete: boolean;
}

/** @param points in the order of the calls; a reason for those that have no value */
export function trendOf(points: readonly (Point | Reason)[]): Trend {
  const basis = new Basis();
  const told: Point[] = [];
  for (const point of points) {
    if (typeof point === 'string') {
      basis.leaveOut(point);
      continue;
    }
    basis.add(point.complete);
    told.push(point);
  }
  const { trust } = basis;
  if (told.length < 2) return { value: null, low: null, high: null, ...trust, interval: null, noise: null };
  const { slope, error } = lineThrough(told.map(({ value }) => value));
  const [low, high] = slopeLimits(told);
  const half = told.length < FEWEST ? null : student(told.length - 2) * error;
  return {
    value: round(slope, UNIT),
    low: roundBound(low, UNIT, 'low'),
    high: roundBound(high, UNIT, 'high'),
    ...trust,
    interval: half === null ? null : [roundBound(slope - half, UNIT, 'low')!, roundBound(slope + half, UNIT, 'high')!],
    noise: half === null ? null : Math.min(low, slope - half) <= 0 && Math.max(high, slope + half) >= 0,
  };
}

/** By x = 0, 1, 2, …: the slope, and its standard error where there are more than two. */
function lineThrough(values: readonly number[]): { slope: number; error: number } {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const spread = spreadOf(n);
  const slope = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0) / spread;
  const left = values.reduce((sum, value, x) => sum + (value - mean - slope * (x - middle)) ** 2, 0);
  return { slope, error: n > 2 ? Math.sqrt(left / (n - 2) / spread) : 0 };
}

/** Sum of the squares of x less its mean. */
const spreadOf = (n: number) => (n * (n * n - 1)) / 12;

/** A value after the middle pulls the slope up, one before it down. */
function slopeLimits(points: readonly Point[]): [low: number, high: number] {
  const middle = (points.length - 1) / 2;
  const spread = spreadOf(points.length);
  let low = 0;
  let high = 0;
  for (const [x, { value, range }] of points.entries()) {
    const [least, most] = limitsOf(value, range);
    const weight = (x - middle) / spread;
    if (weight === 0) continue; // of which infinity would make no number
    low += weight * (weight > 0 ? least : most);
    high += weight * (weight > 0 ? most : least);
  }
  return [low, high];
}
