/** The statistics of comparisons, against tables and textbooks, and against what they are by definition. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceBeyond, zBeyond } from '../../src/fleet/compare/chance.ts';
import { Clusters } from '../../src/fleet/compare/clusters.ts';
import { chanceOf, differenceOf } from '../../src/fleet/compare/difference.ts';
import {
  clusteredRateEstimate,
  type Estimate,
  meanEstimate,
  percentileEstimate,
  rateEstimate,
} from '../../src/fleet/compare/estimate.ts';
import { fisher } from '../../src/fleet/compare/fisher.ts';
import { holm } from '../../src/fleet/compare/holm.ts';
import { orderRank } from '../../src/fleet/compare/orderRank.ts';
import { Ratio } from '../../src/fleet/compare/ratio.ts';
import { studentT } from '../../src/fleet/compare/studentT.ts';
import { Z } from '../../src/fleet/confidence.ts';
import { Pool } from '../../src/fleet/pool.ts';

const poolOf = (values: Iterable<number>, exactUpTo = 1000) => {
  const pool = new Pool(exactUpTo);
  for (const value of values) pool.add(value);
  return pool;
};
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('distributions, as their tables have them', () => {
  test.each([
    [1.645, 0.1],
    [1.96, 0.05],
    [2.576, 0.01],
    [3.291, 0.001],
  ])('of the normal one %f is exceeded in %f', (z, chance) => {
    expect(chanceBeyond(z)).toBeCloseTo(chance, 4);
    expect(zBeyond(chance)).toBeCloseTo(z, 3);
  });

  test.each([
    [1, 12.706],
    [2, 4.303],
    [5, 2.571],
    [9, 2.262],
    [30, 2.042],
    [120, 1.98],
    [1e6, 1.96],
  ])('Student’s t of %d degrees of freedom is %f at 95 %%', (freedom, t) => {
    expect(studentT(Z, freedom)).toBeCloseTo(t, 3);
  });

  /** Hahn and Meeker, Statistical Intervals: of 100 samples the median lies between the 40th and the 61st. */
  test.each([
    [100, 0.5, 40],
    [20, 0.5, 6],
    [10, 0.5, 2],
    [5, 0.5, 0], // the least of five lies above the median in 3 %
    [71, 0.05, 0],
    [72, 0.05, 1], // 0.95^72 = 2.49 %
    [100, 0.95, 90],
  ])('of %d samples, percentile %f: rank %d from below', (count, share, rank) => {
    expect(Math.floor(orderRank(count, share, 0.025))).toBe(rank);
  });

  test('an order statistic lies beyond the percentile no more often than it says', () => {
    const below = (count: number, share: number, rank: number) => {
      let chance = (1 - share) ** count;
      let sum = 0;
      for (let hits = 0; hits < rank; hits++) {
        sum += chance;
        chance *= ((count - hits) / (hits + 1)) * (share / (1 - share));
      }
      return sum;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.05, 0.01),
        fc.constantFrom(0.025, 0.005, 0.0005),
        (count, share, tail) => {
          const rank = Math.floor(orderRank(count, share, tail));
          expect(below(count, share, rank)).toBeLessThanOrEqual(tail * (1 + 1e-6));
          if (rank < count) expect(below(count, share, rank + 1)).toBeGreaterThan(tail * (1 - 1e-6));
        },
      ),
    );
  });
});

describe('two rates', () => {
  /** Newcombe 1998, Statistics in Medicine 17, table II, method 10. */
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%d / %d less %d / %d', (hits, of, fromHits, fromOf, low, high) => {
    const [least, most] = differenceOf(rateEstimate(fromHits, fromOf)!, rateEstimate(hits, of)!).limits(Z);
    expect(least).toBeCloseTo(low, 4);
    expect(most).toBeCloseTo(high, 4);
  });

  test('Fisher’s tea: three of four cups is nothing, and four of four is', () => {
    expect(fisher({ hits: 3, of: 4 }, { hits: 1, of: 4 })).toBeCloseTo(34 / 70, 9);
    expect(fisher({ hits: 4, of: 4 }, { hits: 0, of: 4 })).toBeCloseTo(2 / 70, 9);
    expect(fisher({ hits: 2, of: 4 }, { hits: 2, of: 4 })).toBe(1);
    expect(fisher({ hits: 0, of: 0 }, { hits: 3, of: 4 })).toBe(1);
  });

  test('what counts is seldom by both', () => {
    const difference = differenceOf(rateEstimate(0, 500)!, rateEstimate(1, 10)!);
    expect(difference.limits(Z)[0]).toBeGreaterThan(0);
    expect(chanceOf(difference)).toBeCloseTo((2 * 10) / 510, 9);
  });
});

