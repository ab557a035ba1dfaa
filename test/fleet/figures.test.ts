/** What is kept of a call: by calls told in webhooks, their numbers worked by hand. */
import { describe, expect, test } from 'vitest';
import { type CallFigures, figuresOf } from '../../src/fleet/figures.ts';
import { egress, finished, job, joined, left, ms, published, started, unpublished } from '../call/story.ts';
import { measured, measuredAt } from '../metrics/measured.ts';

const figuresOfStory = (...story: Parameters<typeof measured>) => figuresOf(measured(...story));
/** Those that a test is about. */
const some = (figures: CallFigures, ...names: (keyof CallFigures)[]) => names.map((name) => figures[name]);

const answered = [
  started(0),
  joined(2, 'ana'),
  joined(5, 'agent-AJ_1'),
  published(6, 'agent-AJ_1'),
  left(62, 'ana'),
  unpublished(63, 'agent-AJ_1'),
  left(63, 'agent-AJ_1'),
  finished(80),
];

test('of a call that was answered', () => {
  expect(figuresOfStory(...answered)).toEqual({
    roomSid: 'RM_story',
    roomName: 'story',
    status: 'finished',
    startedAt: ms(0),
    endedAt: ms(80),
    duration: 80,
    endReason: 'human_hangup',
    agents: [],
    tags: [],
    metadata: {},
    completeness: 1,
    offered: true,
    answered: true,
    abandoned: false,
    waited: null,
    humans: 1,
    joinLatency: 3,
    agentHumanDuration: 57,
    callDuration: 61,
    connectedDuration: 57,
    engagement: expect.any(Number),
    peak: 2,
    participantSeconds: { AGENT: 58, STANDARD: 60 },
    arrivals: [2_000, 5_000],
    departures: [62_000, 63_000],
    responseLatency: [4],
    audioGrade: expect.any(String),
    audioIssues: ['human_without_audio'],
    recordingCoverage: 0,
    toolCalls: null,
    toolErrors: null,
    usage: null,
    bounds: null,
    uncertain: [],
  });
});

describe('names of agents', () => {
  test('are those of its jobs', () => {
    const figures = figuresOfStory(...answered, job('started', 4), job('ended', 63));
    expect(figures.agents).toEqual(['helper']);
  });

  test('are those of identities, where LiveKit did not make them up', () => {
    const story = [started(0), joined(2, 'ana'), joined(3, 'agent-nova', { name: 'Nova' }), finished(80)];
    expect(figuresOfStory(...story).agents).toEqual(['agent-nova']);
  });

  test('are those shown, where LiveKit made the identity up', () => {
    const story = [started(0), joined(2, 'ana'), joined(3, 'agent-AJ_7', { name: 'Nova' }), finished(80)];
    expect(figuresOfStory(...story).agents).toEqual(['Nova']);
  });
});

describe('a contact', () => {
  test('that was given up: how long the human waited, with gaps left out', () => {
    const figures = figuresOfStory(
      started(0),
      joined(2, 'ana', { sid: 'PA_1' }),
      left(10, 'ana', { sid: 'PA_1' }),
      joined(15, 'ana', { sid: 'PA_2' }),
      left(30, 'ana', { sid: 'PA_2' }),
      joined(40, 'agent-AJ_1'),
      left(45, 'agent-AJ_1'),
      finished(80),
    );
    expect(some(figures, 'offered', 'answered', 'abandoned', 'waited')).toEqual([true, false, true, 23]);
    // an agent came, but not to the human
    expect(some(figures, 'joinLatency', 'agentHumanDuration')).toEqual([38, 0]);
  });

  test('where no agent was expected', () => {
    const figures = figuresOfStory(
      started(0),
      joined(2, 'ana'),
      joined(3, 'ben'),
      left(9, 'ana'),
      left(9, 'ben'),
      finished(30),
    );
    expect(some(figures, 'offered', 'answered', 'abandoned', 'waited', 'humans')).toEqual([
      false,
      false,
      false,
      null,
      2,
    ]);
  });

  test('of a phone that nobody answered', () => {
    const figures = figuresOfStory(
      started(0),
      joined(1, 'sip_1', { kind: 'SIP' }),
      joined(2, 'agent-AJ_1'),
      left(20, 'sip_1', { kind: 'SIP', disconnectReason: 'USER_UNAVAILABLE' }),
      left(21, 'agent-AJ_1'),
      finished(40),
    );
    expect(some(figures, 'offered', 'answered', 'humans', 'endReason')).toEqual([false, false, 0, 'no_answer']);
  });

  test('that is still on may yet be answered', () => {
    const waiting = figuresOf(measuredAt(30, [started(0), joined(2, 'ana')]));
    expect(some(waiting, 'status', 'endedAt', 'duration', 'offered', 'answered', 'abandoned', 'waited')).toEqual([
      'active',
      null,
      30,
      true,
      null,
      null,
      null,
    ]);
    expect(waiting.departures).toEqual([30_000]);
    const empty = figuresOf(measuredAt(30, [started(0)]));
    expect(some(empty, 'offered', 'answered', 'abandoned')).toEqual([null, null, null]);
    const talking = figuresOf(measuredAt(30, [started(0), joined(2, 'ana'), joined(3, 'agent-AJ_1')]));
    expect(some(talking, 'offered', 'answered', 'abandoned')).toEqual([true, true, false]);
  });

  test('of whose people no event is ever sent', () => {
    const options = { neverSent: ['participant_joined', 'participant_left', 'track_published', 'track_unpublished'] };
    const figures = figuresOf(measuredAt(3600, [started(0), finished(30)], options));
    expect(some(figures, 'offered', 'answered', 'abandoned')).toEqual([null, null, null]);
    expect(figures.uncertain).toEqual(expect.arrayContaining(['people', 'presence', 'response', 'audio']));
    expect(figures.bounds).toMatchObject({ callDuration: [0, null], engagement: [0, 100] });
  });
});

