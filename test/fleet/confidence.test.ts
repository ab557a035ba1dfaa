import { describe, expect, test } from 'vitest';
import { medianRanks, wilson } from '../../src/fleet/confidence.ts';

describe('Wilson’s interval', () => {
  test.each([
    // Newcombe (1998), Statistics in Medicine 17, table I, method 3
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i', (hits, of, low, high) => {
    const interval = wilson(hits, of)!;
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  test('ends where the rate does, and is none of nothing', () => {
    expect(wilson(7, 7)![1]).toBe(1);
    expect(wilson(0, 7)![0]).toBe(0);
    expect(wilson(0, 0)).toBeNull();
  });
});

describe('the ranks about the median', () => {
  test.each([
    // Conover, Practical Nonparametric Statistics: the binomial table, p = 0.5
    [5, null],
    [6, [0, 5]],
    [9, [1, 7]],
    [20, [5, 14]],
    [100, [39, 60]],
  ])('of %i samples', (count, ranks) => {
    expect(medianRanks(count)).toEqual(ranks);
  });

  test('are those of the normal distribution where there are many, without a leap', () => {
    const [last, first] = [medianRanks(200)!, medianRanks(201)!];
    expect(Math.abs(last[0] - first[0])).toBeLessThanOrEqual(1);
    expect(medianRanks(1_000_000)).toEqual([499_019, 500_980]);
  });

  test('hold the median as often as they promise', () => {
    for (const count of [6, 9, 17, 40, 199]) {
      const [low, high] = medianRanks(count)!;
      expect(low + high).toBe(count - 1);
      const outside = 2 * below(count, low);
      expect(outside).toBeLessThanOrEqual(0.05);
      expect(2 * below(count, low + 1)).toBeGreaterThan(0.05); // and no wider than that takes
    }
  });
});

/** P(at most `most` of `count` fair coins show heads) */
function below(count: number, most: number): number {
  let ways = 1;
  let sum = 1;
  for (let heads = 1; heads <= most; heads++) {
    ways = (ways * (count - heads + 1)) / heads;
    sum += ways;
  }
  return sum / 2 ** count;
}
