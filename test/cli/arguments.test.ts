import { afterEach, expect, test, vi } from 'vitest';
import { count, duration, eventTypes, instant, instantOrAgo, keyValue, share } from '../../src/cli/arguments.ts';

test('an instant without a zone is UTC, wherever it is read; epoch milliseconds are one, too', () => {
  const midnight = Date.UTC(2026, 0, 1);
  for (const text of ['2026-01-01', '2026-01-01T00:00', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'])
    expect(instant(text).getTime()).toBe(midnight);
  expect(instant(String(midnight)).getTime()).toBe(midnight);
  for (const text of [
    '',
    'now',
    '30',
    '2026-02-30',
    '1767225600',
    '17672256000000000',
    '-1767225600000',
    '2026-01-01T25:00:00Z',
  ])
    expect(() => instant(text)).toThrow('2026-01-01T00:00:00Z');
});

afterEach(() => {
  vi.useRealTimers();
});

test('where a period begins or ends may be said as how long ago that was', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 31) });
  const asked = ['30d', '12h', '2w', '90 s', '1.5d', '2026', '2026-01-02', String(Date.UTC(2026, 0, 3))];
  expect(asked.map((text) => instantOrAgo(text).toISOString())).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-30T12:00:00.000Z',
    '2026-01-17T00:00:00.000Z',
    '2026-01-30T23:58:30.000Z',
    '2026-01-29T12:00:00.000Z',
    '2026-01-01T00:00:00.000Z',
    '2026-01-02T00:00:00.000Z',
    '2026-01-03T00:00:00.000Z',
  ]);
  for (const text of ['', '30', 'd', '30y', '-30d', '30d ago', '2026-13-01'])
    expect(() => instantOrAgo(text), text).toThrow('30d or 2w is so long ago');
  for (const text of ['10001d', '1.2.3h']) expect(() => instantOrAgo(text), text).toThrow('A duration looks like');
});

test('a duration is in seconds, or says its unit', () => {
  expect(['20', '1.5s', '15m', '24h', '7d', '2w'].map(duration)).toEqual([20, 1.5, 900, 86_400, 604_800, 1_209_600]);
  for (const text of ['', '-1', '5y', '1e3', 'Infinity', '10001d'])
    expect(() => duration(text)).toThrow('A duration looks like');
});

test('a count is a whole number from 1 on', () => {
  expect(count('17')).toBe(17);
  for (const text of ['0', '-1', '1.5', 'many']) expect(() => count(text)).toThrow();
});

test('a share is a number from 0 to 1', () => {
  expect(['0', '0.5', '1'].map(share)).toEqual([0, 0.5, 1]);
  for (const text of ['', ' ', '2', '-1', '50 %']) expect(() => share(text)).toThrow('0.02 is 2 %');
});

test('keys with their values are collected', () => {
  expect(keyValue('tier=3=4', keyValue('tenant=acme'))).toEqual({ tenant: 'acme', tier: '3=4' });
  expect(keyValue('tenant=')).toEqual({ tenant: '' });
  expect(Object.keys(keyValue('__proto__=x'))).toEqual(['__proto__']); // to be refused by its name
  for (const text of ['', 'tenant', '=acme']) expect(() => keyValue(text)).toThrow('team=sales');
});

test('event types are separated by commas', () => {
  expect(eventTypes('track_published, track_unpublished')).toEqual(['track_published', 'track_unpublished']);
  expect(() => eventTypes('track_publishd')).toThrow('Did you mean track_published?');
  expect(() => eventTypes('joins')).toThrow(/"joins" is no event type\. There are room_started, .*ingress_ended/);
});
