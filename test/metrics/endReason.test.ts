/** Why a call ended: the first rule of metrics.md that applies. */
import { describe, expect, test } from 'vitest';
import { finished, joined, left, type Payload, started } from '../call/story.ts';
import { measured, measuredAt } from './measured.ts';

const reasonOf = (...story: Payload[]) => measured(started(0), ...story).endReason;
const because = (disconnectReason: string | undefined) => ({ disconnectReason });
const of = (name: string, raw: string | null, identity: string | null) => ({ class: name, raw, identity });
/** Two that talk, and the one that leaves first at 20. */
const parted = (leaver: string, stayer: string, reason: string | undefined) =>
  reasonOf(joined(2, leaver), joined(2, stayer), left(20, leaver, because(reason)), left(25, stayer), finished(45));

test('an active call has none', () => {
  expect(measuredAt(30, [started(0), joined(2, 'ana')]).endReason).toBeNull();
});

describe('rule 1: the room was closed', () => {
  test.each([
    ['ROOM_END_API_DELETE', 'completed_by_app'],
    ['ROOM_END_SERVER_SHUTDOWN', 'server_shutdown'],
  ])('by its own reason %s', (roomEndReason, name) => {
    const story = [joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), left(20, 'ben')];
    expect(reasonOf(...story, finished(20, { roomEndReason }))).toEqual(of(name, roomEndReason, null));
  });

  test.each([
    ['ROOM_DELETED', 'completed_by_app'],
    ['SERVER_SHUTDOWN', 'server_shutdown'],
  ])('by a leave with %s within two seconds of the last', (reason, name) => {
    const story = (last: number) => [
      joined(2, 'ana'),
      joined(2, 'ben'),
      left(20, 'ana', because(reason)),
      left(last, 'ben'),
      finished(40),
    ];
    expect(reasonOf(...story(20))).toEqual(of(name, reason, null));
    expect(reasonOf(...story(22))).toEqual(of(name, reason, null));
    expect(reasonOf(...story(23))!.class).not.toBe(name);
  });

  test('but not where it was merely idle', () => {
    const idle = finished(45, { roomEndReason: 'ROOM_END_IDLE_TIMEOUT' });
    expect(reasonOf(joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), left(25, 'ben'), idle)).toEqual(
      of('human_hangup', 'CLIENT_INITIATED', 'ana'),
    );
  });
});

describe('rule 2: the leave that parted the last two', () => {
  test.each([
    ['CLIENT_INITIATED', 'human_hangup', 'agent_hangup'],
    ['PARTICIPANT_REMOVED', 'kicked', 'kicked'],
    ['DUPLICATE_IDENTITY', 'duplicate_identity', 'duplicate_identity'],
    ['SIGNAL_CLOSE', 'connection_lost', 'connection_lost'],
    ['CONNECTION_TIMEOUT', 'connection_lost', 'connection_lost'],
    ['MEDIA_FAILURE', 'connection_lost', 'connection_lost'],
    ['STATE_MISMATCH', 'connection_lost', 'connection_lost'],
    ['JOIN_FAILURE', 'connection_lost', 'connection_lost'],
    ['MIGRATION', 'connection_lost', 'connection_lost'],
    ['AGENT_ERROR', 'agent_error', 'agent_error'],
  ])('with %s is %s of a human, %s of an agent', (raw, human, agent) => {
    expect(parted('ana', 'agent-1', raw)).toEqual(of(human, raw, 'ana'));
    expect(parted('agent-1', 'ana', raw)).toEqual(of(agent, raw, 'agent-1'));
  });

  test('without a reason is a hangup', () => {
    expect(parted('ana', 'ben', undefined)).toEqual(of('human_hangup', null, 'ana'));
    expect(parted('agent-1', 'ana', 'UNKNOWN_REASON')).toEqual(of('agent_hangup', null, 'agent-1'));
  });

  test('for the last time: who comes back has parted nobody', () => {
    const story = [joined(2, 'ana', { sid: 'PA_1' }), joined(2, 'agent-1'), left(10, 'ana', { sid: 'PA_1' })];
    const again = [joined(15, 'ana', { sid: 'PA_2' }), left(20, 'agent-1'), left(30, 'ana', { sid: 'PA_2' })];
    expect(reasonOf(...story, ...again, finished(50))).toEqual(of('agent_hangup', 'CLIENT_INITIATED', 'agent-1'));
  });

  test('takes below two: of three, the first leave parted nobody', () => {
    const three = ['ana', 'ben', 'cem'].map((identity) => joined(2, identity));
    expect(reasonOf(...three, left(10, 'ana'), left(20, 'ben'), left(30, 'cem'), finished(50))!.identity).toBe('ben');
  });
});

describe('several leaves in one instant', () => {
  const together = (...leaves: [string, string | undefined][]) =>
    reasonOf(
      ...leaves.map(([who]) => joined(2, who)),
      ...leaves.map(([who, reason]) => left(20, who, because(reason))),
      finished(40),
    );

  test('are the human’s', () => {
    expect(together(['agent-1', 'AGENT_ERROR'], ['ana', 'SIGNAL_CLOSE'])).toEqual(
      of('connection_lost', 'SIGNAL_CLOSE', 'ana'),
    );
  });

  test('of several humans are nobody’s', () => {
    expect(together(['ana', 'CLIENT_INITIATED'], ['ben', 'CLIENT_INITIATED'])).toEqual(
      of('human_hangup', 'CLIENT_INITIATED', null),
    );
  });

  test('with different reasons go in the order of the rule’s list', () => {
    expect(together(['ana', 'CONNECTION_TIMEOUT'], ['ben', 'PARTICIPANT_REMOVED'])).toEqual(
      of('kicked', 'PARTICIPANT_REMOVED', null),
    );
    expect(together(['ana', 'DUPLICATE_IDENTITY'], ['ben', 'CLIENT_INITIATED'])).toEqual(
      of('human_hangup', 'CLIENT_INITIATED', null),
    );
  });

  test('of which one is ROOM_CLOSED are the other’s', () => {
    expect(together(['ana', 'ROOM_CLOSED'], ['agent-1', 'CLIENT_INITIATED'])).toEqual(
      of('agent_hangup', 'CLIENT_INITIATED', 'agent-1'),
    );
  });
});