describe('two means', () => {
  const mean = (value: number, variance: number, calls: number): Estimate => ({
    value,
    size: calls,
    spread: { variance: variance / calls, freedom: calls - 1 },
    limits: () => [Number.NaN, Number.NaN],
  });

  /** By hand: 0.78 is the variance, 24.94 the degrees of freedom, t 2.0598. */
  test('by Welch', () => {
    const [low, high] = differenceOf(mean(23, 3.8, 15), mean(20.8, 7.9, 15)).limits(Z);
    expect(low).toBeCloseTo(-4.019, 3);
    expect(high).toBeCloseTo(-0.381, 3);
  });

  /** 9 / 10 + 1 / 90; with the spread of both, 1.7347 (1 / 10 + 1 / 90), it would be less. */
  test('the few that are spread more are not taken for the many', () => {
    const [low, high] = differenceOf(mean(0, 1, 90), mean(0, 9, 10)).limits(Z);
    const freedom = (0.9 + 1 / 90) ** 2 / (0.9 ** 2 / 9 + (1 / 90) ** 2 / 89);
    expect(high).toBeCloseTo(studentT(Z, freedom) * Math.sqrt(0.9 + 1 / 90), 6);
    expect(low).toBeCloseTo(-high, 9);
  });

  /** By Welch 1 / 10 + 9 / 90; by the spread of both (9 · 1 + 89 · 9) / 98 (1 / 10 + 1 / 90). */
  test('nor are the few that happen to be spread less trusted', () => {
    const [, high] = differenceOf(mean(0, 9, 90), mean(0, 1, 10)).limits(Z);
    const freedom = 0.2 ** 2 / (0.1 ** 2 / 9 + 0.1 ** 2 / 89);
    expect(high).toBeCloseTo(studentT(Z, freedom) * Math.sqrt((810 / 98) * (1 / 10 + 1 / 90)), 6);
  });

  test('of few that are all the same nothing is known of their spread', () => {
    expect(chanceOf(differenceOf(mean(0, 0, 3), mean(1, 0, 3)))).toBe(1);
    expect(chanceOf(differenceOf(mean(0, 0, 50), mean(1, 0, 50)))).toBeLessThan(1e-9);
  });

  test('are of calls, each with all its samples: mean and variance by definition', () => {
    const call = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(call, { minLength: 2 }), (calls) => {
        const ratio = new Ratio(1000);
        for (const [ms, samples] of calls) ratio.add(ms / 1000, samples);
        const whole = calls.reduce((sum, [, samples]) => sum + samples, 0);
        const value = calls.reduce((sum, [ms]) => sum + ms / 1000, 0) / whole;
        const squares = calls.reduce((sum, [ms, samples]) => sum + (ms / 1000 - value * samples) ** 2, 0);
        const found = ratio.spread()!;
        expect(found.value).toBeCloseTo(value, 9);
        expect(found.variance).toBeCloseTo(((squares / whole ** 2) * calls.length) / (calls.length - 1), 6);
        const parts = [new Ratio(1000), new Ratio(1000)];
        for (const [i, [ms, samples]] of calls.entries()) parts[i % 2]!.add(ms / 1000, samples);
        parts[1]!.merge(parts[0]!);
        expect(parts[1]!.spread()).toEqual(found);
      }),
    );
  });

  test('calls that add nothing count as well', () => {
    const ratio = new Ratio(1);
    for (const value of [3, 5]) ratio.add(value);
    const all = new Ratio(1);
    for (const value of [3, 5, 0, 0]) all.add(value);
    expect(ratio.spread(2)).toEqual(all.spread());
    expect(meanEstimate(new Ratio(1))).toBeNull();
  });
});

