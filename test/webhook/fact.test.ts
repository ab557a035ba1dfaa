/** The key of deduplication: the same for every delivery of what happened once, and different for what happened twice. */
import { describe, expect, test } from 'vitest';
import {
  aborted,
  BEGIN,
  egress,
  ingress,
  job,
  joined,
  left,
  ns,
  type Payload,
  published,
  started,
  understood,
  unpublished,
} from '../call/story.ts';

const factOf = (payload: unknown) => understood(payload).fact;
const active = (updatedAt: string, second = 5) => egress('updated', second, { status: 'EGRESS_ACTIVE', updatedAt });

const LIFE: Payload[] = [
  started(0),
  joined(2, 'ana', { joinedAt: String(BEGIN + 1), joinedAtMs: `${BEGIN + 1}250` }),
  published(3, 'ana', { type: 'VIDEO', source: 'CAMERA' }),
  egress('started', 4),
  egress('updated', 5, { status: 'EGRESS_ACTIVE', startedAt: ns(5), updatedAt: ns(5) }),
  egress('ended', 9, {
    status: 'EGRESS_COMPLETE',
    updatedAt: ns(9),
    fileResults: [{ startedAt: ns(5), duration: '4000' }],
  }),
  ingress('started', 4, { state: { status: 'ENDPOINT_PUBLISHING', startedAt: ns(4) } }),
  ingress('ended', 9, { state: { status: 'ENDPOINT_COMPLETE' } }),
  job('started', 1),
  job('ended', 9, { state: { status: 'JS_SUCCESS' } }),
  unpublished(8, 'ana', { type: 'VIDEO', source: 'CAMERA' }),
  left(9, 'ana', { disconnectReason: 'DUPLICATE_IDENTITY' }),
  aborted(9, 'ben'),
];

test('a delivery under another id tells the same fact', () => {
  for (const payload of LIFE) expect(factOf({ ...payload, id: 'EV_other' })).toBe(factOf(payload));
});

test('no two events of a call tell the same fact', () => {
  expect(new Set(LIFE.map(factOf)).size).toBe(LIFE.length);
});

describe('one event in other encodings is one fact', () => {
  const walk = (value: unknown, change: (key: string, value: unknown) => [string, unknown]): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, change));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => change(key, walk(child, change))));
  };
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const ENUM = /^(status|kind|type|source|disconnectReason)$/;
  const NUMBERS: { [name: string]: number } = {
    ...{
      EGRESS_ACTIVE: 1,
      EGRESS_COMPLETE: 3,
      ENDPOINT_PUBLISHING: 2,
      ENDPOINT_COMPLETE: 4,
      JS_RUNNING: 1,
      JS_SUCCESS: 2,
    },
    ...{ STANDARD: 0, VIDEO: 1, CAMERA: 1, CLIENT_INITIATED: 1, DUPLICATE_IDENTITY: 2 },
  };
  const isInt64 = (value: unknown): value is string => typeof value === 'string' && /^\d+$/.test(value);

  const encodings: { [name: string]: (payload: Payload) => unknown } = {
    snake_case: (payload) => walk(payload, (key, value) => [snake(key), value]),
    'int64 as numbers': (payload) => walk(payload, (key, value) => [key, isInt64(value) ? Number(value) : value]),
    $numberLong: (payload) => walk(payload, (key, value) => [key, isInt64(value) ? { $numberLong: value } : value]),
    'enums in lower case': (payload) =>
      walk(payload, (key, value) => [key, ENUM.test(key) && typeof value === 'string' ? value.toLowerCase() : value]),
    'enums without prefix': (payload) =>
      walk(payload, (key, value) => [
        key,
        ENUM.test(key) && typeof value === 'string' ? value.replace(/^(EGRESS|ENDPOINT|JS)_/, '') : value,
      ]),
    'enums as numbers': (payload) =>
      walk(payload, (key, value) => [
        key,
        ENUM.test(key) && typeof value === 'string' ? (NUMBERS[value] ?? value) : value,
      ]),
    'defaults written out': (payload) => ({
      ...{ participant: null, track: null, egressInfo: null, ingressInfo: null, job: null, numDropped: 0 },
      ...payload,
    }),
    'keys in another order': (payload) => Object.fromEntries(Object.entries(payload).reverse()),
    'createdAt in milliseconds': (payload) => ({ ...payload, createdAt: Number(payload.createdAt) * 1000 }),
  };
  test.each(Object.keys(encodings))('%s', (name) => {
    for (const payload of LIFE) expect(factOf(encodings[name]!(payload))).toBe(factOf(payload));
  });

  test('the seed document’s words', () => {
    const ended = egress('ended', 9, { status: 'EGRESS_COMPLETE' });
    expect(factOf({ ...ended, event: 'recording_finished' })).toBe(factOf(ended));
  });
});

describe('two things that happened are two facts', () => {
  test('two egress_updated of one second with different updatedAt', () => {
    expect(factOf(active(ns(5.1)))).not.toBe(factOf(active(ns(5.2))));
    expect(factOf(active(ns(5.1)))).toBe(factOf({ ...active(ns(5.1)), id: 'EV_again' }));
  });

  test('ACTIVE and ENDING of one second', () => {
    expect(factOf(egress('updated', 5, { status: 'EGRESS_ACTIVE' }))).not.toBe(
      factOf(egress('updated', 5, { status: 'EGRESS_ENDING' })),
    );
  });

  test('two connections of one identity in one second', () => {
    expect(factOf(joined(5, 'ana', { sid: 'PA_1' }))).not.toBe(factOf(joined(5, 'ana', { sid: 'PA_2' })));
  });

  test('two tracks of one person in one second', () => {
    expect(factOf(published(5, 'ana', { sid: 'TR_1' }))).not.toBe(factOf(published(5, 'ana', { sid: 'TR_2' })));
  });

  test('a leave and an aborted try', () => expect(factOf(left(5, 'ana'))).not.toBe(factOf(aborted(5, 'ana'))));

  test('the same thing a second later', () => expect(factOf(left(5, 'ana'))).not.toBe(factOf(left(6, 'ana'))));

  test('two runs of one ingress', () => {
    const run = (resourceId: string) => ingress('ended', 5, { state: { resourceId } });
    expect(factOf(run('RS_1'))).not.toBe(factOf(run('RS_2')));
  });

  test('one ingress in rooms of different names', () => {
    expect(factOf({ ...ingress('ended', 5), room: { name: 'a' } })).not.toBe(
      factOf({ ...ingress('ended', 5), room: { name: 'b' } }),
    );
  });

  test('events of an unknown type with different ids', () => {
    const novel = { ...started(5), event: 'room_renamed' };
    expect(factOf({ ...novel, id: 'EV_1' })).not.toBe(factOf({ ...novel, id: 'EV_2' }));
    expect(factOf({ ...novel, id: 'EV_1' })).toBe(factOf({ ...novel, id: 'EV_1' }));
  });
});