describe('ROOM_CLOSED explains nothing', () => {
  test('the leave before it does', () => {
    const three = ['ana', 'ben', 'agent-1'].map((identity) => joined(2, identity));
    const closed = [left(20, 'ben', because('ROOM_CLOSED')), left(20, 'agent-1', because('ROOM_CLOSED'))];
    expect(reasonOf(...three, left(10, 'ana'), ...closed, finished(20))).toEqual(
      of('human_hangup', 'CLIENT_INITIATED', 'ana'),
    );
  });

  test('and where none is before, it is unknown, with its word', () => {
    const two = [joined(2, 'ana'), joined(2, 'agent-1')];
    const closed = [left(20, 'ana', because('ROOM_CLOSED')), left(20, 'agent-1', because('ROOM_CLOSED'))];
    expect(reasonOf(...two, ...closed, finished(20))).toEqual(of('unknown', 'ROOM_CLOSED', null));
  });
});

describe('rule 3: a phone was not answered', () => {
  test.each([
    ['USER_UNAVAILABLE', 'no_answer'],
    ['USER_REJECTED', 'rejected'],
    ['SIP_TRUNK_FAILURE', 'trunk_failure'],
  ])('%s is %s', (raw, name) => {
    const phone = { kind: 'SIP' };
    const story = [joined(2, 'agent-1'), joined(3, 'phone', phone), left(30, 'phone', { ...phone, ...because(raw) })];
    expect(reasonOf(...story, left(31, 'agent-1'), finished(50))).toEqual(of(name, raw, 'phone'));
  });

  test('but where others talked, their parting decides', () => {
    const phone = { kind: 'SIP' };
    const rung = [joined(3, 'phone', phone), left(30, 'phone', { ...phone, ...because('USER_UNAVAILABLE') })];
    const story = [joined(2, 'agent-1'), joined(2, 'ana'), ...rung, left(40, 'ana'), left(41, 'agent-1')];
    expect(reasonOf(...story, finished(60))).toEqual(of('human_hangup', 'CLIENT_INITIATED', 'ana'));
  });
});

test('rule 4: no agent came in time', () => {
  expect(reasonOf(joined(2, 'ana'), left(23, 'ana', because('SIGNAL_CLOSE')), finished(43))).toEqual(
    of('agent_no_show', 'SIGNAL_CLOSE', 'ana'),
  );
});

describe('rule 5: the last person’s leave', () => {
  test('of one who did not wait long', () => {
    expect(reasonOf(joined(2, 'ana'), left(22, 'ana'), finished(43))).toEqual(
      of('human_hangup', 'CLIENT_INITIATED', 'ana'),
    );
  });

  test('of an agent alone', () => {
    expect(reasonOf(joined(2, 'agent-1'), left(90, 'agent-1', because('AGENT_ERROR')), finished(90))).toEqual(
      of('agent_error', 'AGENT_ERROR', 'agent-1'),
    );
  });

  test('not of a service', () => {
    const recorder = { kind: 'EGRESS' };
    expect(reasonOf(joined(2, 'EG_1', recorder), left(9, 'EG_1', recorder), finished(43))!.class).toBe('unknown');
  });
});

describe('rule 6: unknown', () => {
  test('where nobody came', () => expect(reasonOf(finished(300))).toEqual(of('unknown', null, null)));

  test('where a call expired and no leave explains it', () => {
    const story = [started(0), joined(2, 'ana'), joined(2, 'ben')];
    expect(measuredAt(90_000, story).endReason).toEqual(of('unknown', null, null));
  });

  test('but where a leave explains it, that does, of an expired call too', () => {
    const story = [joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), left(25, 'ben')];
    expect(reasonOf(...story)).toEqual(of('human_hangup', 'CLIENT_INITIATED', 'ana'));
  });
});

describe('it is uncertain', () => {
  const uncertain = (...story: Payload[]) =>
    measured(started(0), ...story).evidence.uncertain.filter((path) => path.startsWith('endReason'));
  const ALL = ['endReason.class', 'endReason.raw', 'endReason.identity'];

  test('where a lost leave may have parted them', () => {
    expect(uncertain(joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), finished(40))).toEqual(ALL);
  });

  test('where room_finished was lost, which tells of a deletion', () => {
    expect(uncertain(joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), left(21, 'ben'))).toEqual(ALL);
  });

  test('not where the room says that it was deleted', () => {
    const deleted = finished(40, { roomEndReason: 'ROOM_END_API_DELETE' });
    expect(uncertain(joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), deleted)).toEqual([]);
  });

  test('not where all was heard', () => {
    expect(uncertain(joined(2, 'ana'), joined(2, 'ben'), left(20, 'ana'), left(20, 'ben'), finished(40))).toEqual([]);
  });
});
