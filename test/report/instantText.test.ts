import { expect, test } from 'vitest';
import { Clock, shortLabel } from '../../src/report/instantText.ts';

const berlin = new Clock('Europe/Berlin');

test('instants by the clocks of a place; milliseconds where there are any', () => {
  expect(berlin.instant('2026-10-12T07:00:03.125Z')).toBe('12 Oct 2026, 09:00:03.125');
  expect(berlin.time('2026-12-31T23:30:00Z')).toBe('00:30:00');
  expect(berlin.span('2026-10-12T07:00:00Z', '2026-10-12T08:00:00Z')).toBe('12 Oct 2026, 09:00:00 to 10:00:00');
  expect(berlin.span('2026-10-12T21:00:00Z', '2026-10-12T23:00:00Z')).toBe(
    '12 Oct 2026, 23:00:00 to 13 Oct 2026, 01:00:00',
  );
});

test('the hour that comes twice is told apart by its offset', () => {
  const twice = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
  expect(twice.map((at) => `${berlin.time(at)} ${berlin.offset(at)}`)).toEqual(['02:30:00 +02:00', '02:30:00 +01:00']);
  expect(new Clock('America/St_Johns').offset('2026-01-01T00:00:00Z')).toBe('-03:30');
});

test('periods are named as people name them', () => {
  const at = (text: string) => Date.parse(text);
  expect(berlin.period(at('2026-09-30T22:00:00Z'), at('2026-10-31T23:00:00Z'))).toBe('October 2026');
  expect(berlin.period(at('2026-09-30T22:00:00Z'), at('2026-10-07T22:00:00Z'))).toBe('1 Oct 2026 to 7 Oct 2026');
  expect(berlin.period(at('2026-10-11T22:00:00Z'), at('2026-10-12T22:00:00Z'))).toBe('12 Oct 2026');
  expect(berlin.period(at('2026-10-11T22:00:00Z'), at('2026-10-12T10:15:00Z'))).toBe(
    '12 Oct 2026 to 12 Oct 2026, 12:15:00',
  );
});

test.each([
  ['2026-10-25T02:00+02:00', 'hour', '02:00'],
  ['2026-10-25T00:00+02:00', 'hour', '25 Oct'],
  ['2026-10-05', 'day', '5 Oct'],
  ['2026-W43', 'week', 'W43'],
  ['2026-10', 'month', 'Oct 2026'],
] as const)('%s is %s on an axis', (label, unit, short) => {
  expect(shortLabel(label, unit)).toBe(short);
});

test('an unknown time zone is refused', () => {
  expect(() => new Clock('Mars/Olympus')).toThrow('no time zone');
});
