/** Summaries of a handful of calls, their numbers worked by hand. */
import { describe, expect, test } from 'vitest';
import type { CallFigures } from '../../src/fleet/figures.ts';
import { summarize } from '../../src/fleet/summary.ts';
import { figures, gaveUp, NOON, stillOn } from './someFigures.ts';

const DAY = 86_400_000;

/** Answered after 3 s and after 33 s, given up after 10 s and after 40 s, a call without an agent, and one still on. */
const SIX: CallFigures[] = [
  figures({ roomSid: 'RM_1', agentHumanDuration: 57, callDuration: 60 }),
  figures({
    roomSid: 'RM_2',
    startedAt: NOON + 30_000,
    endedAt: NOON + 150_000,
    joinLatency: 33,
    agentHumanDuration: 27,
    callDuration: 62,
    completeness: 0.8,
    engagement: 60,
    responseLatency: [0.5, 2.5],
    endReason: 'agent_hangup',
    audioGrade: 'fair',
    audioIssues: ['reconnect'],
    recordingCoverage: 1,
    connectedDuration: 19,
  }),
  gaveUp(10, { roomSid: 'RM_3', startedAt: NOON + DAY, endedAt: NOON + DAY + 30_000 }),
  gaveUp(40, { roomSid: 'RM_4', startedAt: NOON + DAY, endedAt: NOON + DAY + 60_000, engagement: null }),
  figures({
    roomSid: 'RM_5',
    startedAt: NOON + 2 * DAY,
    endedAt: NOON + 2 * DAY + 100_000,
    agents: [],
    offered: false,
    answered: false,
    humans: 2,
    joinLatency: null,
    agentHumanDuration: 0,
    responseLatency: [],
    endReason: 'unknown',
    participantSeconds: { SIP: 30, STANDARD: 60 },
  }),
  stillOn({ roomSid: 'RM_6', startedAt: NOON + 2 * DAY + 50_000, duration: 1000 }),
];
const whole = { complete: 1, leftOut: {} };

