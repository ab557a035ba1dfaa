import { describe, expect, test } from 'vitest';
import { lasting, limitsText, percent, setShare, shownNumber } from '../../src/report/shownNumber.ts';

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ');

test.each([
  [1234567, 'n', '1,234,567'],
  [1.926, 'mean', '1.93'],
  [0.84, 's', '0.84 s'],
  [1234.56, 'min', '1,234.6 min'],
  [0.9583, 'share', '95.8 %'],
  [89.19, 'score', '89.2'],
] as const)('%d as %s is %s', (value, unit, text) => {
  expect(plain(shownNumber(value, unit))).toBe(text);
});

test('money has its currency', () => {
  expect(plain(shownNumber(1234.567, 'money', undefined, 'USD'))).toBe('1,234.57 USD');
});

test.each([
  [0, '0 s'],
  [9.994, '9.99 s'],
  [9.996, '10.0 s'],
  [99.9, '99.9 s'],
  [99.96, '1 min 40 s'],
  [3599.4, '59 min 59 s'],
  [3599.6, '1 h 00 min'],
  [3725, '1 h 02 min'],
  [360_000, '100 h 00 min'],
])('%d s are %s', (seconds, text) => {
  expect(plain(lasting(seconds))).toBe(text);
});

test('all and nothing are said of all and nothing alone', () => {
  expect([0, 0.00001, 0.5, 0.99999, 1].map((share) => plain(percent(share)))).toEqual([
    '0 %',
    '<0.1 %',
    '50.0 %',
    '>99.9 %',
    '100 %',
  ]);
  expect(plain(setShare(0.835))).toBe('83.5 %');
});

describe('limits', () => {
  test('are rounded outwards: the truth lies within what is shown', () => {
    expect(plain(limitsText({ value: 0.95, low: 0.94999, high: 0.95001 }, 'share'))).toBe('94.9 % to 95.1 %');
    expect(plain(limitsText({ value: 2, low: 1.999, high: 2.001 }, 's'))).toBe('1.99 s to 2.01 s');
    expect(plain(limitsText({ value: 61, low: 60.2, high: 200.1 }, 's'))).toBe('60.2 s to 3 min 21 s');
  });

  test('there are none of what is exact, or not there', () => {
    expect(limitsText({ value: 3, low: 3, high: 3 }, 'n')).toBeNull();
    expect(limitsText({ value: null, low: null, high: null }, 'n')).toBeNull();
  });

  test('one or both may not be known', () => {
    expect(plain(limitsText({ value: 3, low: 2, high: null }, 's'))).toBe('at least 2.00 s');
    expect(limitsText({ value: 3, low: null, high: 4 }, 'n')).toBe('at most 4');
    expect(limitsText({ value: 3, low: null, high: null }, 'n')).toBe('no limit known');
  });
});
