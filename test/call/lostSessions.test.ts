/** Where a join or a leave was lost: the point that the proofs support best, and the range that holds the truth. */
import { describe, expect, test } from 'vitest';
import {
  aborted,
  finished,
  gapsOf,
  joined,
  left,
  ms,
  ns,
  published,
  resolved,
  resolvedAt,
  sessionOf,
  started,
  unpublished,
} from './story.ts';

const [ONE, TWO] = [{ sid: 'PA_1' }, { sid: 'PA_2' }];

test('an agent’s lost leave lies beside that of the last human, also where room_finished was lost', () => {
  const call = resolvedAt(1000, [started(0), joined(1, 'ana'), joined(2, 'agent-1'), left(130, 'ana')]);
  expect(sessionOf(call, 'PA_agent-1').end).toEqual({ at: 130, low: 2, high: 152, observed: false });
});

describe('a lost join', () => {
  test('is no later than the session’s first sign', () => {
    const call = resolved(started(0), published(5, 'ana'), unpublished(9, 'ana'), left(10, 'ana'), finished(30));
    expect(sessionOf(call, 'PA_ana').start).toEqual({ at: 5, low: 0, high: 5, observed: false });
    expect(gapsOf(call)).toEqual(['participant PA_ana participant_joined [0, 5.999]']);
    expect(call.gaps[0]!.resolvedBy).toBe('the first sign of the session');
  });

  test('is exact where a later event carries joinedAt', () => {
    const call = resolved(started(0), left(10, 'ana', { joinedAtMs: String(ms(2.5)) }), finished(30));
    expect(sessionOf(call, 'PA_ana').start).toEqual({ at: 2.5, low: 2.5, high: 2.5, observed: false });
    expect(gapsOf(call)).toEqual(['participant PA_ana participant_joined [2.5, 2.5]']);
    expect(call.gaps[0]!.resolvedBy).toBe('joinedAt of a later event');
  });

  test('came no earlier than two seconds before the last sign of the session that it took over', () => {
    const call = resolved(
      started(0),
      joined(2, 'ana', ONE),
      published(20, 'ana', { sid: 'TR_1', by: 'PA_1' }),
      published(30, 'ana', { sid: 'TR_2', by: 'PA_2' }),
      left(40, 'ana', TWO),
      finished(60),
    );
    expect(sessionOf(call, 'PA_2').start).toEqual({ at: 30, low: 18, high: 30, observed: false });
  });

  test('with no other sign than the leave may have been a mere try, on servers that do not tell tries', () => {
    const certain = (more: object) =>
      resolved(started(0), left(10, 'ana', { kind: undefined, ...more }), finished(30)).sessions[0]!.span!.certain;
    expect(certain({})).toBe(false);
    expect(certain({ joinedAtMs: String(ms(3)) })).toBe(true);
  });
});

describe('a lost leave', () => {
  test('of one who held the room lies the departure timeout before its end', () => {
    const call = resolved(started(0), joined(2, 'ana'), finished(30));
    expect(sessionOf(call, 'PA_ana').end).toEqual({ at: 10, low: 2, high: 30, observed: false });
    expect(gapsOf(call)).toEqual(['participant PA_ana participant_left [2, 30.999]']);
    expect(call.gaps[0]!.resolvedBy).toContain('departure timeout');
  });

  test('lies at the room’s end where that was closed from outside', () => {
    const deleted = finished(30, { roomEndReason: 'ROOM_END_API_DELETE' });
    expect(sessionOf(resolved(started(0), joined(2, 'ana'), deleted), 'PA_ana').end).toMatchObject({
      at: 30,
      low: 2,
      high: 30,
    });
    const another = left(30, 'ben', { disconnectReason: 'ROOM_DELETED' });
    const call = resolved(started(0), joined(2, 'ana'), joined(2, 'ben'), another, finished(30));
    expect(sessionOf(call, 'PA_ana').end).toMatchObject({ at: 30 });
  });

  test('of an agent lies at the last human’s leave', () => {
    const call = resolved(started(0), joined(2, 'ana'), joined(3, 'agent-1'), left(15, 'ana'), finished(35));
    expect(sessionOf(call, 'PA_agent-1').end).toEqual({ at: 15, low: 3, high: 35, observed: false });
    expect(call.gaps[0]!.resolvedBy).toContain('last human');
  });

  test('lies where the last of its tracks was unpublished', () => {
    const call = resolved(started(0), joined(2, 'ana'), published(3, 'ana'), unpublished(8, 'ana'), finished(40));
    expect(sessionOf(call, 'PA_ana').end).toEqual({ at: 8, low: 8, high: 40, observed: false });
  });

  test('is no later than two seconds after the same identity’s next join', () => {
    const call = resolved(
      started(0),
      joined(2, 'ana', ONE),
      joined(20, 'ana', TWO),
      left(30, 'ana', TWO),
      finished(50),
    );
    expect(sessionOf(call, 'PA_1').end).toMatchObject({ at: 20, low: 2, observed: false });
    expect(gapsOf(call)).toEqual(['participant PA_1 participant_left [2, 22.999]']);
    expect(call.gaps[0]!.resolvedBy).toBe('the next join of the same identity');
  });

  test('is limited by the high end of the next join’s own range, where that was lost too', () => {
    const call = resolved(
      started(0),
      joined(2, 'ana', ONE),
      published(20, 'ana', { sid: 'TR_1', by: 'PA_1' }),
      published(30, 'ana', { sid: 'TR_2', by: 'PA_2' }),
      left(40, 'ana', TWO),
      finished(60),
    );
    expect(gapsOf(call)).toContain('participant PA_1 participant_left [20, 32.999]');
  });

  test('is not limited by an aborted try', () => {
    const call = resolved(started(0), joined(2, 'ana', ONE), aborted(10, 'ana', TWO), finished(60));
    expect(gapsOf(call)).toEqual(['participant PA_1 participant_left [2, 60.999]']);
    expect(sessionOf(call, 'PA_1').end.at).toBe(40);
  });

  test('is none while the room is open', () => {
    const call = resolvedAt(60, [started(0), joined(2, 'ana')]);
    expect(sessionOf(call, 'PA_ana')).toMatchObject({ state: 'present', open: true, end: { at: 60 } });
    expect(gapsOf(call)).toEqual([]);
  });

  test('of an earlier session is one even while the room is open: one identity is connected once', () => {
    const call = resolvedAt(60, [started(0), joined(2, 'ana', ONE), joined(20, 'ana', TWO)]);
    expect(sessionOf(call, 'PA_1')).toMatchObject({ open: false, end: { at: 20 } });
    expect(sessionOf(call, 'PA_2')).toMatchObject({ open: true });
  });
});