describe('six calls', () => {
  const { total, groups, others, definitions } = summarize(SIX);

  test('are one group', () => {
    expect([groups, others]).toEqual([[], null]);
    expect(total.group).toEqual({ key: {}, from: null, until: null });
  });

  test('are counted', () => {
    expect(total.calls).toEqual({ value: 6, low: 6, high: 6, n: 6, complete: 0.8333, leftOut: {} });
    expect(total.statuses).toMatchObject({ active: { value: 1 }, finished: { value: 5 } });
    expect(total.incomplete).toMatchObject({ value: 0.1667, n: 6 });
    expect(total.startUncertain.value).toBe(0);
  });

  test('peaks are by the second: RM_1 and RM_2, RM_3 and RM_4, RM_5 and RM_6', () => {
    expect(total.peakCalls).toMatchObject({ value: 2, low: 2, high: 2, n: 6 });
    expect(total.peakParticipants).toMatchObject({ value: 4, low: 4, high: 4 }); // RM_1 and RM_2, each of two
  });

  test('offered, answered, abandoned', () => {
    const judged = { n: 5, complete: 0.8, leftOut: { active: 1 } };
    expect(total.offered).toEqual({ value: 4, low: 4, high: 4, ...judged });
    expect(total.answered).toEqual({ value: 2, low: 2, high: 2, ...judged });
    expect(total.abandoned).toEqual({ value: 2, low: 2, high: 2, ...judged });
    expect(total.abandonmentRate).toEqual({
      value: 0.5,
      low: 0.5,
      high: 0.5,
      n: 4,
      complete: 0.75,
      leftOut: { active: 1, notOffered: 1 },
      interval: [0.15, 0.85],
    });
  });

  test('speed of answer and handle time are of those answered', () => {
    const answered = { n: 2, complete: 0.5, leftOut: { active: 1, notOffered: 1, abandoned: 2 } };
    expect(total.averageSpeedOfAnswer).toEqual({ value: 18, low: 18, high: 18, ...answered });
    expect(total.averageHandleTime).toEqual({ value: 42, low: 42, high: 42, ...answered });
    expect(total.containmentRate).toMatchObject({ value: 1, ...answered });
  });

  test('service level: 1 of 3, for who gave up within 20 s is left out', () => {
    expect(total.serviceLevel).toMatchObject({
      threshold: 20,
      target: 0.8,
      denominator: 'answeredOrAbandonedLate',
      rate: { value: 0.3333, n: 3, leftOut: { active: 1, notOffered: 1, earlyAbandon: 1 } },
      met: false,
    });
    const { serviceLevel } = summarize(SIX, {
      serviceLevel: { threshold: 33, denominator: 'offered', target: 0.5 },
    }).total;
    expect(serviceLevel).toMatchObject({ threshold: 33, target: 0.5, rate: { value: 0.5, n: 4 }, met: true });
  });

  test('durations are pooled', () => {
    expect(total.callDuration).toMatchObject({
      value: { count: 5, min: 10, mean: 46.4, p50: 60, max: 62, method: 'exact', small: true },
      n: 5,
      leftOut: { active: 1 },
    });
    expect(total.joinLatency).toMatchObject({ value: { count: 2, p50: 18 }, n: 2, leftOut: { active: 1, noAgent: 3 } });
    expect(total.responseLatency).toMatchObject({
      value: { count: 3, min: 0.5, mean: 1.5, p50: 1.5, p90: 2.3, max: 2.5 },
      n: 2,
      complete: 0.5,
      leftOut: { active: 1, noResponse: 3 },
    });
    expect(total.engagement).toMatchObject({ value: 75, n: 4, leftOut: { active: 1, noHuman: 1 } });
  });

  test('minutes by kind: a call without a kind adds none', () => {
    const trust = { n: 5, complete: 0.8, leftOut: { active: 1 } };
    expect(total.participantMinutes).toEqual({
      AGENT: { value: 1.9, low: 1.9, high: 1.9, ...trust },
      SIP: { value: 0.5, low: 0.5, high: 0.5, ...trust },
      STANDARD: { value: 3.833, low: 3.833, high: 3.833, ...trust },
    });
  });

  test('how they ended, and how they sounded', () => {
    expect(Object.entries(total.endReasons).map(([reason, { value }]) => [reason, value])).toEqual([
      ['agent_hangup', 1],
      ['human_hangup', 3],
      ['unknown', 1],
    ]);
    expect(total.audioGrades).toMatchObject({ fair: { value: 1 }, good: { value: 4 } });
    expect(total.audioIssues).toMatchObject({ reconnect: { value: 1, n: 5, leftOut: { active: 1 } } });
  });

  test('recorded: (57/2 + 19 + 57/2) of 133 s', () => {
    expect(total.recordingCoverage).toMatchObject({ value: 0.5714, n: 3, leftOut: { active: 1, nobodyConnected: 2 } });
  });

  test('what no agent told of is left out, not 0', () => {
    expect(total.toolCalls).toEqual({
      value: null,
      low: null,
      high: null,
      n: 0,
      complete: null,
      leftOut: { active: 1, noTelemetry: 5 },
    });
    expect([total.toolErrorRate.value, total.usage.models, total.cost]).toEqual([null, [], {}]);
  });

  test('what was set is printed with them', () => {
    expect(definitions).toEqual({
      by: [],
      timeZone: 'UTC',
      serviceLevel: { threshold: 20, target: 0.8, denominator: 'answeredOrAbandonedLate' },
      shortAbandon: 0,
      containment: { minDuration: 0, secondHuman: true, escalationTags: ['escalated', 'transferred'] },
      maxGroups: 1000,
      emptyPeriods: true,
      exactUpTo: 10_000,
      confidence: 0.95,
      relativeError: 0.01,
      small: 30,
    });
  });
});

describe('no call at all', () => {
  test('counts to 0, and has no mean', () => {
    const { total } = summarize([]);
    expect(total.calls).toEqual({ value: 0, low: 0, high: 0, n: 0, complete: null, leftOut: {} });
    expect([total.offered.value, total.peakCalls.value]).toEqual([0, 0]);
    expect([total.abandonmentRate.value, total.callDuration.value]).toEqual([null, null]);
    expect(total.serviceLevel.met).toBeNull();
  });
});