describe('what was lost', () => {
  const lost = figuresOfStory(
    ...answered.filter(({ event, id }) => !(event === 'participant_left' && String(id).includes('ana'))),
  );

  test('gives the limits of what rests on it', () => {
    expect(lost.bounds).toMatchObject({ agentHumanDuration: [0, 58.999], 'participantSeconds.STANDARD': [0, 78.999] });
    expect(lost.uncertain).toEqual(expect.arrayContaining(['answered', 'presence', 'endReason']));
  });

  test('of a call given up: within which limits the wait was', () => {
    const figures = figuresOfStory(started(0), joined(2, 'ana'), finished(80));
    expect(some(figures, 'offered', 'answered')).toEqual([true, false]);
    expect(figures.bounds!.waited).toEqual(figures.bounds!['participantSeconds.STANDARD']);
  });

  test('gives limits as instants in epoch ms', () => {
    const figures = figuresOf(measuredAt(90_000, [started(0), joined(2, 'ana'), left(62, 'ana')]));
    expect(figures.status).toBe('expired');
    expect(figures.bounds!.endedAt).toEqual([ms(62), expect.any(Number)]);
  });
});

test('how much was recorded, and what went wrong with the sound, each once', () => {
  const figures = figuresOfStory(
    started(0),
    joined(0, 'ana'),
    joined(0, 'agent-AJ_1'),
    published(1, 'ana'),
    unpublished(5, 'ana'),
    published(9, 'ana', { sid: 'TR_2' }),
    unpublished(15, 'ana', { sid: 'TR_2' }),
    published(19, 'ana', { sid: 'TR_3' }),
    egress('started', 10),
    egress('ended', 20, { startedAt: String(ms(10) * 1e6), endedAt: String(ms(20) * 1e6), status: 'EGRESS_COMPLETE' }),
    left(40, 'ana'),
    left(40, 'agent-AJ_1'),
    finished(60),
  );
  expect(figures.recordingCoverage).toBe(0.25);
  expect(figures.audioIssues).toEqual(['agent_without_audio', 'audio_gap']);
});

describe('samples of latencies', () => {
  const metrics = measured(...answered);

  test('are those that were handed over, to the microsecond, in order', () => {
    expect(figuresOf(metrics, { responseLatency: [2.12345678, 1] }).responseLatency).toEqual([1, 2.123457]);
  });

  test('are known of one or two by their distribution, of more not', () => {
    const latency = (count: number) => ({ ...metrics.response.latency!, count, min: 1, max: 3 });
    const of = (count: number) =>
      figuresOf({ ...metrics, response: { ...metrics.response, latency: latency(count) } }).responseLatency;
    expect([of(1), of(2), of(3)]).toEqual([[1], [1, 3], null]);
  });
});

test('labels are kept as they are given, in an order of their own', () => {
  const figures = figuresOf(measured(...answered), { metadata: { b: '2', a: '1' } });
  expect(Object.entries(figures.metadata)).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
});

test('when an avatar’s people come and go', () => {
  const figures = figuresOfStory(
    started(0),
    joined(2, 'ana'),
    joined(4, 'agent-AJ_1'),
    joined(6, 'agent-avatar', { attributes: { 'lk.publish_on_behalf': 'agent-AJ_1' } }),
    left(50, 'ana'),
    left(51, 'agent-AJ_1'),
    left(52, 'agent-avatar', { attributes: { 'lk.publish_on_behalf': 'agent-AJ_1' } }),
    finished(80),
  );
  expect(some(figures, 'peak', 'arrivals', 'departures')).toEqual([2, [2_000, 4_000], [50_000, 52_000]]);
});