describe('two percentiles', () => {
  test('each between two of its samples, and both together by their arms', () => {
    const hundred = percentileEstimate(poolOf(upTo(100)), 0.5)!;
    expect(hundred.limits(Z)).toEqual([40, 61]);
    const shifted = percentileEstimate(poolOf(upTo(100).map((value) => value + 30)), 0.5)!;
    const [low, high] = differenceOf(hundred, shifted).limits(Z);
    expect(low).toBeCloseTo(30 - Math.hypot(10.5, 10.5), 9);
    expect(high).toBeCloseTo(30 + Math.hypot(10.5, 10.5), 9);
  });

  test('of too few there is no upper limit, and none below 0', () => {
    expect(percentileEstimate(poolOf(upTo(71)), 0.95)!.limits(Z)[1]).toBe(Number.POSITIVE_INFINITY);
    expect(percentileEstimate(poolOf(upTo(72)), 0.95)!.limits(Z)[1]).toBe(72);
    expect(percentileEstimate(poolOf(upTo(5)), 0.5)!.limits(Z)).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(percentileEstimate(poolOf([]), 0.5)).toBeNull();
  });

  test('neighbouring bins of a sketch are no difference', () => {
    const exact = upTo(40_000).map((i) => 1 + i / 1e9);
    const just = percentileEstimate(poolOf(exact, 100), 0.5)!;
    for (let step = 0; step < 60; step++) {
      const factor = 1 + step / 1000;
      const other = percentileEstimate(
        poolOf(
          exact.map((value) => value * factor),
          100,
        ),
        0.5,
      )!;
      const [low, high] = differenceOf(just, other).limits(Z);
      expect(low <= factor - 1 && factor - 1 <= high, `${low} .. ${high} of ${factor - 1}`).toBe(true);
    }
  });

  test('samples of one call are no strangers', () => {
    const alike = new Clusters();
    const pool = new Pool(1e4);
    for (const value of upTo(50)) {
      alike.add(new Array(20).fill(value));
      for (let i = 0; i < 20; i++) pool.add(value);
    }
    const clustered = percentileEstimate(pool, 0.5, [alike])!;
    const calls = percentileEstimate(poolOf(upTo(50)), 0.5)!;
    expect(clustered.size).toBeGreaterThan(45);
    expect(clustered.size).toBeLessThan(51);
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(clustered.limits(Z))).toBeGreaterThanOrEqual(width(calls.limits(Z)) - 2);
    expect(width(percentileEstimate(pool, 0.5)!.limits(Z))).toBeLessThan(5); // had they been
  });

  test('how alike they are is Kish’s design effect, by definition', () => {
    const latency = fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(
        fc.array(fc.array(latency, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 30 }),
        latency,
        (calls, value) => {
          const [some, others] = [new Clusters(), new Clusters()];
          for (const [i, samples] of calls.entries()) (i % 2 ? some : others).add(samples);
          some.merge(others);
          const count = calls.flat().length;
          const share = calls.flat().filter((sample) => sample <= value).length / count;
          if (share === 0 || share === 1) return;
          const squares = calls.reduce(
            (sum, samples) => sum + samples.reduce((over, sample) => over + (sample <= value ? 1 : 0) - share, 0) ** 2,
            0,
          );
          const variance = ((squares / count ** 2) * calls.length) / (calls.length - 1);
          expect(some.effectAt(value)).toBeCloseTo(Math.max(1, variance / ((share * (1 - share)) / count)), 6);
        },
      ),
    );
  });
});

test('of tool calls that fail together fewer are told than there are', () => {
  const apart = new Ratio(1);
  const together = new Ratio(1);
  for (let call = 0; call < 100; call++) {
    apart.add(1, 10);
    together.add(call % 10 === 0 ? 10 : 0, 10);
  }
  const [loose, tight] = [clusteredRateEstimate(together)!, clusteredRateEstimate(apart)!];
  expect([loose.value, tight.value]).toEqual([0.1, 0.1]);
  expect(loose.size).toBeCloseTo(99, 0);
  const none = new Ratio(1);
  for (let call = 0; call < 40; call++) none.add(0, 10);
  expect(clusteredRateEstimate(none)).toMatchObject({ value: 0, size: 40 });
});

test('Holm: the least chance against all, the next against one fewer', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4]);
  expect(holm([0.01, 0.015, 0.02], 0.05).map((threshold, i) => [0.01, 0.015, 0.02][i]! <= threshold)).toEqual([
    true,
    true,
    true,
  ]);
  expect(holm([], 0.05)).toEqual([]);
});
