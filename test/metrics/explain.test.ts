import { describe, expect, test } from 'vitest';
import { explain, explainedPaths, valueAt } from '../../src/metrics/explain.ts';
import { parseOptions } from '../../src/options.ts';
import { egress, finished, iso, joined, left, ms, type Payload, published, started, told } from '../call/story.ts';
import { measured } from './measured.ts';

const STORY = [
  started(0),
  joined(2, 'ana'),
  published(3, 'ana'),
  joined(4, 'agent-1'),
  egress('updated', 5, { status: 'EGRESS_ACTIVE' }),
  left(20, 'ana'),
  left(21, 'agent-1'),
  finished(41),
];
const ask = (path: string, story: readonly Payload[] = STORY) =>
  explain(told(...story), measured(...story), path, ms(3600), parseOptions({}).measuring);
const idsOf = (path: string, story?: readonly Payload[]) => ask(path, story)!.events.map(({ id }) => id);

test('a value is told with its definition', () => {
  expect(ask('connectedDuration')).toMatchObject({
    path: 'connectedDuration',
    value: 16,
    unit: 's',
    formula: expect.stringContaining('at least 2 people'),
    nullWhen: 'nobody came',
    needs: ['participant_joined', 'participant_left'],
    source: expect.stringContaining('field.md'),
    bounds: null,
    uncertain: false,
    missing: [],
  });
});

describe('the events that decided', () => {
  test('the duration: the room’s', () => {
    expect(ask('duration')!.events).toEqual([
      { id: 'EV_room_started_room_0', at: iso(0), tells: 'start' },
      { id: 'EV_room_finished_room_41', at: iso(41), tells: 'end' },
    ]);
  });

  test('the callDuration: the first join and the last leave alone', () => {
    expect(idsOf('callDuration')).toEqual(
      expect.arrayContaining(['EV_participant_joined_ana_2', 'EV_participant_left_agent-1_21']),
    );
  });

  test('the agent’s presence: its own', () => {
    expect(idsOf('agent.presentSeconds')).toEqual([
      'EV_participant_joined_agent-1_4',
      'EV_participant_left_agent-1_21',
    ]);
  });

  test('one person’s value: that person’s', () => {
    const ids = idsOf('participants.list[identity=ana].presentSeconds');
    expect(ids).toEqual(expect.arrayContaining(['EV_participant_joined_ana_2', 'EV_participant_left_ana_20']));
    expect(ids.filter((id) => id.includes('agent-1'))).toEqual([]);
  });

  test('of a fact told twice: the smaller id', () => {
    const again = { ...left(20, 'ana'), id: 'EV_a' };
    expect(idsOf('participants.list[identity=ana].presentSeconds', [...STORY, again])).toContain('EV_a');
  });
});

describe('what was missing', () => {
  test('stands there with what stood in for it', () => {
    const { missing, bounds } = ask('recording.recordedSeconds')!;
    expect(missing).toEqual([
      {
        subject: 'egress',
        sid: 'EG_1',
        missing: 'egress_ended',
        resolvedBy: expect.any(String),
        range: [iso(5), iso(41.999)],
      },
    ]);
    expect(bounds).toEqual([0, 36.999]);
  });

  test('elsewhere is not told of a value that does not rest on it', () => {
    expect(ask('duration')!.missing).toEqual([]);
    expect(ask('participants.list[identity=ana].presentSeconds')!.missing).toEqual([]);
  });

  test('of the person asked for', () => {
    const lost = STORY.filter(
      ({ event, participant }) => !(event === 'participant_left' && (participant as Payload).identity === 'ana'),
    );
    const { missing, bounds } = ask('participants.list[identity=ana].presentSeconds', lost)!;
    expect(missing).toMatchObject([{ sid: 'PA_ana', missing: 'participant_left' }]);
    expect(bounds).toEqual([expect.any(Number), expect.any(Number)]);
    expect(ask('participants.list[identity=agent-1].presentSeconds', lost)!.missing).toEqual([]);
  });

  test('that could turn a flag or an enum makes it uncertain, also asked for by its parent', () => {
    const lost = STORY.filter(({ event }) => event !== 'participant_left');
    expect(ask('endReason', lost)!.uncertain).toBe(true);
    expect(ask('endReason.class', lost)!.uncertain).toBe(true);
    expect(ask('duration', lost)!.uncertain).toBe(false);
  });
});

describe('a path', () => {
  test('may be every metric’s own', () => {
    for (const path of explainedPaths()) expect(ask(path), path).toMatchObject({ path, formula: expect.any(String) });
  });

  test('may lead to a leaf, to a list’s entry by key or number, or to a group', () => {
    expect(ask('endReason.class')!.value).toBe('human_hangup');
    expect(ask('recording.egresses[0].id')!.value).toBe('EG_1');
    expect(ask('recording.egresses[id=EG_1].status')!.value).toBe('EGRESS_ACTIVE');
    expect(ask('participants.list[identity=ana].sessions[0].joinedAt')!.value).toBe(iso(2));
    expect(ask('participants')!.value).toHaveProperty('unique', 2);
  });

  test.each([
    'nonsense',
    'participants.list[identity=zoe]',
    'duration.x',
    'durations',
    '',
    'participants.list[9]',
    '__proto__',
    'constructor',
  ])('that leads nowhere is null: %j', (path) => expect(ask(path)).toBeNull());

  test('may name an identity with dots, equal signs and spaces', () => {
    const story = [started(0), joined(2, 'a.b=c d'), left(9, 'a.b=c d'), finished(30)];
    expect(ask('participants.list[identity=a.b=c d].presentSeconds', story)!.value).toBe(7);
    expect(valueAt(measured(...story), 'participants.list[identity=a.b=c d].identity')).toBe('a.b=c d');
  });

  test('may name an identity with brackets, as the paths of bounds do', () => {
    const story = [started(0), joined(2, 'room[1]'), finished(30)];
    const { bounds } = measured(...story).evidence;
    for (const path of Object.keys(bounds)) expect(ask(path, story), path).not.toBeNull();
  });
});
