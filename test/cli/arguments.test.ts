import { expect, test } from 'vitest';
import { count, duration, eventTypes, instant } from '../../src/cli/arguments.ts';

test('an instant without a zone is UTC, wherever it is read; epoch milliseconds are one, too', () => {
  const midnight = Date.UTC(2026, 0, 1);
  for (const text of ['2026-01-01', '2026-01-01T00:00', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'])
    expect(instant(text).getTime()).toBe(midnight);
  expect(instant(String(midnight)).getTime()).toBe(midnight);
  for (const text of [
    '',
    'now',
    '2026-02-30',
    '1767225600',
    '17672256000000000',
    '-1767225600000',
    '2026-01-01T25:00:00Z',
  ])
    expect(() => instant(text)).toThrow('2026-01-01T00:00:00Z');
});

test('a duration is in seconds, or says its unit', () => {
  expect(['20', '1.5s', '15m', '24h', '7d'].map(duration)).toEqual([20, 1.5, 900, 86_400, 604_800]);
  for (const text of ['', '-1', '5y', '1e3', 'Infinity', '10001d'])
    expect(() => duration(text)).toThrow('A duration looks like');
});

test('a count is a whole number from 1 on', () => {
  expect(count('17')).toBe(17);
  for (const text of ['0', '-1', '1.5', 'many']) expect(() => count(text)).toThrow();
});

test('event types are separated by commas', () => {
  expect(eventTypes('track_published, track_unpublished')).toEqual(['track_published', 'track_unpublished']);
  expect(() => eventTypes('track_publishd')).toThrow('Did you mean track_published?');
  expect(() => eventTypes('joins')).toThrow(/"joins" is no event type\. There are room_started, .*ingress_ended/);
});
