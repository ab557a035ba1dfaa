import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pool } from '../../src/fleet/pool.ts';
import { RELATIVE_ERROR } from '../../src/fleet/sketch.ts';
import { distribution } from '../../src/metrics/distribution.ts';

function pooled(values: readonly number[], exactUpTo: number): Pool {
  const pool = new Pool(exactUpTo);
  for (const value of values) pool.add(value);
  return pool;
}
const micro = (most: number) => fc.integer({ min: 0, max: most * 1e6 }).map((n) => n / 1e6);
/** From microseconds to years. */
const latency = fc.oneof(micro(0.001), micro(3), micro(4_000), micro(1e9));
const SHARES = [0, 0.5, 0.9, 0.95, 0.99, 1] as const;

test('few samples are exact: numpy’s percentiles', () => {
  const pool = pooled([4, 1, 3, 2], 4);
  expect(pool.relativeError).toBe(0);
  expect(SHARES.map((share) => pool.quantile(share))).toEqual([1, 2.5, 3.7, 3.8499999999999996, 3.9699999999999998, 4]);
  expect([pool.count, pool.min, pool.mean, pool.max]).toEqual([4, 1, 2.5, 4]);
});

describe('many samples', () => {
  test('every percentile lies within the stated error, and count, min, mean and max are exact', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 11, maxLength: 400 }), (values) => {
        const pool = pooled(values, 10);
        expect(pool.relativeError).toBe(RELATIVE_ERROR);
        const exact = distribution(values)!;
        for (const [share, truth] of [
          [0.5, exact.p50],
          [0.9, exact.p90],
          [0.95, exact.p95],
          [0.99, exact.p99],
        ] as const)
          expect(Math.abs(pool.quantile(share) - truth)).toBeLessThanOrEqual(
            truth * RELATIVE_ERROR * (1 + 1e-9) + 1e-12,
          );
        expect([pool.count, pool.min, pool.max]).toEqual([exact.count, exact.min, exact.max]);
        expect(pool.mean).toBeCloseTo(exact.mean, 6);
      }),
    );
  });

  test('of values about 1, where the sketch of Datadog loses some when it is merged', () => {
    const [small, whole] = [pooled([0.09, 0.1], 0), pooled([0.003, 0.99], 0)];
    small.merge(whole);
    expect(small.quantile(1)).toBeCloseTo(0.99, 1);
    expect(small.quantile(0.5)).toBeCloseTo(0.095, 2);
  });
});

test('in whatever parts and order samples come, it is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.array(latency, { maxLength: 30 }), { maxLength: 5 }), (parts) => {
      const whole = pooled(parts.flat(), 20);
      const merged = pooled([], 20);
      for (const part of parts.toReversed()) merged.merge(pooled(part, 20));
      expect(shown(merged)).toEqual(shown(whole));
      const before = shown(whole);
      expect(shown(whole.with(merged)).at(0)).toBe(2 * whole.count);
      expect(shown(whole)).toEqual(before); // and is left as it is
    }),
  );
});

function shown(pool: Pool): number[] {
  return [
    pool.count,
    pool.min,
    pool.max,
    pool.sum,
    pool.relativeError,
    ...(pool.count > 0 ? SHARES.map((share) => pool.quantile(share)) : []),
  ];
}

test('samples without limit stand above all others', () => {
  const pool = pooled([1, Number.POSITIVE_INFINITY, 2], 10);
  expect([pool.count, pool.min, pool.max]).toEqual([3, 1, Number.POSITIVE_INFINITY]);
  expect([0, 0.5, 0.6, 1].map((share) => pool.quantile(share))).toEqual([
    1,
    2,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});
