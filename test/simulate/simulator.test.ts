import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call, Kind, Person, Session, Track } from '../../src/simulate/call.ts';
import {
  asOf,
  differences,
  dropSome,
  dropType,
  outage,
  repeatSome,
  repeatSomeAnew,
  SCENARIO_NAMES,
  shuffled,
  simulateCall,
  truthOf,
  webhooksOf,
} from './index.ts';

const seed = fc.integer({ min: 0, max: 1e9 });
const mode = fc.constantFrom('whole', 'ms');
/** One webinar is enough; see below. */
const scenario = fc.constantFrom(...SCENARIO_NAMES.filter((name) => name !== 'webinar'));

describe('a simulated call', () => {
  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(seed, mode, scenario, (seed, mode, scenario) => {
        const [one, other] = [simulateCall(seed, { mode, scenario }), simulateCall(seed, { mode, scenario })];
        expect(one).toEqual(other);
        expect(webhooksOf(one)).toEqual(webhooksOf(other));
      }),
      { numRuns: 20 },
    );
    expect(simulateCall(1).room.sid).not.toBe(simulateCall(2).room.sid);
  });

  test('nests its spans, on the clock of its mode', () => {
    fc.assert(
      fc.property(seed, mode, scenario, (seed, mode, scenario) => {
        const call = simulateCall(seed, { mode, scenario });
        const end = call.room.ends.at(-1) ?? call.now;
        for (const { active, from, to, tracks } of call.people.flatMap(({ sessions }) => sessions)) {
          ordered(call.room.starts[0]!, from, active, to ?? end, end);
          for (const track of tracks) ordered(active, track.from, track.to ?? to ?? end, to ?? end);
        }
        for (const { at } of webhooksOf(call)) {
          expect(Number.isInteger(mode === 'whole' ? at / 1000 : at)).toBe(true);
          expect(at).toBeLessThanOrEqual(call.now);
        }
      }),
    );
  });

  test('holds two hundred in a webinar', () => {
    const { values } = truthOf(simulateCall(1, { scenario: 'webinar' }));
    expect(values['participants.unique']).toBe(200);
    expect(values['participants.peak']).toBeGreaterThan(20);
  });

  test('can be looked at earlier', () => {
    const call = simulateCall(5, { scenario: 'meeting' });
    const noon = call.room.starts[0]! + 60_000;
    const early = webhooksOf(asOf(call, noon)).map(({ event }) => event.event);
    expect(early).toEqual(
      webhooksOf(call)
        .filter(({ at }) => at <= noon)
        .map(({ event }) => event.event),
    );
    expect(truthOf(asOf(call, noon)).values).toMatchObject({ status: 'active', duration: 60, 'endReason.class': null });
  });
});

describe('its webhooks', () => {
  test('come in true order, with ids of their own and a whole-second clock', () => {
    fc.assert(
      fc.property(seed, mode, scenario, fc.boolean(), (seed, mode, scenario, old) => {
        const emitted = webhooksOf(simulateCall(seed, { mode, scenario }), { old });
        ordered(...emitted.map(({ at }) => at));
        expect(new Set(emitted.map(({ event }) => event.id)).size).toBe(emitted.length);
        for (const { at, event } of emitted) expect(event.createdAt).toBe(String(Math.floor(at / 1000)));
        if (old) expect(JSON.stringify(emitted)).not.toMatch(/(At|Time)Ms":|"disconnectReason":|aborted"/);
      }),
    );
  });

  test.each(SCENARIO_NAMES)('of %s have the shape of the examples', (scenario) => {
    for (let seed = 0; seed < (scenario === 'webinar' ? 2 : 6); seed++) {
      for (const { event } of webhooksOf(simulateCall(seed, { mode: 'ms', scenario }))) {
        const example = JSON.parse(readFileSync(`test/examples/${event.event}.json`, 'utf8'));
        expect(Object.keys({ roomEndReason: '', ...event }).sort()).toEqual(
          Object.keys({ roomEndReason: '', ...example }).sort(),
        );
        const known = typesOf(example);
        const shared = Object.entries(typesOf(event)).filter(([field]) => field in known);
        expect(shared.length).toBeGreaterThanOrEqual(9);
        for (const [field, type] of shared) expect(`${field} ${type}`).toBe(`${field} ${known[field]}`);
      }
    }
  });

  test('are what LiveKit writes', () => {
    const left = webhooksOf(supportCall()).find(({ event }) => event.event === 'participant_left')!;
    expect(left.event).toMatchObject({
      createdAt: '1772323260',
      room: { sid: 'RM_tiny', creationTime: '1772323200', creationTimeMs: '1772323200000', emptyTimeout: 300 },
      participant: {
        sid: 'PA_caller0',
        identity: 'caller',
        state: 'DISCONNECTED',
        joinedAt: '1772323202',
        joinedAtMs: '1772323202000',
        disconnectReason: 'CLIENT_INITIATED',
        isPublisher: true,
      },
    });
    // STANDARD is zero.
    expect(left.event.participant).not.toHaveProperty('kind');
  });
});

