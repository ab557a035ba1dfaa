import { describe, expect, test } from 'vitest';
import { iso, round, roundBound } from '../../src/metrics/round.ts';

describe('values are rounded', () => {
  test.each([
    ['s', 1.23456, 1.235],
    ['share', 0.123449, 0.1234],
    ['score', 77.777, 77.78],
    ['mean', 2.34567, 2.346],
    ['n', 3, 3],
  ] as const)('%s: %d is %d', (unit, value, expected) => expect(round(value, unit)).toBe(expected));

  test('halves away from zero, also those that floating point writes a little below', () => {
    expect([0.0005, 1.0005, 2.0015, 0.0025, 1.005].map((value) => round(value, 's'))).toEqual([
      0.001, 1.001, 2.002, 0.003, 1.005,
    ]);
    expect([1.005, 2.675, 8.345].map((value) => round(value, 'score'))).toEqual([1.01, 2.68, 8.35]);
    expect([-1.0005, -0.0005].map((value) => round(value, 's'))).toEqual([-1.001, -0.001]);
    expect(round(0.12345, 'share')).toBe(0.1235);
  });

  test('what is not half is not', () => expect(round(1.000499, 's')).toBe(1));

  test('0 is never -0', () => {
    for (const value of [-0, -0.0001]) expect(Object.is(round(value, 's'), 0)).toBe(true);
  });

  test('a day in milliseconds stays exact', () => expect(round(86_399.999, 's')).toBe(86_399.999));
});

describe('bounds are rounded outwards', () => {
  test('so that they still hold the truth', () => {
    expect([roundBound(1.23456, 's', 'low'), roundBound(1.23456, 's', 'high')]).toEqual([1.234, 1.235]);
    expect([roundBound(0.55555, 'share', 'low'), roundBound(0.55555, 'share', 'high')]).toEqual([0.5555, 0.5556]);
    expect([roundBound(2.3, 'n', 'low'), roundBound(2.3, 'n', 'high')]).toEqual([2, 3]);
  });

  test('but not by what floating point adds', () => {
    expect([roundBound(1.001, 's', 'low'), roundBound(1.001, 's', 'high')]).toEqual([1.001, 1.001]);
    expect(roundBound(0.1 + 0.2, 's', 'high')).toBe(0.3);
  });

  test('no limit is null, 0 is never -0', () => {
    expect([
      roundBound(Number.POSITIVE_INFINITY, 's', 'high'),
      roundBound(Number.NEGATIVE_INFINITY, 's', 'low'),
    ]).toEqual([null, null]);
    expect(Object.is(roundBound(-0, 's', 'low'), 0)).toBe(true);
    expect(Object.is(roundBound(-0.0001, 's', 'high'), 0)).toBe(true);
  });
});

test('instants are written as Date writes them, in whichever order they are asked for', () => {
  const days = [
    0,
    -1,
    1,
    86_399_999,
    86_400_000,
    Date.UTC(2015, 0, 1),
    Date.UTC(2024, 1, 29, 23, 59, 59, 9),
    Date.UTC(2099, 11, 31, 1, 2, 3, 45),
  ];
  for (const ms of [...days, ...days.toReversed(), Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 5) - 1])
    expect(iso(ms)).toBe(new Date(ms).toISOString());
  for (let i = 0, ms = Date.UTC(2026, 5, 1); i < 2000; i++, ms += 1_234_567)
    expect(iso(ms)).toBe(new Date(ms).toISOString());
});
