import { describe, expect, test } from 'vitest';
import {
  atLeast,
  firstFrom,
  holds,
  intersect,
  interval,
  lengthOf,
  peak,
  subtract,
  union,
} from '../../src/metrics/intervals.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const EVER = Number.NEGATIVE_INFINITY;

test('an interval that does not end after its begin is never', () => {
  expect([interval(1, 2), interval(1, 1), interval(2, 1)]).toEqual([[1, 2], [], []]);
});

test('intervals are half-open', () => {
  expect([0, 1, 1.5, 2, 3].map((at) => holds([1, 2, 3, 4], at))).toEqual([false, true, true, false, true]);
});

describe('a union', () => {
  test('of none or of empty sets is never', () => expect([union([]), union([[], []])]).toEqual([[], []]));
  test('counts what overlaps once', () =>
    expect(
      union([
        [1, 5],
        [3, 8],
      ]),
    ).toEqual([1, 8]));
  test('joins what touches', () =>
    expect(
      union([
        [1, 3],
        [3, 8],
      ]),
    ).toEqual([1, 8]));
  test('keeps gaps', () =>
    expect(
      union([
        [5, 8],
        [1, 3],
      ]),
    ).toEqual([1, 3, 5, 8]));
  test('swallows what lies within', () =>
    expect(
      union([
        [1, 9],
        [2, 3, 4, 5],
      ]),
    ).toEqual([1, 9]));
  test('of infinite sets', () => {
    expect(
      union([
        [EVER, 3],
        [5, FOREVER],
      ]),
    ).toEqual([EVER, 3, 5, FOREVER]);
    expect(
      union([
        [EVER, FOREVER],
        [EVER, 3],
        [2, FOREVER],
      ]),
    ).toEqual([EVER, FOREVER]);
  });
});

describe('at least two', () => {
  test('where two overlap', () =>
    expect(
      atLeast(2, [
        [1, 5],
        [3, 8],
      ]),
    ).toEqual([3, 5]));
  test('never where one leaves in the instant another joins', () =>
    expect(
      atLeast(2, [
        [1, 3],
        [3, 8],
      ]),
    ).toEqual([]));
  test('without a break where one of three takes the place of another', () => {
    expect(
      atLeast(2, [
        [0, 10],
        [1, 4],
        [4, 8],
      ]),
    ).toEqual([1, 8]);
  });
  test('of infinite sets', () =>
    expect(
      atLeast(2, [
        [EVER, 5],
        [3, FOREVER],
      ]),
    ).toEqual([3, 5]));
  test('of more sets than there are is never', () =>
    expect(
      atLeast(3, [
        [1, 5],
        [1, 5],
      ]),
    ).toEqual([]));
});

describe('the peak', () => {
  test('is the most at one instant', () =>
    expect(
      peak([
        [1, 5],
        [2, 6],
        [4, 9],
        [6, 9],
      ]),
    ).toBe(3));
  test('does not count one who leaves with one who joins', () =>
    expect(
      peak([
        [1, 3],
        [3, 8],
      ]),
    ).toBe(1));
  test('of nobody is 0', () => expect([peak([]), peak([[]])]).toEqual([0, 0]));
  test('of infinite sets', () =>
    expect(
      peak([
        [EVER, FOREVER],
        [EVER, FOREVER],
      ]),
    ).toBe(2));
});

describe('an intersection', () => {
  test.each([
    [
      [1, 5],
      [3, 8],
      [3, 5],
    ],
    [[1, 3], [3, 8], []],
    [
      [1, 10],
      [2, 3, 4, 5],
      [2, 3, 4, 5],
    ],
    [
      [1, 4, 6, 9],
      [3, 7],
      [3, 4, 6, 7],
    ],
    [[], [1, 2], []],
    [
      [EVER, 5],
      [3, FOREVER],
      [3, 5],
    ],
  ])('of %j and %j is %j', (a, b, expected) => {
    expect(intersect(a, b)).toEqual(expected);
    expect(intersect(b, a)).toEqual(expected);
  });
});

describe('a difference', () => {
  test.each([
    [
      [1, 9],
      [3, 5],
      [1, 3, 5, 9],
    ],
    [[1, 9], [1, 9], []],
    [[1, 9], [], [1, 9]],
    [[], [1, 9], []],
    [
      [1, 9],
      [0, 2, 8, 10],
      [2, 8],
    ],
    [
      [1, 3, 5, 8],
      [2, 6],
      [1, 2, 6, 8],
    ],
    [
      [1, 3],
      [3, 5],
      [1, 3],
    ],
    [
      [1, 2, 3, 4, 5, 6],
      [2, 5],
      [1, 2, 5, 6],
    ],
    [
      [EVER, FOREVER],
      [3, 5],
      [EVER, 3, 5, FOREVER],
    ],
    [[3, 5], [EVER, FOREVER], []],
  ])('of %j less %j is %j', (a, b, expected) => expect(subtract(a, b)).toEqual(expected));
});

test('a length is the sum of its stretches, and may be infinite', () => {
  expect([lengthOf([]), lengthOf([1, 3, 10, 15]), lengthOf([3, FOREVER])]).toEqual([0, 7, FOREVER]);
});

test('the first instant from another on', () => {
  const set = [2, 4, 7, 9];
  expect([0, 2, 3, 4, 8, 9].map((at) => firstFrom(set, at))).toEqual([2, 2, 3, 7, 8, null]);
});

test('what is asked for changes none of what it was asked of', () => {
  const a = Object.freeze([1, 5, 7, 9]);
  const b = Object.freeze([2, 3, 8, 12]);
  for (const ask of [
    () => union([a, b]),
    () => atLeast(2, [a, b]),
    () => intersect(a, b),
    () => subtract(a, b),
    () => peak([a, b]),
  ])
    expect(ask).not.toThrow();
});