describe('losses', () => {
  const emitted = webhooksOf(simulateCall(3, { scenario: 'meeting' }));
  const ids = (list: typeof emitted) => list.map(({ event }) => event.id);

  test('drop, delay and repeat, and nothing else', () => {
    expect(dropSome(1, 1)(emitted)).toEqual([]);
    expect(dropSome(0.5, 1)(emitted)).toEqual(dropSome(0.5, 1)(emitted));
    expect(dropType('participant_left')(emitted).some(({ event }) => event.event === 'participant_left')).toBe(false);
    expect(outage(60, 2)(emitted).length).toBeLessThan(emitted.length);
    expect(ids(shuffled(4)(emitted)).sort()).toEqual(ids(emitted).sort());
    expect(ids(shuffled(4)(emitted))).not.toEqual(ids(emitted));
    const repeated = repeatSome(1, 5)(emitted);
    expect(repeated).toHaveLength(2 * emitted.length);
    expect(new Set(ids(repeated)).size).toBe(emitted.length);
    expect(new Set(ids(repeatSomeAnew(1, 5)(emitted))).size).toBe(2 * emitted.length);
  });
});

describe('the truth', () => {
  test('of a support call, by hand', () => {
    const score = (100 * (0.5 * (58 / 60) + 0.3 * (57 / 58) + 0.1)) / 0.9;
    expect(truthOf(supportCall()).values).toMatchObject({
      status: 'finished',
      startedAt: '2026-03-01T00:00:00.000Z',
      endedAt: '2026-03-01T00:01:20.000Z',
      duration: 80,
      callDuration: 60, // 2..62
      connectedDuration: 55, // 5..60
      agentHumanDuration: 55,
      'endReason.class': 'human_hangup',
      'endReason.raw': 'CLIENT_INITIATED',
      'endReason.identity': 'caller',
      'participants.unique': 2,
      'participants.sessions': 2,
      'participants.peak': 2,
      'participants.participantSeconds': 58 + 57,
      'participants.byKind.AGENT.participantSeconds': 57,
      'participants.list[identity=caller].presenceShare': 58 / 60,
      'participants.list[identity=caller].firstPublishDelay': 1,
      'participants.list[identity=caller].engagement.score': score,
      'publishers.publisherSeconds': 57 + 56,
      'tracks.bySource.microphone.seconds': 57 + 56,
      'engagement.score': score,
      'agent.joinLatency': 3,
      'agent.firstAudioLatency': 4,
      'agent.noShow': false,
      'agent.leftFirst': false,
      'agent.aloneSeconds': 2,
      'agent.handoffGap': null,
      'response.count': 1,
      'response.latency.p95': 4,
      'recording.recordedSeconds': 30, // 10..40
      'recording.coverage': 30 / 55,
      'recording.startLag': 5,
      'sip.answered': null,
    });
  });

  test('of a handoff to a caller who reconnects, by hand', () => {
    const caller = person('caller', 'STANDARD', [
      [4, 15, []],
      [20, 30, []],
    ]);
    const first = person('triage', 'AGENT', [[0, 10, [[1, null]]]]);
    const second = person('billing', 'AGENT', [[13, 31, [[14, null]]]]);
    expect(truthOf(tinyCall([first, caller, second], 50)).values).toMatchObject({
      callDuration: 31,
      connectedDuration: 18, // 4..10, 13..15, 20..30
      agentHumanDuration: 18,
      'participants.sessions': 4,
      'participants.list[identity=caller].presentSeconds': 21,
      'participants.list[identity=caller].reconnects': 1,
      'engagement.score': expect.closeTo((100 * (0.5 * (21 / 31) + 0.1 / 2)) / 0.9, 9),
      'agent.presentSeconds': 28,
      'agent.joinLatency': 0,
      'agent.handoffGap': 3,
      'agent.aloneSeconds': 10, // 0..4, 15..20, 30..31
      'agent.leftFirst': false,
      'response.count': 2,
      'response.latency.max': 0,
      'endReason.class': 'human_hangup',
    });
  });

  test('leaves out little of a call whose clocks are whole seconds', () => {
    const counts = SCENARIO_NAMES.filter((name) => name !== 'webinar').flatMap((scenario) =>
      Array.from({ length: 20 }, (_, seed) => {
        const call = simulateCall(seed, { mode: 'ms', scenario });
        const all = truthOf({ ...call, mode: 'whole' }).values;
        return { all: Object.keys(all).length, left: Object.keys(truthOf(call).values).length };
      }),
    );
    const total = (key: 'all' | 'left') => counts.reduce((sum, count) => sum + count[key], 0);
    expect(total('left') / total('all')).toBeGreaterThan(0.99);
  });

  test('tells where a result differs from it', () => {
    const truth = truthOf(supportCall());
    const [difference, ...others] = differences(
      { duration: 81 },
      { ...truth, values: { duration: 80, callDuration: 1 } },
    );
    expect(difference).toContain('duration: found 81, true is 80');
    expect(others).toHaveLength(1);
    expect(differences({ engagement: null }, { ...truth, values: { 'engagement.score': null } })).toEqual([]);
  });
});

