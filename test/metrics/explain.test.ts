import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import { explain, knownPaths } from '../../src/metrics/explain.ts';
import { METRICS } from '../../src/metrics/registry.ts';
import { type MetricOptions, parseOptions } from '../../src/options.ts';
import {
  aborted,
  egress,
  finished,
  iso,
  joined,
  LATER,
  left,
  ms,
  type Payload,
  published,
  started,
  told,
} from '../call/story.ts';
import { measured, measuredAt } from './measured.ts';

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
const ask = (path: string, story: readonly Payload[] = STORY, options: MetricOptions = {}) =>
  explain(told(...story), measuredAt(LATER, story, options), path, ms(LATER), parseOptions(options).measuring);
const idsOf = (path: string, story?: readonly Payload[]) => ask(path, story).events.map(({ id }) => id);
/** What is said of a path that there is not. */
function refusal(path: string, story?: readonly Payload[], options?: MetricOptions): string {
  try {
    ask(path, story, options);
  } catch (error) {
    expect(error).toMatchObject({ code: 'unknown_path' });
    return (error as Error).message;
  }
  throw new Error(`${path} was explained`);
}

test('a value is told with its definition', () => {
  expect(ask('connectedDuration')).toMatchObject({
    path: 'connectedDuration',
    value: 16,
    unit: 's',
    formula: expect.stringContaining('at least 2 people'),
    nullWhen: 'nobody came',
    needs: ['participant_joined', 'participant_left'],
    source: expect.any(String),
    metric: 'connectedDuration',
    bounds: null,
    uncertain: false,
    missing: [],
  });
});

