import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Range } from '../../src/fleet/range.ts';
import { Spread } from '../../src/fleet/spread.ts';
import { shownDistribution } from '../../src/metrics/distribution.ts';

const LEAVES = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

function spreadOf(samples: readonly { value: number; range?: Range; sure?: boolean }[], exactUpTo = 10_000): Spread {
  const spread = new Spread(exactUpTo);
  for (const { value, range, sure } of samples) spread.add(value, range, sure);
  return spread;
}

test('what is certain is what it is', () => {
  const { value, low, high } = spreadOf([{ value: 1 }, { value: 2 }, { value: 4 }]).shown();
  const shown = { count: 3, min: 1, mean: 2.333, p50: 2, p90: 3.6, p95: 3.8, p99: 3.96, max: 4 };
  expect(value).toEqual({
    ...shown,
    method: 'exact',
    relativeError: 0,
    small: true,
    thin: ['p90', 'p95', 'p99'],
    medianInterval: null,
  });
  expect([low, high]).toEqual([shown, shown]);
});

test('says which percentiles rest on too few samples', () => {
  const of = (count: number) => spreadOf(Array.from({ length: count }, (_, i) => ({ value: i }))).shown().value!;
  expect([of(9).thin, of(10).thin, of(20).thin, of(100).thin]).toEqual([
    ['p90', 'p95', 'p99'],
    ['p95', 'p99'],
    ['p99'],
    [],
  ]);
  expect([of(29).small, of(30).small]).toEqual([true, false]);
  expect(of(20).medianInterval).toEqual([5, 14]);
});

test('limits are those of the low ends and of the high ends', () => {
  const { low, high } = spreadOf([{ value: 1 }, { value: 5, range: [2, 10] }]).shown();
  expect([low.min, low.p50, low.mean, low.max]).toEqual([1, 1.5, 1.5, 2]);
  expect([high.min, high.p50, high.mean, high.max]).toEqual([1, 5.5, 5.5, 10]);
});

test('a sample that may be none may stand below all others, or above', () => {
  const { value, low, high } = spreadOf([{ value: 1 }, { value: 3 }, { value: 9, sure: false }]).shown();
  expect(value!.count).toBe(3);
  expect([low.count, low.min, low.p50, low.max]).toEqual([2, 1, 1, 3]);
  expect([high.count, high.min, high.p50, high.max]).toEqual([3, 1, 3, 9]);
});

test('without a limit nothing but the least is known', () => {
  const { high, low } = spreadOf([{ value: 1, range: [0.5, null] }]).shown();
  expect([low.min, low.p50, high.p50, high.mean]).toEqual([0.5, 0.5, null, null]);
  const spread = spreadOf([{ value: 1 }]);
  spread.addWithoutLimit();
  expect(spread.shown()).toMatchObject({
    value: { p50: 1 },
    low: { count: 1, p50: null },
    high: { count: null, p50: null },
  });
});

test('of no sample there is no value and no limit', () => {
  const { value, low, high } = spreadOf([]).shown();
  expect([value, low.p50, high.max, low.count, high.count]).toEqual([null, null, null, 0, 0]);
});

describe('the truth lies within the limits', () => {
  const micro = (most: number) => fc.integer({ min: 0, max: most * 1e6 }).map((n) => n / 1e6);
  /** What a sample is, what is told of it, and whether it is one at all. */
  const sample = fc.record({
    truth: micro(50),
    told: micro(50),
    before: micro(5),
    after: micro(5),
    way: fc.constantFrom(
      'exact',
      'exact',
      'moved',
      'told and none',
      'told and one',
      'not told and one',
      'not told and none',
    ),
  });

  test.each([[10_000], [5]])('with %i of them exact', (exactUpTo) => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
        const spread = new Spread(exactUpTo);
        const truths: number[] = [];
        for (const { truth, told, before, after, way } of samples) {
          const range: Range = [Math.max(0, Math.min(truth, told) - before), Math.max(truth, told) + after];
          if (way === 'exact') spread.add(truth);
          else if (way === 'moved') spread.add(told, range);
          else if (way.startsWith('told')) spread.add(told, range, false);
          else spread.addMaybe(range);
          if (!way.endsWith('none')) truths.push(truth);
        }
        const { low, high } = spread.shown();
        const truth = shownDistribution(truths);
        expect(low.count! <= truths.length && truths.length <= high.count!).toBe(true);
        if (truth === null) return;
        for (const leaf of LEAVES) {
          expect(low[leaf]! <= truth[leaf], `${leaf}: ${low[leaf]} <= ${truth[leaf]}`).toBe(true);
          expect(truth[leaf] <= high[leaf]!, `${leaf}: ${truth[leaf]} <= ${high[leaf]}`).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
