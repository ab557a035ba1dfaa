import { expect, test } from 'vitest';
import { inOrder, isGrouping, keyOf, placingOf } from '../../src/fleet/grouping.ts';
import { figures, NOON } from './someFigures.ts';

const keysOf = (by: string[], more: Parameters<typeof figures>[0]) =>
  placingOf(by, 'Europe/Berlin')(figures(more)).map((place) => keyOf(place, by));

test('by one thing: a period, a word, or none', () => {
  expect(keysOf(['day'], { startedAt: NOON })).toEqual([{ day: '2026-01-05' }]);
  expect(keysOf(['roomName'], { roomName: 'a' })).toEqual([{ roomName: 'a' }]);
  expect(keysOf(['roomName'], { roomName: null })).toEqual([{ roomName: null }]);
  expect(keysOf(['endReason'], {})).toEqual([{ endReason: 'human_hangup' }]);
  expect(keysOf([], {})).toEqual([]);
});

test('by what a call may have several of', () => {
  expect(keysOf(['agent'], { agents: ['nova', 'otto'] })).toEqual([{ agent: 'nova' }, { agent: 'otto' }]);
  expect(keysOf(['tag'], { tags: [] })).toEqual([{ tag: null }]);
  expect(keysOf(['kind'], {})).toEqual([{ kind: 'AGENT' }, { kind: 'STANDARD' }]);
});

test('by several at once', () => {
  expect(
    keysOf(['day', 'agent', 'metadata.tenant'], { agents: ['nova', 'otto'], metadata: { tenant: 'acme' } }),
  ).toEqual([
    { day: '2026-01-05', agent: 'nova', 'metadata.tenant': 'acme' },
    { day: '2026-01-05', agent: 'otto', 'metadata.tenant': 'acme' },
  ]);
});

test('by keys of metadata that are names of Object’s own', () => {
  const metadata = JSON.parse('{"__proto__":"x"}');
  expect(keysOf(['metadata.__proto__'], { metadata })).toEqual([{ 'metadata.__proto__': 'x' }]);
  expect(keysOf(['metadata.__proto__'], {})).toEqual([{ 'metadata.__proto__': null }]);
  expect(keysOf(['metadata.constructor'], {})).toEqual([{ 'metadata.constructor': null }]);
  expect(keysOf(['metadata.a.b'], { metadata: { 'a.b': '1' } })).toEqual([{ 'metadata.a.b': '1' }]);
});

test('no two places have one id, whatever their words are', () => {
  const words = ['', 'a', 'ab', '1:a', '0:', "'", null];
  const placing = placingOf(['roomName', 'metadata.x'], 'UTC');
  const ids = words.flatMap((roomName) =>
    words.map((x) => placing(figures({ roomName, metadata: x === null ? {} : { x } }))[0]!.id),
  );
  expect(new Set(ids).size).toBe(words.length ** 2);
});

test('come by time, then by word, and none last', () => {
  const placing = placingOf(['day', 'roomName'], 'UTC');
  const places = [
    [NOON + 86_400_000, 'a'],
    [NOON, null],
    [NOON, 'b'],
    [NOON, 'B'],
  ].map(([startedAt, roomName]) => placing(figures({ startedAt, roomName } as never))[0]!);
  expect(places.sort(inOrder).map((place) => Object.values(keyOf(place, ['day', 'roomName'])))).toEqual([
    ['2026-01-05', 'B'],
    ['2026-01-05', 'b'],
    ['2026-01-05', null],
    ['2026-01-06', 'a'],
  ]);
});

test('what calls are grouped by is known by name', () => {
  expect(['hour', 'week', 'agent', 'tag', 'metadata.x'].every(isGrouping)).toBe(true);
  expect(['year', 'metadata', 'metadata.', '', 'constructor'].some(isGrouping)).toBe(false);
});