describe('groups', () => {
  const row = ({ group, calls }: { group: { key: object }; calls: { value: number | null } }) => [
    ...Object.values(group.key),
    calls.value,
  ];

  test('by day: a call belongs to the day it started in, and a day without calls is shown', () => {
    const calls = [figures({ endedAt: NOON + DAY }), figures({ startedAt: NOON + 2 * DAY })];
    const { groups, total } = summarize(calls, { by: ['day'], timeZone: 'Europe/Berlin' });
    expect(groups.map(row)).toEqual([
      ['2026-01-05', 1],
      ['2026-01-06', 0],
      ['2026-01-07', 1],
    ]);
    expect(groups[0]!.group).toMatchObject({ from: '2026-01-04T23:00:00.000Z', until: '2026-01-05T23:00:00.000Z' });
    expect(total.calls.value).toBe(2);
    expect(summarize(calls, { by: ['day'], emptyPeriods: false }).groups).toHaveLength(2);
  });

  test('from and until are half-open, and show empty days to their ends', () => {
    const calls = [NOON - 1, NOON, NOON + DAY - 1, NOON + DAY].map((startedAt) => figures({ startedAt }));
    const period = { from: NOON, until: NOON + DAY };
    const { total, groups } = summarize(calls, { by: ['day'], from: NOON, until: NOON + 3 * DAY });
    expect(groups.map(row)).toEqual([
      ['2026-01-05', 1],
      ['2026-01-06', 2],
      ['2026-01-07', 0],
      ['2026-01-08', 0],
    ]);
    expect(total.calls.value).toBe(3);
    expect(summarize(calls, period).total.calls.value).toBe(2);
    expect(summarize([], { by: ['day'], ...period }).groups.map(row)).toEqual([
      ['2026-01-05', 0],
      ['2026-01-06', 0],
    ]);
  });

  test('on the day that clocks are put back there are 25 hours, and one of them twice', () => {
    const begin = Date.parse('2026-10-24T22:00:00Z');
    const calls = Array.from({ length: 25 }, (_, hour) => figures({ startedAt: begin + hour * 3_600_000 }));
    const { groups } = summarize(calls, { by: ['hour'], timeZone: 'Europe/Berlin' });
    expect(groups.map(row).slice(1, 5)).toEqual([
      ['2026-10-25T01:00+02:00', 1],
      ['2026-10-25T02:00+02:00', 1],
      ['2026-10-25T02:00+01:00', 1],
      ['2026-10-25T03:00+01:00', 1],
    ]);
    expect(summarize(calls, { by: ['day'], timeZone: 'Europe/Berlin' }).groups.map(row)).toEqual([['2026-10-25', 25]]);
  });

  test('by agent: a call of two is in both, and once in the whole', () => {
    const calls = [figures({ agents: ['nova', 'otto'] }), figures(), figures({ agents: [] })];
    const { groups, total } = summarize(calls, { by: ['agent'] });
    expect(groups.map(row)).toEqual([
      ['nova', 2],
      ['otto', 1],
      [null, 1],
    ]);
    expect(total.calls.value).toBe(3);
  });

  test('beyond the most that are shown, calls are summed up', () => {
    const calls = ['d', 'a', 'c', 'b', 'a', 'e', null].map((roomName) => figures({ roomName }));
    const { groups, others, total } = summarize(calls, { by: ['roomName'], maxGroups: 2 });
    expect(groups.map(row)).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect([others!.group.key, others!.calls.value, total.calls.value]).toEqual([{ roomName: null }, 4, 7]);
  });

  test('100,000 of them are bounded', () => {
    function* rooms() {
      for (let i = 0; i < 100_000; i++) yield figures({ roomName: `room-${(i * 7919) % 100_000}` });
    }
    const { groups, others, total } = summarize(rooms(), { by: ['roomName'], maxGroups: 10 }, ['calls', 'answered']);
    expect(groups.map(({ group }) => group.key.roomName)).toEqual([
      'room-0',
      'room-1',
      'room-10',
      'room-100',
      'room-1000',
      'room-10000',
      'room-10001',
      'room-10002',
      'room-10003',
      'room-10004',
    ]);
    expect([others!.calls.value, total.calls.value]).toEqual([99_990, 100_000]);
  });

  test('a stray call of 1970 is not followed by half a century of empty hours', () => {
    const { groups } = summarize([figures({ startedAt: 0 }), figures()], { by: ['hour'] });
    expect(groups).toHaveLength(2);
  });
});

