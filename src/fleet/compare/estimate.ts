/** A figure as an estimate of what is behind these calls: its value, and between which limits chance leaves that. */
import { wilson } from '../confidence.ts';
import type { Pool } from '../pool.ts';
import { chanceBeyond } from './chance.ts';
import type { Clusters } from './clusters.ts';
import type { Hits } from './fisher.ts';
import { orderRank } from './orderRank.ts';
import type { Ratio } from './ratio.ts';
import { studentT } from './studentT.ts';

export interface Estimate {
  value: number;
  /** How many independent calls or samples would tell as much. */
  size: number;
  /** At so many standard deviations of the normal distribution: 1.96 is 95 %. May be infinite. */
  limits(z: number): readonly [low: number, high: number];
  /** By so much the value itself may be off, since samples were put into bins. */
  blur?: number;
  /** Where it is a rate of calls. */
  rate?: Hits;
  /** Where it is a mean: of the value. */
  spread?: { variance: number; freedom: number };
}

/** Wilson's interval. */
export function rateEstimate(hits: number, of: number): Estimate | null {
  if (of === 0) return null;
  return { value: hits / of, size: of, rate: { hits, of }, limits: (z) => wilson(hits, of, z)! };
}

/** Student's interval. */
export function meanEstimate(ratio: Ratio, others = 0): Estimate | null {
  const found = ratio.spread(others);
  if (found === null) return null;
  const { value, variance, freedom } = found;
  return {
    value,
    size: freedom + 1,
    spread: { variance, freedom },
    limits(z) {
      const half = studentT(z, freedom) * Math.sqrt(variance);
      return [value - half, value + half];
    },
  };
}

/**
 * A rate of things of which calls have several: Wilson's interval of as many as tell as much if they were strangers (Korn and
 * Graubard 1998). Where none or all are hits, how much calls differ cannot be seen: then each call counts once.
 */
export function clusteredRateEstimate(ratio: Ratio): Estimate | null {
  const found = ratio.spread();
  if (found === null) return null;
  const { value, variance, freedom } = found;
  const { whole, calls } = ratio;
  const size = variance > 0 ? Math.min(whole, (value * (1 - value)) / variance) : Math.min(whole, calls);
  return {
    value,
    size,
    limits(z) {
      const of = size * forFewCalls(z, freedom);
      return wilson(value * of, of, z)!;
    },
  };
}

/**
 * By order statistics: of the samples in order two, between which the percentile lies, whatever their distribution (Woodruff
 * 1952; for samples that come several to a call with as many as tell as much, as Korn and Graubard). The low limit may be 0
 * and the high one infinite: of few samples none is certainly beyond.
 * @param clusters of this side, and of the one that it is compared with, where calls have several samples
 */
export function percentileEstimate(
  pool: Pool,
  share: number,
  [clusters, others]: readonly [own?: Clusters, others?: Clusters] = [],
): Estimate | null {
  const { count } = pool;
  if (count === 0 || (clusters !== undefined && clusters.calls < 2)) return null;
  const value = pool.quantile(share);
  const { relativeError } = pool;
  const clustered = clusters !== undefined && clusters.calls < clusters.samples;
  const size = clustered ? count / effectOf(clusters, others, value) : count;
  return {
    value,
    size,
    ...(relativeError > 0 && { blur: value * relativeError }),
    limits(z) {
      const told = clustered ? size * forFewCalls(z, clusters.calls - 1) : size;
      const tail = chanceBeyond(z) / 2;
      const below = orderRank(told, share, tail);
      const above = orderRank(told, 1 - share, tail);
      const low = below < 1 ? 0 : pool.at(Math.floor((below * count) / told) - 1);
      const high = above < 1 ? Number.POSITIVE_INFINITY : pool.at(count - Math.floor((above * count) / told));
      return [Math.min(low, value), Math.max(high, value)];
    },
  };
}

/** How far few calls are from each other, the many of the other side tell better. */
function effectOf(own: Clusters, others: Clusters | undefined, value: number): number {
  const effect = own.effectAt(value);
  return others ? Math.max(effect, own.with(others).effectAt(value)) : effect;
}

/** How much calls differ is itself known but roughly from few of them. */
const forFewCalls = (z: number, freedom: number): number => (z === 0 ? 1 : (z / studentT(z, freedom)) ** 2);
