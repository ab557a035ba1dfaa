/** The shapes of what a summary says: a value, the limits between which the truth lies, and the calls that it rests on. */
import { z } from 'zod';
import type { Distribution } from '../metrics/distribution.ts';
import { numberSchema } from '../metrics/metric.ts';
import { round, roundBound, type Unit } from '../metrics/round.ts';
import { type Basis, REASONS, type Reason, type Trust } from './basis.ts';

/** Of sums, means, counts and peaks. */
export interface Figure extends Told<number>, Trust {}

interface Told<Value> {
  /** null: no call tells it. */
  value: Value | null;
  /** The truth is no less, as far as the calls' own bounds tell; null: no limit known. The value where nothing was lost. */
  low: number | null;
  /** The truth is no more; null: no limit known. */
  high: number | null;
}

/** Of shares: calls of which something is so, among the n of which it may be. */
export interface Rate extends Figure {
  /** Wilson's 95 % confidence interval of the value: what so few calls tell of the rate behind them. */
  interval: [low: number, high: number] | null;
}

/** Samples of many calls, pooled: percentiles are never averaged. Seconds. */
export interface PooledDistribution extends Distribution {
  method: 'exact' | 'sketch';
  /** Percentiles are off by at most this share of themselves; count, min, mean and max are exact. */
  relativeError: number;
  /** Under 30 samples. */
  small: boolean;
  /** Percentiles beyond which not one sample is to be expected: p90 of under 10 samples, p95 of under 20, p99 of under 100. */
  thin: ('p90' | 'p95' | 'p99')[];
  /** 95 % confidence interval of p50, as if samples were independent; null: under 6 samples. */
  medianInterval: [low: number, high: number] | null;
}
export type DistributionBounds = Record<keyof Distribution, number | null>;

/** n counts calls, `value.count` samples. */
export interface DistributionFigure extends Trust {
  value: PooledDistribution | null;
  low: DistributionBounds;
  high: DistributionBounds;
}

/** Among what a summary holds. One without a sample has no value: its limits, which are per leaf, tell it apart. */
export const isDistributionFigure = (node: unknown): node is DistributionFigure =>
  hasTrust(node) && typeof node.low === 'object' && node.low !== null;
export const isFigure = (node: unknown): node is Figure => hasTrust(node) && !isDistributionFigure(node);
const hasTrust = (node: unknown): node is Figure | DistributionFigure =>
  typeof node === 'object' && node !== null && 'value' in node && 'n' in node;

/** @param low, high may be infinite; null where there is no value to bound */
export function figure(
  basis: Basis,
  unit: Exclude<Unit, 'instant'>,
  value: number | null,
  [low, high]: readonly [number | null, number | null],
): Figure {
  return {
    value: value === null ? null : round(value, unit),
    low: shownBound(low, value, unit, 'low'),
    high: shownBound(high, value, unit, 'high'),
    ...basis.trust,
  };
}

/** Rounded outwards; where the value is exact, both limits are what is shown of it. */
export function shownBound(
  bound: number | null,
  value: number | null,
  unit: Exclude<Unit, 'instant'>,
  side: 'low' | 'high',
): number | null {
  return bound === null ? null : bound === value ? round(bound, unit) : roundBound(bound, unit, side);
}

const count = numberSchema('n');
const limit = z.number().nullable();
export const trustShape = {
  n: count.describe('calls it rests on'),
  complete: numberSchema('share').nullable().describe('share of these with a completeness of 1; null: there are none'),
  leftOut: z
    .partialRecord(z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]), count)
    .describe('calls it does not rest on, by why; with n they are all calls of the group'),
};
const boundsShape = {
  low: limit.describe('the truth is no less, by the bounds of the calls themselves; null: no limit known'),
  high: limit.describe('the truth is no more; null: no limit known'),
};

export const figureSchema: z.ZodType<Figure> = z.object({
  value: z.number().nullable().describe('null: no call tells it'),
  ...boundsShape,
  ...trustShape,
});

const interval = z.tuple([z.number(), z.number()]).nullable();
export const rateSchema: z.ZodType<Rate> = z.object({
  value: numberSchema('share').nullable().describe('null: no call counts'),
  ...boundsShape,
  ...trustShape,
  interval: interval.describe('Wilson’s 95 % confidence interval of the value; null: no call counts'),
});

const leavesShape = {
  count: limit,
  min: limit,
  mean: limit,
  p50: limit,
  p90: limit,
  p95: limit,
  p99: limit,
  max: limit,
} satisfies Record<keyof Distribution, z.ZodType>;
const seconds = numberSchema('s');
export const distributionFigureSchema: z.ZodType<DistributionFigure> = z.object({
  value: z
    .object({
      count: count.describe('samples'),
      min: seconds,
      mean: numberSchema('mean'),
      p50: seconds,
      p90: seconds,
      p95: seconds,
      p99: seconds,
      max: seconds,
      method: z.enum(['exact', 'sketch']),
      relativeError: z.number().describe('percentiles are off by at most this share of themselves; all else is exact'),
      small: z.boolean().describe('under 30 samples'),
      thin: z
        .array(z.enum(['p90', 'p95', 'p99']))
        .describe('percentiles beyond which not one sample is to be expected'),
      medianInterval: interval.describe('95 % confidence interval of p50; null: under 6 samples'),
    })
    .nullable()
    .describe('null: no sample'),
  low: z.object(leavesShape).describe('the truth is no less; null: no limit known'),
  high: z.object(leavesShape).describe('the truth is no more; null: no limit known'),
  ...trustShape,
});