describe('the events that decided', () => {
  test('the duration: the room’s', () => {
    expect(ask('duration').events).toEqual([
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
    expect(ask('duration').missing).toEqual([]);
    expect(ask('participants.list[identity=ana].presentSeconds').missing).toEqual([]);
  });

  test('of the person asked for', () => {
    const lost = STORY.filter(
      ({ event, participant }) => !(event === 'participant_left' && (participant as Payload).identity === 'ana'),
    );
    const { missing, bounds } = ask('participants.list[identity=ana].presentSeconds', lost)!;
    expect(missing).toMatchObject([{ sid: 'PA_ana', missing: 'participant_left' }]);
    expect(bounds).toEqual([expect.any(Number), expect.any(Number)]);
    expect(ask('participants.list[identity=agent-1].presentSeconds', lost).missing).toEqual([]);
  });

  test('that could turn a flag or an enum makes it uncertain, also asked for by its parent', () => {
    const lost = STORY.filter(({ event }) => event !== 'participant_left');
    expect(ask('endReason', lost).uncertain).toBe(true);
    expect(ask('endReason.class', lost).uncertain).toBe(true);
    expect(ask('duration', lost).uncertain).toBe(false);
  });
});

describe('a path', () => {
  test('may be every metric’s own', () => {
    for (const { path, unit, formula } of METRICS)
      expect(ask(path), path).toMatchObject({ path, metric: path, unit, formula });
  });

  test('may lead to a leaf, to a list’s entry by key or number, or to a group', () => {
    expect(ask('endReason.class').value).toBe('human_hangup');
    expect(ask('recording.egresses[0].id').value).toBe('EG_1');
    expect(ask('recording.egresses[id=EG_1].status').value).toBe('EGRESS_ACTIVE');
    expect(ask('participants.list[identity=ana].sessions[0].joinedAt').value).toBe(iso(2));
    expect(ask('participants.list[identity=ana].sessions[sid=PA_ana].leftAt').value).toBe(iso(20));
    expect(ask('tracks.bySource.microphone.tracks').value).toBe(1);
    expect(ask('participants').value).toHaveProperty('unique', 2);
  });

  test.each([
    ['sip.from', 'no SIP participant'],
    ['engagement.score', 'no human was present'],
    ['response.latency.p50', 'count is 0'],
    ['conversation.turns', 'no telemetry'],
    ['conversation.talkSeconds.human', 'no telemetry'],
    ['response.components.llmTtft.p95', 'no telemetry'],
    ['usage[0].cost', 'no telemetry'],
    ['tracks.bySource.camera.seconds', 'there is none'],
    ['participants.byKind.SIP.unique', 'there is none'],
  ])('may lead to what this call has none of: %s', (path, why) => {
    const { value, nullWhen } = ask(path, [started(LATER - 60)]);
    expect(value).toBeNull();
    expect(nullWhen).toContain(why);
  });

  test('may lead to what an active call does not have yet', () => {
    expect(ask('endReason.class', [started(0), joined(2, 'ana')])).toMatchObject({
      value: null,
      nullWhen: 'the call is active',
    });
  });

  test('may lead to what is null in an entry that is there', () => {
    const story = [...STORY, aborted(7, 'ben')];
    for (const leaf of ['engagement.score', 'presenceShare', 'firstPublishDelay', 'publishedSeconds.camera'])
      expect(ask(`participants.list[identity=ben].${leaf}`, story).value, leaf).toBeNull();
    expect(ask('recording.egresses[0].error').value).toBeNull();
  });

  test('is in the list of them, so that each of these is explained', () => {
    const story = [...STORY, aborted(7, 'ben')];
    const written = knownPaths().map(({ path }) => path);
    expect(written).toEqual(expect.arrayContaining(['callDuration', 'participants.list[identity=*].presentSeconds']));
    const one = {
      'identity=*': 'identity=ana',
      'sid=*': 'sid=PA_ana',
      'id=*': 'id=EG_1',
      'byKind.*': 'byKind.SIP',
      'methods.*': 'methods.tracks',
      '[*]': '[0]',
      '*': 'camera',
    };
    for (const path of written.filter((path) => !/^(ingress|agent\.jobs)\[/.test(path)))
      ask(
        Object.entries(one).reduce((told, [any, which]) => told.replace(any, which), path),
        story,
      );
  });

  test('may name an identity with dots, equal signs and spaces', () => {
    const story = [started(0), joined(2, 'a.b=c d'), left(9, 'a.b=c d'), finished(30)];
    expect(ask('participants.list[identity=a.b=c d].presentSeconds', story).value).toBe(7);
  });

  test.each(['room[1]', 'a].b', 'a', 'a]', '[0]'])(
    'may name the identity %j, as the paths of bounds do',
    (identity) => {
      const story = [started(0), joined(2, identity), joined(3, 'a'), finished(30)];
      const { bounds } = measured(...story).evidence;
      expect(Object.keys(bounds).length).toBeGreaterThan(0);
      for (const path of Object.keys(bounds)) expect(ask(path, story), path).toMatchObject({ bounds: bounds[path] });
      expect(ask(`participants.list[identity=${identity}].identity`, story).value).toBe(identity);
    },
  );

  test('by number finds what the evidence says by identity', () => {
    const lost = STORY.filter(({ event }) => event !== 'participant_left');
    const [byNumber, byName] = ['0', 'identity=ana'].map((entry) =>
      ask(`participants.list[${entry}].presentSeconds`, lost),
    );
    expect(byNumber).toEqual({ ...byName, path: 'participants.list[0].presentSeconds' });
    expect(byNumber!.bounds).not.toBeNull();
  });
});

describe('a part of a metric', () => {
  test('has its own unit, and says which metric it belongs to', () => {
    expect(ask('participants.list[identity=ana].presenceShare')).toMatchObject({
      metric: 'participants.list',
      unit: 'share',
      formula: expect.stringMatching(/^Part of participants\.list: Per identity/),
    });
    expect(ask('participants.list[identity=ana].sessions')).toMatchObject({ unit: 'list', nullWhen: 'never' });
    expect(ask('endReason.class').unit).toBe('enum');
    expect(ask('tracks.bySource.camera').unit).toBe('object');
  });

  test('a group says what is in it', () => {
    const { metric, unit, formula, needs } = ask('recording');
    expect({ metric, unit }).toEqual({ metric: null, unit: 'object' });
    expect(formula).toContain('recording.coverage');
    expect(needs).toContain('egress_ended');
  });
});

describe('a metric of the user’s own', () => {
  const metrics = [
    { id: 'csat', unit: 'stars', description: 'How content they were.', compute: () => ({ stars: 4 }) },
    {
      id: 'broken',
      unit: 'n',
      description: 'It throws.',
      compute: () => {
        throw new Error('no luck');
      },
    },
  ];

  test('is explained by its description', () => {
    expect(ask('custom.csat', STORY, { metrics })).toMatchObject({
      value: { stars: 4 },
      metric: 'custom.csat',
      unit: 'stars',
      formula: 'How content they were.',
      missing: [],
    });
    expect(ask('custom.csat.stars', STORY, { metrics }).value).toBe(4);
    expect(ask('custom', STORY, { metrics }).value).toEqual({ csat: { stars: 4 }, broken: null });
  });

  test('that throws says so', () => {
    const { value, missing } = ask('custom.broken', STORY, { metrics });
    expect(value).toBeNull();
    expect(missing).toMatchObject([{ resolvedBy: expect.stringContaining('no luck') }]);
  });

  test('that is not registered is unknown', () => {
    expect(refusal('custom.csat')).toContain('custom.csat');
    expect(refusal('custom.csta', STORY, { metrics })).toContain('did you mean custom.csat?');
  });
});

describe('a path that leads nowhere', () => {
  test.each([
    'nonsense',
    'duration.x',
    '',
    '__proto__',
    'constructor',
    'toString',
    'evidence',
    'participants.list.',
    'sip[0]',
  ])('is refused: %j', (path) => expect(refusal(path)).toMatch(/^There is no metric "/));

  test('is refused when it is no text', () => {
    for (const path of [undefined, null, 42, ['duration']])
      expect(refusal(path as unknown as string)).toMatch(/^A path is text/);
  });

  test('names the nearest, only where it is near', () => {
    expect(refusal('durations')).toContain('did you mean duration?');
    expect(refusal('joinLatency')).toContain('did you mean agent.joinLatency?');
    expect(refusal('participants.list[identity=ana].presentSecond')).toContain(
      'did you mean participants.list[identity=ana].presentSeconds?',
    );
    expect(refusal('quality of service')).toBe(
      'There is no metric "quality of service": "call-evaluator schema --paths" lists all paths.',
    );
  });

  test('says what there is instead', () => {
    expect(refusal('endReason.why')).toContain('endReason has class, raw, identity.');
    expect(refusal('participants.list[identity=nobody].engagement')).toContain(
      'participants.list has [identity=ana], [identity=agent-1].',
    );
    expect(refusal('participants.list[9]')).toContain('[identity=ana]');
    expect(refusal('recording.egresses[id=EG_2]')).toContain('recording.egresses has [id=EG_1].');
    expect(refusal('ingress[0]')).toContain('ingress is empty in this call.');
    expect(refusal('duration.in.minutes')).toContain('duration has no parts.');
  });

  test('names five of many entries, and cuts what is long', () => {
    const crowd = Array.from({ length: 9 }, (_, i) => joined(2, `${'x'.repeat(500)}${i}`));
    const said = refusal('participants.list[identity=nobody]', [started(0), ...crowd]);
    expect(said).toContain(' and 4 more.');
    expect(said.length).toBeLessThan(1000);
  });

  test.each(['x', '[', ']', '.a', '[a=', 'participants.list[identity='])(
    'is refused at once, and not echoed, when it is 100 kB of %j',
    (piece) => {
      const began = performance.now();
      const said = refusal(`participants.list${piece.repeat(100_000)}`);
      expect(performance.now() - began).toBeLessThan(1000);
      expect(said.length).toBeLessThan(300);
    },
  );
});

describe('a call of thousands', () => {
  const crowd = (size: number) => [
    started(0),
    ...Array.from({ length: size }, (_, i) => joined(i % 30, `p${i}`)),
    finished(60),
  ];

  test('shows the first hundred events and gaps, and how many there are', () => {
    const { events, eventCount, missing, missingCount } = ask('participants.participantSeconds', crowd(150));
    expect([events.length, eventCount]).toEqual([100, 300]);
    expect([missing.length, missingCount]).toEqual([100, 150]);
  });

  test('takes no more than in proportion', () => {
    const story = crowd(8_000);
    const call = told(...story);
    const { measuring } = parseOptions({});
    const metrics = measured(...story);
    const began = performance.now();
    const explained = explain(call, metrics, 'participants.participantSeconds', ms(LATER), measuring);
    // eight thousand gaps times twice as many boundaries would take half a minute
    expect(performance.now() - began).toBeLessThan(5000);
    expect(explained.missingCount).toBe(8_000);
  });
});

test('what agents told is explained by their uploads', async () => {
  const evaluator = new CallEvaluator();
  await evaluator.processEvents(readFileSync('fixtures/agent-turns.ndjson', 'utf8').trim().split('\n'));
  const upload = { id: 'AU_turns0000000001', at: '2026-10-12T10:00:25.500Z', tells: 'telemetry' };
  for (const path of ['response.latency', 'conversation.turns', 'tools.calls', 'usage', 'session'])
    expect((await evaluator.explain('RM_turns', path))!.events, path).toEqual([upload]);
  const { events } = (await evaluator.explain('RM_turns', 'wait.total'))!;
  expect(events).toContainEqual(upload);
  expect((await evaluator.explain('RM_turns', 'callDuration'))!.events).not.toContainEqual(upload);
});
