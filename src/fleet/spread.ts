/**
 * A distribution of samples of many calls: pooled, with limits. If each sample lies in a range, then each percentile lies
 * between that of the low ends and that of the high ends.
 */
import type { Distribution } from '../metrics/distribution.ts';
import { round, roundBound } from '../metrics/round.ts';
import { Basis } from './basis.ts';
import { medianRanks } from './confidence.ts';
import type { DistributionBounds, DistributionFigure, PooledDistribution } from './figure.ts';
import { MeanBounds } from './meanBounds.ts';
import { Pool } from './pool.ts';
import { limitsOf, type Range } from './range.ts';

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
/** Fewer samples than one is to be expected beyond it. */
const NEEDED = { p90: 10, p95: 20, p99: 100 } as const;
export const SMALL = 30;
const MICRO = 1e6;

/** Samples that lie in a range: as they are told, and the ends of those that certainly are. */
interface Moved {
  told: Pool;
  lows: Pool;
  highs: Pool;
}

export class Spread {
  readonly basis = new Basis();
  readonly #exactUpTo: number;
  /** Samples that are what they are. */
  readonly #sure: Pool;
  #moved: Moved | null = null;
  readonly #bounds = new MeanBounds(MICRO);
  /** Calls that may have any number of samples, of any length. */
  #withoutLimit = 0;

  constructor(exactUpTo: number) {
    this.#exactUpTo = exactUpTo;
    this.#sure = new Pool(exactUpTo);
  }

  /** @param sure false where a lost event could show that there is no such sample */
  add(value: number, range?: Range, sure = true): void {
    if (range === undefined && sure) this.#sure.add(value);
    else if (sure) this.#addMoved(value, limitsOf(value, range));
    else {
      this.#move().told.add(value);
      this.addMaybe(range ?? [value, value]);
    }
  }

  #addMoved(value: number, [low, high]: readonly [number, number]): void {
    const { told, lows, highs } = this.#move();
    told.add(value);
    lows.add(low);
    highs.add(high);
    this.#bounds.add(low, high);
  }

  /** A sample that is not told and may be. */
  addMaybe(range: Range): void {
    this.#bounds.addMaybe(...limitsOf(0, range));
  }

  addWithoutLimit(): void {
    this.#withoutLimit++;
  }

  #move(): Moved {
    const pool = () => new Pool(this.#exactUpTo);
    this.#moved ??= { told: pool(), lows: pool(), highs: pool() };
    return this.#moved;
  }

  merge(other: Spread): void {
    this.basis.merge(other.basis);
    this.#sure.merge(other.#sure);
    this.#bounds.merge(other.#bounds);
    this.#withoutLimit += other.#withoutLimit;
    if (other.#moved === null) return;
    const { told, lows, highs } = this.#move();
    told.merge(other.#moved.told);
    lows.merge(other.#moved.lows);
    highs.merge(other.#moved.highs);
  }

  shown(): DistributionFigure {
    const sure = this.#sure;
    const moved = this.#moved;
    const told = moved ? sure.with(moved.told) : sure;
    const lows = moved ? sure.with(moved.lows) : sure;
    const highs = moved ? sure.with(moved.highs) : sure;
    const [low, high] = this.#limits(lows, highs, Math.max(told.relativeError, lows.relativeError));
    const value = told.count === 0 ? null : shownPool(told);
    // exact: what is shown of it is all there is, rounded once
    const exact = value !== null && moved === null && this.#bounds.maybe + this.#withoutLimit === 0;
    const sides = exact ? { low: exactly(value, low), high: exactly(value, high) } : { low, high };
    return { value, ...sides, ...this.basis.trust };
  }

  /**
   * Of samples that may be none, k in number: none moves a percentile further down than where it lies below all others,
   * and none further up than where it lies above.
   */
  #limits(lows: Pool, highs: Pool, error: number): [DistributionBounds, DistributionBounds] {
    const { maybe, leastMaybe, greatestMaybe } = this.#bounds;
    const { count } = lows;
    if (this.#withoutLimit > 0) return [{ ...UNKNOWN, count }, UNKNOWN];
    if (count + maybe === 0)
      return [
        { ...UNKNOWN, count },
        { ...UNKNOWN, count },
      ];
    const least = Math.min(lows.min, leastMaybe);
    const greatest = Math.max(highs.max, greatestMaybe);
    const mean = this.#bounds.limits({ count: this.#sure.count, sum: this.#sure.sum });
    const percentile = (share: number): [number, number] => {
      const rank = (count + maybe - 1) * share;
      return [
        rank - maybe < 0 ? least : lows.at(rank - maybe) * (1 - error),
        rank > count - 1 ? greatest : highs.at(rank) * (1 + error),
      ];
    };
    const ranges: Record<Exclude<keyof Distribution, 'count'>, readonly [number, number]> = {
      min: [least, count > 0 ? highs.min : greatest],
      mean: mean!,
      p50: percentile(PERCENTILES.p50),
      p90: percentile(PERCENTILES.p90),
      p95: percentile(PERCENTILES.p95),
      p99: percentile(PERCENTILES.p99),
      max: [count > 0 ? lows.max : least, greatest],
    };
    const side = (at: 0 | 1, side: 'low' | 'high', count: number): DistributionBounds => ({
      count,
      min: roundBound(ranges.min[at], 's', side),
      mean: roundBound(ranges.mean[at], 'mean', side),
      p50: roundBound(ranges.p50[at], 's', side),
      p90: roundBound(ranges.p90[at], 's', side),
      p95: roundBound(ranges.p95[at], 's', side),
      p99: roundBound(ranges.p99[at], 's', side),
      max: roundBound(ranges.max[at], 's', side),
    });
    return [side(0, 'low', count), side(1, 'high', count + maybe)];
  }
}

/** Percentiles of a sketch keep their limits. */
function exactly(value: PooledDistribution, limits: DistributionBounds): DistributionBounds {
  const { count, min, mean, p50, p90, p95, p99, max, method } = value;
  return method === 'exact' ? { count, min, mean, p50, p90, p95, p99, max } : { ...limits, count, min, mean, max };
}

const UNKNOWN: DistributionBounds = {
  count: null,
  min: null,
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  max: null,
};

function shownPool(pool: Pool): PooledDistribution {
  const { count, min, mean, max, relativeError } = pool;
  const ranks = medianRanks(count);
  return {
    count,
    min: round(min, 's'),
    mean: round(mean, 'mean'),
    p50: round(pool.quantile(PERCENTILES.p50), 's'),
    p90: round(pool.quantile(PERCENTILES.p90), 's'),
    p95: round(pool.quantile(PERCENTILES.p95), 's'),
    p99: round(pool.quantile(PERCENTILES.p99), 's'),
    max: round(max, 's'),
    method: relativeError > 0 ? 'sketch' : 'exact',
    relativeError,
    small: count < SMALL,
    thin: (['p90', 'p95', 'p99'] as const).filter((percentile) => count < NEEDED[percentile]),
    medianInterval: ranks && [roundBound(pool.at(ranks[0]), 's', 'low')!, roundBound(pool.at(ranks[1]), 's', 'high')!],
  };
}