test('only the figures that are asked for', () => {
  const { total } = summarize(SIX, {}, ['calls', 'cost']);
  expect(Object.keys(total)).toEqual(['group', 'calls', 'cost']);
});

test('usage and cost, where something has no price', () => {
  const used = (model: string, inputTokens: number, cost: number | null) => ({
    kind: 'llm' as const,
    provider: null,
    model,
    inputTokens,
    cachedInputTokens: null,
    outputTokens: null,
    audioSeconds: null,
    characters: null,
    requests: null,
    cost,
    currency: cost === null ? null : 'USD',
  });
  const calls = [
    figures({ usage: [used('a', 10, 0.1), used('b', 5, null)], toolCalls: 4, toolErrors: 1 }),
    figures({ usage: [used('a', 20, 0.2)], toolCalls: 0, toolErrors: 0 }),
    figures({ usage: [used('b', 1, null)] }),
    figures({ usage: [] }),
    figures(),
  ];
  const { usage, cost, toolCalls, toolErrorRate } = summarize(calls).total;
  expect(usage).toMatchObject({
    n: 4,
    leftOut: { noTelemetry: 1 },
    models: [
      { model: 'a', calls: 2, inputTokens: 30, outputTokens: null, cost: 0.3, currency: 'USD' },
      { model: 'b', calls: 2, inputTokens: 6, cost: null, currency: null },
    ],
  });
  expect(cost).toEqual({
    USD: { value: 0.3, low: 0.3, high: null, n: 3, complete: 1, leftOut: { noTelemetry: 1, noPrice: 1 } },
  });
  expect([toolCalls.value, toolErrorRate.value]).toEqual([4, 0.25]);
});

test('more tokens than can be counted are no count', () => {
  const one = { kind: 'llm' as const, provider: null, model: 'a', inputTokens: Number.MAX_SAFE_INTEGER };
  const rest = {
    cachedInputTokens: null,
    outputTokens: null,
    audioSeconds: null,
    characters: null,
    requests: 1,
    cost: null,
    currency: null,
  };
  const { usage } = summarize([
    figures({ usage: [{ ...one, ...rest }] }),
    figures({ usage: [{ ...one, ...rest }] }),
  ]).total;
  expect(usage.models[0]).toMatchObject({ inputTokens: null, requests: 2 });
});

test('samples that were not kept leave their distribution without limits', () => {
  const { responseLatency } = summarize([figures({ responseLatency: null }), figures()]).total;
  expect(responseLatency).toMatchObject({
    value: { count: 1 },
    low: { p50: null, count: 1 },
    high: { count: null },
    leftOut: { noSamples: 1 },
  });
});

test('people of whom only the most at once is known are within limits', () => {
  const unsure = figures({
    uncertain: ['presence'],
    bounds: { peak: [1, 3], endedAt: [NOON + 10_000, NOON + 100_000] },
  });
  const { peakParticipants, peakCalls } = summarize([
    unsure,
    figures({ startedAt: NOON + 90_000, endedAt: NOON + 95_000 }),
  ]).total;
  expect(peakParticipants).toMatchObject({ low: 2, high: 5 });
  expect(peakCalls).toMatchObject({ value: 1, low: 1, high: 2 });
  const crowd = figures({ arrivals: null, departures: null, peak: 500 });
  expect(summarize([crowd]).total.peakParticipants).toMatchObject({ value: 500, low: 500, high: 500, ...whole });
});

test.each([
  [{ by: ['year'] }, /hour, day, week, month/],
  [{ by: ['day', 'day'] }, /each once/],
  [{ timeZone: 'Mars/Base' }, /no time zone/],
  [{ serviceLevel: { threshhold: 20 } }, /threshhold/],
])('%j is refused', (options, said) => {
  expect(() => summarize([], options as never)).toThrow(said);
});
