import { describe, expect, test } from 'vitest';
import { type Json, mismatch, parsePath, readGoldenFile, resolve } from './expectation.ts';

const metrics = {
  duration: 120.25,
  name: 'Desk',
  empty: null,
  endReason: null,
  participants: {
    list: [
      { identity: 'ana', sessions: [{ leftAt: null, reason: 'CLIENT_INITIATED' }] },
      { identity: 'agent-AJ_1.x', sessions: [] },
    ],
  },
  evidence: {
    bounds: {
      'participants.participantSeconds': [58, 135.5],
      endedAt: ['2026-11-20T10:00:00.000Z', null],
    },
    uncertain: ['agent.leftFirst', 'endReason.class'],
  },
  methods: { tracks: 2 },
};

describe('resolve', () => {
  test.each([
    ['duration', 120.25],
    ['participants.list[0].identity', 'ana'],
    ['participants.list[identity=ana].sessions[0].reason', 'CLIENT_INITIATED'],
    ['participants.list[identity=agent-AJ_1.x].sessions.length', 0],
    ['participants.list.length', 2],
    ['name.length', 4],
    ['evidence.bounds["participants.participantSeconds"][1]', 135.5],
    ['evidence.bounds["endedAt"][0]', '2026-11-20T10:00:00.000Z'],
    ['participants.list[identity=ana].sessions[0].leftAt', null],
    ['participants.list[identity=nobody].sessions', undefined],
    ['participants.list[7].identity', undefined],
    ['endReason.class', undefined],
    ['constructor', undefined],
    ['participants.toString', undefined],
  ])('%s', (path, value) => {
    expect(resolve(metrics, path)).toBe(value);
  });

  test('an identity that is a name of Object', () => {
    const list = JSON.parse('[{"identity":"__proto__","seconds":3},{"identity":"constructor","seconds":4}]');
    expect(resolve({ list }, 'list[identity=__proto__].seconds')).toBe(3);
    expect(resolve({ list }, 'list[identity=constructor].seconds')).toBe(4);
    expect(resolve(JSON.parse('{"map":{"__proto__":5}}'), 'map.__proto__')).toBe(5);
  });

  test('a path that cannot be read is an error, not nothing', () => {
    for (const path of ['', 'a[', 'a]b', 'a["b]', 'a="b"']) expect(() => parsePath(path), path).toThrow(/path/);
  });
});

describe('mismatch', () => {
  const right: [string, Json][] = [
    ['duration', 120.25],
    ['duration', 120.2505],
    ['duration', { in: [120, 121] }],
    ['duration', { in: [120.25, 120.25] }],
    ['duration', { not: 120 }],
    ['duration', { not: null }],
    ['empty', null],
    ['empty', { null: true }],
    ['name', { null: false }],
    ['nothing', { absent: true }],
    ['name', { absent: false }],
    ['name', 'Desk'],
    ['name', { match: '^desk$' }],
    ['name', { not: 'desk' }],
    ['methods', { tracks: 2 }],
    ['evidence.uncertain', ['agent.leftFirst', 'endReason.class']],
    ['evidence.uncertain', { contains: 'agent.leftFirst' }],
    ['evidence.bounds["participants.participantSeconds"]', { contains: 58 }],
    ['evidence.bounds["participants.participantSeconds"]', { contains: 135.5 }],
    ['evidence.bounds.endedAt', { contains: '2026-11-20T10:00:00Z' }],
    ['evidence.bounds.endedAt', { contains: '2027-01-01T00:00:00.000Z' }],
    ['evidence.bounds.endedAt[0]', { in: ['2026-11-20T09:00:00.000Z', '2026-11-20T11:00:00.000Z'] }],
  ];
  test.each(right)('%s is %j', (path, form) => {
    expect(mismatch(metrics, path, form)).toBeNull();
  });

  const wrong: [string, Json, RegExp][] = [
    ['duration', 120.251, /^duration: expected 120.251, found 120.25$/],
    ['duration', '120.25', /expected "120.25"/],
    ['duration', { in: [121, 122] }, /in \[121,122\], found 120.25/],
    ['duration', { not: 120.25 }, /anything but 120.25/],
    ['duration', { null: true }, /expected null, found 120.25/],
    ['duration', { match: '1' }, /text that matches/],
    ['duration', { contains: 3 }, /a range \[low, high\]/],
    ['empty', { in: [0, 1] }, /found null/],
    ['empty', { absent: true }, /nothing there, found null/],
    ['empty', 0, /expected 0, found null/],
    ['nothing', { null: true }, /expected null, found nothing/],
    ['nothing', { not: 3 }, /found nothing/],
    ['name', { match: 'phone' }, /\/phone\/i, found "Desk"/],
    ['methods', { tracks: 2, e2e: 1 }, /found {"tracks":2}/],
    ['evidence.uncertain', { contains: 'agent.silent' }, /in the list/],
    ['evidence.bounds["participants.participantSeconds"]', { contains: 57.9 }, /around 57.9, found \[58,135.5\]/],
    ['evidence.bounds.endedAt', { contains: '2026-11-20T09:59:59.000Z' }, /around/],
    ['endReason.class', 'unknown', /\(endReason is null\)/],
    ['participants.list[identity=bob].x', 1, /\(participants.list has \["0","1"\]\)/],
    ['evidence.bounds["callDuration"]', { contains: 1 }, /\(evidence.bounds has \["participants.participantSeconds"/],
  ];
  test.each(wrong)('%s is not %j', (path, form, message) => {
    expect(mismatch(metrics, path, form)).toMatch(message);
  });

  test('an expectation that is nonsense is an error', () => {
    expect(() => mismatch(metrics, 'duration', { in: 3 })).toThrow(/\[low, high\]/);
  });
});

test('readGoldenFile', () => {
  const golden = readGoldenFile(
    '{"$now":"2026-12-01T00:00:00Z","$story":"x","$replay":{"quarantined":2},"RM_a":{"duration":1}}',
  );
  expect(golden.now).toBe('2026-12-01T00:00:00Z');
  expect(golden.quarantined).toBe(2);
  expect([...golden.rooms]).toEqual([['RM_a', new Map([['duration', 1]])]]);
});
