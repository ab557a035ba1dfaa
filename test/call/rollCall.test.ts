/** What LiveKit answers about a room of which too little came. */
import { describe, expect, test } from 'vitest';
import { suspicionOf } from '../../src/call/suspicion.ts';
import {
  BEGIN,
  egress,
  finished,
  iso,
  joined,
  left,
  type Payload,
  published,
  resolvedAt,
  SID,
  sessionOf,
  started,
} from './story.ts';

const asked = (second: number, exists: boolean, present: string[] = [], egresses: Payload[] = []): Payload => ({
  event: 'reconciled',
  id: `RC_${second}`,
  createdAt: String((BEGIN + second) * 1000),
  room: { sid: SID, name: 'story' },
  answer: {
    exists,
    participants: present.map((identity) => ({ sid: `PA_${identity}`, identity, state: 'ACTIVE' })),
    egresses,
  },
});
const end = (second: number, ...story: Payload[]) => {
  const { status, room } = resolvedAt(second, story);
  return {
    status,
    at: iso(room.end.at / 1000 - BEGIN),
    low: iso(room.end.low / 1000 - BEGIN),
    high: iso(room.end.high / 1000 - BEGIN),
  };
};

describe('a room that LiveKit does not know any more', () => {
  test('is over, and its end lies between its last proof of life and the answer', () => {
    const story = [started(0), joined(2, 'ana'), published(9, 'ana')];
    expect(end(100, ...story)).toMatchObject({ status: 'active' });
    expect(end(100, ...story, asked(90, false))).toEqual({ status: 'expired', at: iso(9), low: iso(9), high: iso(90) });
  });

  test('ends those who are in it no later than the answer', () => {
    const ana = sessionOf(resolvedAt(100, [started(0), joined(2, 'ana'), asked(90, false)]), 'PA_ana');
    expect(ana).toMatchObject({ open: false, end: { low: 2, high: 90 } });
  });

  test('is finished all the same where room_finished comes after all', () => {
    expect(end(100, started(0), asked(90, false), finished(50))).toMatchObject({ status: 'finished', at: iso(50) });
  });

  test('goes on where it shows life after the answer', () => {
    expect(end(100, started(0), asked(50, false), joined(60, 'ana'))).toMatchObject({ status: 'active' });
  });
});

describe('of a room that goes on, LiveKit’s answer', () => {
  test('ends who is not there', () => {
    const resolved = resolvedAt(100, [started(0), joined(2, 'ana'), joined(3, 'ben'), asked(60, true, ['ben'])]);
    expect(resolved.status).toBe('active');
    expect(sessionOf(resolved, 'PA_ana')).toMatchObject({ open: false, end: { observed: false, high: 60 } });
    expect(sessionOf(resolved, 'PA_ben').open).toBe(true);
    expect(resolved.gaps).toContainEqual(expect.objectContaining({ sid: 'PA_ana', missing: 'participant_left' }));
  });

  test('proves who is there, though no join came', () => {
    const cleo = sessionOf(resolvedAt(100, [started(0), asked(60, true, ['cleo'])]), 'PA_cleo');
    expect(cleo).toMatchObject({ open: true, start: { observed: false } });
  });

  test('says nothing of who came after it', () => {
    const resolved = resolvedAt(100, [started(0), asked(60, true), joined(70, 'ana')]);
    expect(sessionOf(resolved, 'PA_ana').open).toBe(true);
  });

  test('tells how an egress ended', () => {
    const info = {
      egressId: 'EG_1',
      status: 'EGRESS_COMPLETE',
      startedAt: `${BEGIN + 5}000000000`,
      endedAt: `${BEGIN + 50}000000000`,
    };
    const story = [started(0), joined(1, 'ana'), egress('started', 4), asked(60, true, ['ana'], [info])];
    const [recording] = resolvedAt(100, story).egresses;
    expect(recording!.span!.end.at).toBe((BEGIN + 50) * 1000);
  });
});

test.each<[string, number, Payload[], string | undefined]>([
  ['that goes on', 100, [started(0), joined(2, 'ana')], undefined],
  ['that is over', 100, [started(0), joined(2, 'ana'), left(9, 'ana'), finished(29)], undefined],
  ['whose last one left long ago', 90, [started(0), joined(2, 'ana'), left(9, 'ana')], 'overdue'],
  ['whose last one left just now', 20, [started(0), joined(2, 'ana'), left(9, 'ana')], undefined],
  ['without any sign for a quarter of an hour', 903, [started(0), joined(2, 'ana')], 'silent'],
  ['without any sign for less', 901, [started(0), joined(2, 'ana')], undefined],
  ['that was given up', 8000, [started(0), joined(2, 'ana'), left(9, 'ana')], 'unended'],
  ['that LiveKit does not know', 8000, [started(0), joined(2, 'ana'), asked(90, false)], undefined],
])('a room %s is suspicious or not', (_, second, story, why) => {
  expect(suspicionOf(resolvedAt(second, story))?.why).toBe(why);
});
