import { expect, test } from 'vitest';
import { clock, wait } from '../../src/report/duration.ts';

test('a clock has hours only where there are some', () => {
  expect([0, 59.5, 3599.4, 3599.5, 360_000].map(clock)).toEqual(['0:00', '1:00', '59:59', '1:00:00', '100:00:00']);
});

test('a wait is told to the tenth of a second until it is long', () => {
  expect([0, 2.345, 99.94, 99.96].map(wait)).toEqual(['0.0 s', '2.3 s', '99.9 s', '1:40']);
});