function ordered(...instants: number[]): void {
  for (const [index, instant] of instants.slice(1).entries()) expect(instant).toBeGreaterThanOrEqual(instants[index]!);
}

/** Path of each field -> the type of what stands there; int64 is a string of digits. */
function typesOf(value: unknown, path = ''): Record<string, string> {
  if (Array.isArray(value)) return Object.assign({}, ...value.map((item) => typesOf(item, `${path}[]`)));
  if (typeof value === 'object' && value !== null) {
    return Object.assign({}, ...Object.entries(value).map(([key, item]) => typesOf(item, `${path}.${key}`)));
  }
  return { [path]: typeof value === 'string' && /^\d+$/.test(value) ? 'int64' : typeof value };
}

const START = Date.UTC(2026, 2, 1);
const at = (seconds: number) => START + seconds * 1000;

/** Sessions as [joined, left, microphones as [from, to]], in seconds from the room's start. */
function person(identity: string, kind: Kind, spans: [number, number, [number, number | null][]][]): Person {
  const sessions = spans.map(([from, to, microphones], index): Session => {
    const tracks = microphones.map(
      ([up, down], number): Track => ({
        sid: `TR_AM${identity}${index}${number}`,
        type: 'AUDIO',
        source: 'MICROPHONE',
        from: at(up),
        to: down === null ? null : at(down),
      }),
    );
    const sid = `PA_${identity}${index}`;
    return { sid, from: at(from), active: at(from), to: at(to), reason: 'CLIENT_INITIATED', tracks };
  });
  return { identity, name: '', kind, hidden: false, attributes: {}, sessions, aborted: [] };
}

function tinyCall(people: Person[], end: number): Call {
  return {
    seed: 0,
    mode: 'whole',
    scenario: 'tiny',
    room: {
      sid: 'RM_tiny',
      name: 'tiny',
      starts: [START],
      ends: [at(end)],
      emptyTimeout: 300,
      departureTimeout: 20,
    },
    people,
    egresses: [],
    ingresses: [],
    jobs: [],
    now: at(end + 60),
  };
}

function supportCall(): Call {
  const caller = person('caller', 'STANDARD', [[2, 60, [[3, null]]]]);
  const agent = person('agent-1', 'AGENT', [[5, 62, [[6, null]]]]);
  const egress = {
    id: 'EG_tiny',
    requestedAt: at(8),
    activeAt: at(10),
    stoppedAt: at(40),
    reportedAt: at(42),
    outcome: 'COMPLETE' as const,
    output: 'file' as const,
  };
  return { ...tinyCall([caller, agent], 80), egresses: [egress] };
}
