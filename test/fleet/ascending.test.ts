import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascending } from '../../src/fleet/ascending.ts';

const instants = (most: number, length: number) => Array.from({ length }, (_, i) => NOW + ((i * 7_919_777_777) % most));
const NOW = Date.UTC(2026, 0, 1);

test.each([
  ['few', instants(1e9, 100)],
  ['many of a day', instants(86_400_000, 20_000)],
  ['many of a month', instants(31 * 86_400_000, 20_000)],
  ['many of ten years', instants(3_650 * 86_400_000, 30_000)],
  ['many of one instant', new Array<number>(10_000).fill(NOW)],
  ['many with a stray one in 1970', [...instants(1e9, 10_000), 3]],
  ['many, and infinite ones', [...instants(1e9, 10_000), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
])('%s', (_, list) => {
  expect(Array.from(ascending(list))).toEqual(list.toSorted((a, b) => a - b));
});

test('of several lists', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (a, b) => {
      expect(Array.from(ascending(a, b))).toEqual([...a, ...b].sort((x, y) => x - y));
    }),
  );
});
