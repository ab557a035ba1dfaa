import { describe, expect, test } from 'vitest';
import { distribution } from '../../src/metrics/distribution.ts';

test('there is none of no samples', () => expect(distribution([])).toBeNull());

test('of one sample, all is that sample', () => {
  expect(distribution([2.5])).toEqual({
    count: 1,
    min: 2.5,
    mean: 2.5,
    p50: 2.5,
    p90: 2.5,
    p95: 2.5,
    p99: 2.5,
    max: 2.5,
  });
});

/** Expected by numpy.percentile(samples, [50, 90, 95, 99]). */
describe('percentiles are numpy’s', () => {
  test.each([
    [
      [1, 2, 3, 4],
      [2.5, 3.7, 3.85, 3.97],
    ],
    [
      [15, 20, 35, 40, 50],
      [35, 46, 48, 49.6],
    ],
    [
      [1, 1, 1, 9],
      [1, 6.6, 7.8, 8.76],
    ],
    [
      [0.3, 0.1, 0.2],
      [0.2, 0.28, 0.29, 0.298],
    ],
    [Array.from({ length: 101 }, (_, i) => i), [50, 90, 95, 99]],
  ])('of %j', (samples, [p50, p90, p95, p99]) => {
    const found = distribution(samples)!;
    expect(found.p50).toBeCloseTo(p50!, 12);
    expect(found.p90).toBeCloseTo(p90!, 12);
    expect(found.p95).toBeCloseTo(p95!, 12);
    expect(found.p99).toBeCloseTo(p99!, 12);
  });
});

test('samples may come in any order, and stay as they are', () => {
  const samples = Object.freeze([10, 9, 1, 100]);
  expect(distribution(samples)).toMatchObject({ count: 4, min: 1, mean: 30, max: 100 });
});

test('a sample without a limit makes no NaN', () => {
  const found = distribution([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])!;
  expect(Object.values(found).filter(Number.isNaN)).toEqual([]);
  expect(Object.values(distribution([1, 2, Number.POSITIVE_INFINITY])!).filter(Number.isNaN)).toEqual([]);
});