describe('a whole session', () => {
  test('begins at LiveKit’s own joinedAt, and media when the join was told', () => {
    const call = resolved(started(0), joined(5, 'ana', { joinedAtMs: String(ms(3.2)) }), left(10, 'ana'), finished(30));
    expect(sessionOf(call, 'PA_ana').start).toEqual({ at: 3.2, low: 3.2, high: 3.2, observed: true });
    expect(call.sessions[0]!.activeAt).toBe(ms(5));
    expect(gapsOf(call)).toEqual([]);
  });

  test('lies within its room: the room’s end caps it', () => {
    const call = resolved(started(0), joined(2, 'ana'), finished(30), left(35, 'ana'));
    expect(sessionOf(call, 'PA_ana').end).toMatchObject({ at: 30, observed: true });
  });

  test('does not end before it began, by whichever clock', () => {
    const call = resolved(started(0), joined(9, 'ana', { joinedAtMs: String(ms(8.7)) }), left(8, 'ana'), finished(30));
    const { start, end } = sessionOf(call, 'PA_ana');
    expect(end.at).toBe(start.at);
  });

  test('is the same whichever of leave and next join comes first', () => {
    const story = [
      started(0),
      joined(2, 'ana', ONE),
      left(20, 'ana', { ...ONE, disconnectReason: 'DUPLICATE_IDENTITY' }),
    ];
    const call = resolved(...story, joined(20, 'ana', TWO), left(30, 'ana', TWO), finished(50));
    expect(call.boundaries).toEqual({ expected: 6, observed: 6 });
    expect(sessionOf(call, 'PA_1').end.at).toBe(20);
    expect(sessionOf(call, 'PA_2').start.at).toBe(20);
  });
});

describe('a joinedAt that is not believed', () => {
  test('since it lies more than a minute after its event', () => {
    const call = resolved(started(0), joined(5, 'ana', { joinedAt: ms(66) }), left(10, 'ana'), finished(100));
    expect(sessionOf(call, 'PA_ana').start.at).toBe(5);
    expect(gapsOf(call)).toEqual(['participant PA_ana participant.joinedAt']);
    expect(call.gaps[0]!.resolvedBy).toMatch(/^not believed: .*after the event/);
  });

  test('since it lies more than a minute before the room’s creation', () => {
    const call = resolved(started(0), joined(5, 'ana', { joinedAtMs: ms(-60.001) }), left(10, 'ana'), finished(30));
    expect(sessionOf(call, 'PA_ana').start.at).toBe(5);
    expect(gapsOf(call)).toEqual(['participant PA_ana participant.joinedAt']);
    expect(call.gaps[0]!.resolvedBy).toMatch(/^not believed: .*before the room/);
  });

  test('a minute before is believed, and clamped into the room', () => {
    const call = resolved(started(0), joined(5, 'ana', { joinedAtMs: ms(-60) }), left(10, 'ana'), finished(30));
    expect(sessionOf(call, 'PA_ana').start.at).toBe(0);
    expect(gapsOf(call)).toEqual([]);
  });
});

test('event types that are never sent are not expected', () => {
  const story = [started(0), joined(2, 'ana'), published(3, 'ana'), finished(30)];
  expect(resolvedAt(60, story).boundaries).toEqual({ expected: 6, observed: 4 });
  const neverSent = ['participant_left', 'track_unpublished'];
  expect(resolvedAt(60, story, { neverSent }).boundaries).toEqual({ expected: 4, observed: 4 });
});

test('an aborted try has one boundary, an open span its start', () => {
  expect(resolvedAt(60, [started(0), aborted(5, 'ana')]).boundaries).toEqual({ expected: 2, observed: 2 });
  expect(resolvedAt(60, [started(0), joined(5, 'ana'), published(6, 'ana')]).boundaries).toEqual({
    expected: 3,
    observed: 3,
  });
});

test('nanoseconds and milliseconds tell the same instants', () => {
  const call = resolved(started(0), joined(5, 'ana', { joinedAt: ns(3.2) }), left(10, 'ana'), finished(30));
  expect(sessionOf(call, 'PA_ana').start.at).toBe(3.2);
});
