/** When a room began, whether it is over, and when it ended. */
import { describe, expect, test } from 'vitest';
import {
  finished,
  gapsOf,
  joined,
  left,
  ms,
  published,
  resolved,
  resolvedAt,
  roomOf,
  SID,
  sessionOf,
  started,
  unpublished,
} from './story.ts';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
const statusAt = (now: number, ...story: ReturnType<typeof started>[]) => resolvedAt(now, story).status;

describe('a lost room_started', () => {
  test('is exact where another event carries the creation time', () => {
    const call = resolved(joined(5, 'ana'), left(9, 'ana'), finished(30));
    expect(roomOf(call).start).toEqual({ at: 0, low: 0, high: 0, observed: false });
    expect(gapsOf(call)).toEqual([`room ${SID} room_started [0, 0.999]`]);
  });

  test('is no later than the first sign, and has no low limit', () => {
    const call = resolved(published(5, 'ana'), unpublished(9, 'ana'));
    expect(roomOf(call).start).toEqual({ at: 5, low: Number.NEGATIVE_INFINITY, high: 5, observed: false });
  });
});

describe('a lost room_finished', () => {
  test('expires when nobody has held the room for its longer timeout and a minute', () => {
    const story = [started(0), joined(2, 'ana'), left(10, 'ana')];
    expect(statusAt(10 + 360, ...story)).toBe('active');
    expect(statusAt(10 + 361, ...story)).toBe('expired');
  });

  test('ends between the last proof of life and the end that the timeouts imply', () => {
    const call = resolved(started(0), joined(2, 'ana'), left(10, 'ana'));
    expect(roomOf(call)).toMatchObject({
      status: 'expired',
      state: 'expired',
      end: { at: 10, low: 10, observed: false },
    });
    const { high } = roomOf(call).end;
    expect(high).toBeGreaterThanOrEqual(10 + 20);
    expect(high).toBeLessThanOrEqual(10 + 20 + 3);
    expect(gapsOf(call)).toEqual([expect.stringMatching(`^room ${SID} room_finished \\[10, `)]);
  });

  test('of a room that nobody came to is limited by the empty timeout', () => {
    const call = resolved(started(0));
    const { at, high } = roomOf(call).end;
    expect(at).toBe(0);
    expect(high).toBeGreaterThanOrEqual(300);
    expect(high).toBeLessThanOrEqual(303);
    expect(statusAt(360, started(0))).toBe('active');
    expect(statusAt(361, started(0))).toBe('expired');
  });

  test('takes the timeouts that were told', () => {
    const room = { sid: SID, emptyTimeout: 7200, departureTimeout: 10 };
    const story = [
      { ...started(0), room },
      { ...left(10, 'ana'), room },
    ];
    expect(statusAt(7200 + 60 + 10, ...story)).toBe('active');
    expect(statusAt(7200 + 60 + 11, ...story)).toBe('expired');
  });

  test('says where it took LiveKit’s default timeouts', () => {
    const room = { sid: SID };
    const call = resolved({ ...started(0), room }, { ...left(10, 'ana'), room });
    expect(gapsOf(call)).toContain(`room ${SID} timeouts`);
    expect(gapsOf(resolved(started(0), left(10, 'ana')))).not.toContain(`room ${SID} timeouts`);
  });

  test('does not expire while somebody may be there, until nothing was heard for a day', () => {
    const story = [started(0), joined(2, 'ana')];
    expect(statusAt(24 * HOURS + 2, ...story)).toBe('active');
    const call = resolvedAt(24 * HOURS + 3, story);
    expect(roomOf(call)).toMatchObject({ status: 'expired', end: { at: 2, low: 2, high: Number.POSITIVE_INFINITY } });
    expect(gapsOf(call)).toContain(`room ${SID} room_finished [2, Infinity]`);
    expect(resolvedAt(601, [...story], { staleAfter: 600 }).status).toBe('active');
    expect(resolvedAt(603, [...story], { staleAfter: 600 }).status).toBe('expired');
  });

  test('expires though an agent or a recorder is still there: they hold no room', () => {
    const story = [
      started(0),
      joined(2, 'ana'),
      joined(2, 'agent-1'),
      joined(3, 'EG_1', { kind: 'EGRESS' }),
      left(10, 'ana'),
    ];
    expect(statusAt(371, ...story)).toBe('expired');
  });

  test('does not expire while an ingress or a phone is there: they do', () => {
    for (const kind of ['INGRESS', 'SIP']) {
      const story = [started(0), joined(2, 'x', { kind }), joined(2, 'ana'), left(10, 'ana')];
      expect(statusAt(10 * MINUTES, ...story), kind).toBe('active');
    }
  });
});

describe('a room that is over', () => {
  test('is finished by its event, whatever comes late of a leave or an end', () => {
    const call = resolved(started(0), joined(2, 'ana'), finished(30), unpublished(31, 'ana'), left(32, 'ana'));
    expect(roomOf(call)).toMatchObject({ status: 'finished', end: { at: 30, observed: true } });
  });

  test('is open again by a proof of life beyond its clock’s grain', () => {
    const story = [started(0), joined(2, 'ana'), left(10, 'ana'), finished(30)];
    expect(statusAt(33, ...story, joined(30, 'ben'))).toBe('finished');
    expect(statusAt(33, ...story, joined(31, 'ben'))).toBe('active');
  });

  test('a join within the grain after its end has length 0', () => {
    const call = resolved(started(0), joined(2, 'ana'), left(10, 'ana'), finished(30), joined(30, 'ben'));
    const { span } = call.sessions.find(({ life }) => life.identity === 'ben')!;
    expect(span!.end.at - span!.start.at).toBe(0);
  });
});

describe('a sid that lives twice', () => {
  const first = [started(0), joined(2, 'ana'), left(10, 'ana'), finished(30)];
  const second = [started(40), joined(41, 'ben'), left(50, 'ben')];

  test('is one call, ended by the last room_finished', () => {
    const call = resolved(...first, ...second, finished(71));
    expect(roomOf(call)).toMatchObject({ status: 'finished', state: 'finished', start: { at: 0 }, end: { at: 71 } });
    expect(call.people.map(({ identity }) => identity)).toEqual(['ana', 'ben']);
  });

  test('is open in its second life', () => expect(statusAt(60, ...first, ...second)).toBe('active'));

  test('is open in a second life of which a leave alone tells', () => {
    const late = left(110, 'ben', { joinedAt: String(ms(101) / 1000) });
    expect(roomOf(resolvedAt(120, [...first, late]))).toMatchObject({ status: 'active' });
    expect(sessionOf(resolvedAt(600, [...first, late]), 'PA_ben')).toMatchObject({
      start: { at: 101 },
      end: { at: 110 },
    });
    expect(statusAt(120, ...first, left(110, 'ben', { joinedAt: String(ms(3) / 1000) }))).toBe('finished');
  });

  test('expires in its second life as in its first', () => {
    expect(roomOf(resolvedAt(411, [...first, ...second]))).toMatchObject({ status: 'expired', end: { at: 50 } });
  });
});

test('an event later than now moves now on', () => {
  expect(resolvedAt(5, [started(0), joined(60, 'ana')]).now).toBe(resolvedAt(60, [started(0), joined(60, 'ana')]).now);
});
