/** Each machine: its life when all is heard, and what a signal that cannot come in a state says was lost. */
import { describe, expect, test } from 'vitest';
import { EGRESS, INGRESS, JOB, ROOM, run, SESSION, TRACK } from '../../src/call/machines.ts';

type Row = [signals: string[], state: string, lost: { start?: string; end?: string }];

const TABLES: { [name: string]: [Parameters<typeof run>[0], Row[]] } = {
  room: [
    ROOM,
    [
      [[], 'unheard', {}],
      [['started'], 'active', {}],
      [['started', 'sign', 'finished'], 'finished', {}],
      [['sign'], 'active', { start: 'room_started' }],
      [['finished'], 'finished', { start: 'room_started' }],
      [['started', 'silence'], 'expired', { end: 'room_finished' }],
      [['sign', 'silence'], 'expired', { start: 'room_started', end: 'room_finished' }],
      [['started', 'finished', 'started'], 'active', {}], // its node died: LiveKit hosts the same sid anew
      [['started', 'finished', 'silence'], 'finished', {}],
    ],
  ],
  session: [
    SESSION,
    [
      [['joined', 'sign', 'left'], 'left', {}],
      [['aborted'], 'aborted', {}],
      [['sign', 'left'], 'left', { start: 'participant_joined' }],
      [['left'], 'left', { start: 'participant_joined' }],
      [['joined', 'over'], 'left', { end: 'participant_left' }],
      [['sign', 'over'], 'left', { start: 'participant_joined', end: 'participant_left' }],
      [['joined', 'aborted'], 'left', {}],
      [['joined', 'left', 'over'], 'left', {}],
      [['joined'], 'present', {}],
    ],
  ],
  track: [
    TRACK,
    [
      [['published', 'unpublished'], 'unpublished', {}],
      [['unpublished'], 'unpublished', { start: 'track_published' }],
      [['published', 'over'], 'unpublished', { end: 'track_unpublished' }],
      [['published', 'unpublished', 'over'], 'unpublished', {}],
      [['published'], 'published', {}],
    ],
  ],
  egress: [
    EGRESS,
    [
      [['requested', 'active', 'ended'], 'ended', {}],
      [['requested', 'failed'], 'failed', {}],
      [['failed'], 'failed', {}], // an automatic egress may fail before it was announced
      [['active', 'failed'], 'failed', {}],
      [['ended'], 'ended', { start: 'egress_started' }],
      [['requested', 'over'], 'ended', { start: 'egress_updated', end: 'egress_ended' }],
      [['requested', 'active', 'over'], 'ended', { end: 'egress_ended' }],
      [['requested'], 'starting', {}],
    ],
  ],
  ingress: [
    INGRESS,
    [
      [['started', 'ended'], 'ended', {}],
      [['ended'], 'ended', { start: 'ingress_started' }],
      [['started', 'over'], 'ended', { end: 'ingress_ended' }],
    ],
  ],
  'agent job': [
    JOB,
    [
      [['started', 'ended'], 'ended', {}],
      [['ended'], 'ended', { start: 'agent_job_started' }],
      [['started', 'over'], 'ended', { end: 'agent_job_ended' }],
    ],
  ],
};

describe.each(Object.entries(TABLES))('%s', (_, [machine, rows]) => {
  test.each(rows)('%j -> %s, lost %j', (signals, state, lost) => {
    expect(run(machine, signals as never[])).toEqual({ state, lost });
  });

  test('a signal that means nothing in a state changes nothing', () => {
    for (const [signals, state, lost] of rows) {
      const noisy = signals.flatMap((signal) => [null, signal, false] as never[]);
      expect(run(machine, noisy)).toEqual({ state, lost });
    }
  });

  test('every state it leads to stands in its table, and every state can be reached', () => {
    const { initial, steps } = machine as {
      initial: string;
      steps: { [state: string]: { [signal: string]: { to: string } } };
    };
    const targets = Object.values(steps).flatMap((byName) => Object.values(byName).map(({ to }) => to));
    expect(Object.keys(steps).sort()).toEqual([...new Set([initial, ...targets])].sort());
  });
});
