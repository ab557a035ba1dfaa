/** Engagement, version 1: 100 x (0.50 presence + 0.30 voice + 0.10 visual + 0.10 continuity). */
import { describe, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { finished, joined, left, type Payload, published, started, unpublished } from '../call/story.ts';
import { measured, measuredAt } from './measured.ts';
import { agent, BOTH, human, measuredWith, upload, written } from './telling.ts';

const present = (identity: string, from: number, to: number, sid = `PA_${identity}`) => [
  joined(from, identity, { sid }),
  left(to, identity, { sid }),
];
const track = (identity: string, from: number, to: number, more: Payload) => [
  published(from, identity, more),
  unpublished(to, identity, more),
];
const mic = (identity: string, from: number, to: number) => track(identity, from, to, { sid: `TR_m${identity}` });
const camera = (identity: string, from: number, to: number) =>
  track(identity, from, to, { sid: `TR_c${identity}`, type: 'VIDEO', source: 'CAMERA' });
const call = (...story: Payload[][]) => measured(started(0), ...story.flat(), finished(120));
const of = (metrics: CallMetrics, identity: string) =>
  metrics.participants.list.find((one) => one.identity === identity)!.engagement;

const TWO = [
  present('ana', 0, 100),
  mic('ana', 20, 80),
  camera('ana', 50, 100),
  present('ben', 0, 50),
  mic('ben', 0, 50),
];

describe('the score of a human', () => {
  test('weighs presence, voice, visual and continuity', () => {
    expect(of(call(...TWO), 'ana')).toEqual({
      version: 1,
      score: 83,
      components: { presence: 1, voice: 0.6, visual: 0.5, continuity: 1 },
      weights: { presence: 0.5, voice: 0.3, visual: 0.1, continuity: 0.1 },
    });
    expect(of(call(...TWO), 'ben')).toMatchObject({
      score: 65,
      components: { presence: 0.5, voice: 1, visual: 0, continuity: 1 },
    });
  });

  test('spreads the weight of video over the others where no human published any', () => {
    const metrics = call(
      present('ana', 0, 100),
      mic('ana', 20, 80),
      present('agent-1', 0, 100),
      camera('agent-1', 0, 100),
    );
    expect(of(metrics, 'ana')).toEqual({
      version: 1,
      score: 86.67,
      components: { presence: 1, voice: 0.6, visual: 0, continuity: 1 },
      weights: { presence: 0.5556, voice: 0.3333, visual: 0, continuity: 0.1111 },
    });
  });

  test('has continuity 1 / sessions', () => {
    const metrics = call(
      present('ana', 0, 20, 'PA_1'),
      present('ana', 40, 60, 'PA_2'),
      present('ana', 80, 100, 'PA_3'),
    );
    expect(of(metrics, 'ana')!.components).toMatchObject({ presence: 0.6, continuity: 0.3333 });
  });

  test('takes an audio track of unknown source for a voice, and no other unknown one', () => {
    const unknown = (type: string) => track('ana', 0, 100, { source: 'UNKNOWN', type });
    expect(of(call(present('ana', 0, 100), unknown('AUDIO')), 'ana')!.components.voice).toBe(1);
    expect(of(call(present('ana', 0, 100), unknown('VIDEO')), 'ana')!.components.voice).toBe(0);
    const screenAudio = track('ana', 0, 100, { source: 'SCREEN_SHARE_AUDIO' });
    expect(of(call(present('ana', 0, 100), screenAudio), 'ana')!.components.voice).toBe(0);
  });

  test('takes camera and screen share for visual, once where both are up', () => {
    const screen = track('ana', 50, 100, { sid: 'TR_s', type: 'VIDEO', source: 'SCREEN_SHARE' });
    expect(of(call(present('ana', 0, 100), camera('ana', 25, 75), screen), 'ana')!.components.visual).toBe(0.75);
  });

  test('is null for agents, for services, and for who was there for no time', () => {
    const metrics = call(present('ana', 0, 100), present('agent-1', 0, 100), present('ben', 50, 50));
    expect([of(metrics, 'agent-1'), of(metrics, 'ben')]).toEqual([null, null]);
    expect(metrics.engagement!.components.presence).toBe(1);
  });

  test('takes the user’s weights', () => {
    const engagementWeights = { presence: 0, voice: 1, visual: 0, continuity: 0 };
    const story = [started(0), ...TWO.flat(), finished(120)];
    expect(of(measuredAt(200, story, { engagementWeights }), 'ana')!.score).toBe(60);
  });
});

describe('with telemetry', () => {
  const voiceOf = (items: Parameters<typeof upload>[0], story = BOTH) =>
    of(measuredWith([upload(items)], story), 'ana')!.components.voice;

  test('voice is twice the human’s share of all talk', () => {
    expect(voiceOf([human('m1', 1, 3), agent('m2', 4, 12)])).toBe(0.4);
    expect(voiceOf([human('m1', 1, 9), agent('m2', 10, 12)])).toBe(1);
    expect(voiceOf([agent('m1', 4, 12)])).toBe(0);
  });

  test('voice is the microphone’s where it is not known who spoke, or how long', () => {
    expect(voiceOf([written('m1', 'user', 1), written('m2', 'assistant', 2)])).toBe(0.6);
    expect(voiceOf([human('m1', 1, 3), agent('m2', 4, 12)], [...BOTH, ...present('ben', 0, 50)])).toBe(0.6);
  });

  test('a lost microphone puts no bounds on a voice that was told', () => {
    const lost = BOTH.filter(({ event }) => event !== 'track_unpublished');
    const { bounds } = measuredWith([upload([human('m1', 1, 3), agent('m2', 4, 12)])], lost).evidence;
    expect(Object.keys(bounds).filter((path) => path.startsWith('engagement'))).toEqual([]);
  });
});

describe('the score of a call', () => {
  test('is the mean of the humans’, weighed by presence', () => {
    expect(call(...TWO).engagement).toEqual({
      version: 1,
      score: 77,
      components: { presence: 0.8333, voice: 0.7333, visual: 0.3333, continuity: 1 },
      weights: { presence: 0.5, voice: 0.3, visual: 0.1, continuity: 0.1 },
    });
  });

  test('is null without a human', () => expect(call(present('agent-1', 0, 100)).engagement).toBeNull());

  test('does not count a phone that only rang', () => {
    const phone = [
      joined(0, 'phone', { kind: 'SIP' }),
      left(20, 'phone', { kind: 'SIP', disconnectReason: 'USER_UNAVAILABLE' }),
    ];
    expect(call(phone, present('agent-1', 0, 20)).engagement).toBeNull();
  });
});

describe('bounds', () => {
  test('are none where nothing was lost', () => {
    expect(Object.keys(call(...TWO).evidence.bounds)).toEqual([]);
  });

  /** The story with one event lost, and with it at each instant at which it may have been. */
  const LOST: { [name: string]: [at: number[], story: (second: number | null) => Payload[]] } = {
    'a leave': [[0, 10, 40, 80, 99, 110, 120], (at) => [joined(0, 'ben'), ...(at === null ? [] : [left(at, 'ben')])]],
    'a join': [
      [0, 3, 17, 30],
      (at) => [...(at === null ? [] : [joined(at, 'ben')]), ...mic('ben', 30, 50), left(60, 'ben')],
    ],
    'an unpublication': [
      [30, 31, 60, 90],
      (at) => [...present('ben', 0, 90), published(30, 'ben'), ...(at === null ? [] : [unpublished(at, 'ben')])],
    ],
    'a publication': [
      [0, 1, 20, 40],
      (at) => [...present('ben', 0, 90), ...(at === null ? [] : [published(at, 'ben')]), unpublished(40, 'ben')],
    ],
  };
  test.each(Object.entries(LOST))('hold the score wherever %s was', (_, [instants, story]) => {
    const around = [...present('ana', 0, 100), ...mic('ana', 20, 80), ...camera('ana', 50, 100)];
    const { bounds } = call(around, story(null)).evidence;
    const limits = (path: string) => {
      expect(bounds).toHaveProperty([path]);
      return bounds[path] as [number, number];
    };
    const [low, high] = limits('engagement.score');
    expect(high - low).toBeLessThan(100);
    const [lowest, highest] = limits('participants.list[identity=ben].engagement.score');
    for (const at of instants) {
      const truth = call(around, story(at));
      const { score } = truth.engagement!;
      expect(score, `${at} s`).toBeGreaterThanOrEqual(low);
      expect(score, `${at} s`).toBeLessThanOrEqual(high);
      const own = of(truth, 'ben')?.score ?? lowest;
      expect(own, `ben, ${at} s`).toBeGreaterThanOrEqual(lowest);
      expect(own, `ben, ${at} s`).toBeLessThanOrEqual(highest);
    }
  });

  test('count both weightings where it is not certain that a human published video', () => {
    // an unpublication alone: the camera may have been up for no time
    const story = (at: number | null) => [
      ...present('ana', 0, 100),
      ...(at === null ? [] : [published(at, 'ana', { type: 'VIDEO', source: 'CAMERA' })]),
      unpublished(40, 'ana', { type: 'VIDEO', source: 'CAMERA' }),
    ];
    const [low, high] = call(story(null)).evidence.bounds['engagement.score'] as [number, number];
    for (const at of [0, 20, 40]) {
      const { score } = call(story(at)).engagement!;
      expect(score).toBeGreaterThanOrEqual(low);
      expect(score).toBeLessThanOrEqual(high);
    }
    const { bounds } = call(story(null)).evidence;
    for (const path of ['engagement', 'participants.list[identity=ana].engagement'])
      expect([path, bounds[`${path}.weights.visual`]]).toEqual([path, [0, 0.1]]);
  });
});

test('that may not be there at all says so: a join alone may have been for no time', () => {
  const { engagement, evidence } = call(present('ana', 0, 100), [joined(40, 'ben')]);
  expect(engagement).not.toBeNull();
  expect(evidence.uncertain).toContain('participants.list[identity=ben].engagement');
  expect(evidence.uncertain).not.toContain('participants.list[identity=ana].engagement');
  expect(evidence.uncertain).not.toContain('engagement');
  expect(call([joined(40, 'ben')]).evidence.uncertain).toContain('engagement');
});
