import { describe, expect, test } from 'vitest';
import { wait, waitRange } from '../../src/metrics/latency.ts';

const FOREVER = Number.POSITIVE_INFINITY;

test('a wait is 0 where it is so already, and none where it never is again', () => {
  const set = [10, 20, 30, 40];
  expect([5, 10, 15, 20, 40].map((from) => wait(set, from))).toEqual([5, 0, 0, 10, null]);
});

describe('the range of a wait', () => {
  test('is one value where all is certain', () => expect(waitRange(5, 5, [10, 20], [10, 20])).toEqual([5, 5]));

  test('is longest from the earliest, least from the latest', () =>
    expect(waitRange(2, 6, [10, 20], [10, 20])).toEqual([4, 8]));

  test('goes by the hull at least, by the core at most', () =>
    expect(waitRange(5, 5, [12, 15], [8, 20])).toEqual([3, 7]));

  test('has least 0 where it may have been so already', () => {
    expect(waitRange(5, 11, [10, 20], [10, 20])).toEqual([0, 5]);
    expect(waitRange(5, 9, [10, 20], [7, 20])).toEqual([0, 5]);
  });

  test('is longest where a certain stretch may just have ended', () => {
    // asked from 20 on, the next is at 50; asked from 8 on, at 10
    expect(waitRange(8, 25, [10, 20, 50, 60], [10, 20, 50, 60])).toEqual([0, 30]);
  });

  test('has no high limit where it is never certain', () => {
    expect(waitRange(5, 5, [], [8, 20])).toEqual([3, FOREVER]);
    expect(waitRange(5, 25, [10, 20], [10, 20])).toEqual([0, FOREVER]);
  });

  test('holds every wait that may be true', () => {
    const core = [12, 15, 33, 35];
    const hull = [10, 17, 30, 38];
    const [low, high] = waitRange(3, 40, core, hull);
    for (let from = 3; from <= 40; from++)
      for (const set of [core, hull, [11, 16, 31, 36], [10, 15, 33, 38]]) {
        const waited = wait(set, from);
        if (waited === null) continue;
        expect(waited).toBeGreaterThanOrEqual(low);
        expect(waited).toBeLessThanOrEqual(high);
      }
  });
});
