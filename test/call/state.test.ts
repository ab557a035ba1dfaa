/** getState: who is there at t is who is there in [t, ...). */
import { describe, expect, test } from 'vitest';
import { stateAt } from '../../src/call/state.ts';
import {
  egress,
  finished,
  ingress,
  iso,
  joined,
  left,
  ms,
  ns,
  published,
  resolvedAt,
  SID,
  started,
  unpublished,
} from './story.ts';

const STORY = [
  started(0),
  joined(2, 'ana', { name: 'Ana' }),
  published(3, 'ana'),
  egress('started', 4),
  egress('updated', 5, { status: 'EGRESS_ACTIVE' }),
  ingress('started', 6, { state: { startedAt: ns(6) } }),
  unpublished(8, 'ana'),
  left(10, 'ana'),
  joined(10, 'ben'),
  ingress('ended', 12, { state: { endedAt: ns(12) } }),
  egress('ended', 15, { status: 'EGRESS_COMPLETE' }),
  left(20, 'ben'),
  finished(40),
];
const at = (second: number, story = STORY, now = 3600) => stateAt(resolvedAt(now, story), ms(second));
const who = (second: number) => at(second).participants.map(({ identity }) => identity);

describe('half-open', () => {
  test('a person is there from the instant of joining, and gone in the instant of leaving', () => {
    expect([who(1.999), who(2), who(9.999)]).toEqual([[], ['ana'], ['ana']]);
  });

  test('who leaves in the instant another joins was never there with them', () => {
    expect([who(10), who(19.999), who(20)]).toEqual([['ben'], ['ben'], []]);
  });

  test('a track, a recording and an ingress likewise', () => {
    const tracks = (second: number) =>
      at(second).participants.flatMap((person) => person.published.map(({ sid }) => sid));
    expect([tracks(2.999), tracks(3), tracks(7.999), tracks(8)]).toEqual([[], ['TR_ana'], ['TR_ana'], []]);
    const recordings = (second: number) => at(second).recordings.map(({ id }) => id);
    expect([recordings(4.999), recordings(5), recordings(14.999), recordings(15)]).toEqual([
      [],
      ['EG_1'],
      ['EG_1'],
      [],
    ]);
    const ingresses = (second: number) => at(second).ingresses.map(({ id }) => id);
    expect([ingresses(5.999), ingresses(6), ingresses(11.999), ingresses(12)]).toEqual([[], ['IN_1'], ['IN_1'], []]);
  });

  test('the room is unheard of before its begin, active until its end, finished from then on', () => {
    expect([-0.001, 0, 39.999, 40].map((second) => at(second).status)).toEqual([
      'unheard',
      'active',
      'active',
      'finished',
    ]);
  });
});

test('says what is known of each', () => {
  expect(at(7)).toEqual({
    roomSid: SID,
    roomName: 'story',
    at: iso(7),
    status: 'active',
    participants: [
      {
        identity: 'ana',
        sid: 'PA_ana',
        kind: 'STANDARD',
        role: 'human',
        hidden: false,
        joinedAt: iso(2),
        published: [{ sid: 'TR_ana', source: 'microphone', type: 'AUDIO', since: iso(3) }],
      },
    ],
    recordings: [{ id: 'EG_1', kind: 'roomComposite', since: iso(5) }],
    ingresses: [{ id: 'IN_1', since: iso(6) }],
  });
});

describe('an open room', () => {
  const open = STORY.slice(0, 3);

  test('of now has in it who has not left', () => {
    expect(at(60, open, 60).participants).toMatchObject([{ identity: 'ana', published: [{ sid: 'TR_ana' }] }]);
  });

  test('of the past has in it who was there then, with what was published then', () =>
    expect(at(2.5, open, 60).participants).toMatchObject([{ published: [] }]));

  test('of the future has nobody: it is not known', () => expect(at(61, open, 60).participants).toEqual([]));
});

test('an aborted try was never there, a failed egress recorded nothing', () => {
  const story = [
    started(0),
    egress('updated', 5, { status: 'EGRESS_ACTIVE' }),
    egress('ended', 9, { status: 'EGRESS_FAILED' }),
    finished(40),
  ];
  expect(at(7, story)).toMatchObject({ participants: [], recordings: [] });
});

test('an expired room is so from its last proof of life on', () => {
  const story = [started(0), joined(2, 'ana'), left(10, 'ana')];
  expect([at(9, story).status, at(10, story).status]).toEqual(['active', 'expired']);
});
