import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/digest.ts';
import { Recontacts } from '../../src/fleet/recontact.ts';
import type { SeriesCall } from '../../src/fleet/series/seriesCall.ts';
import { student } from '../../src/fleet/series/student.ts';
import { type Point, trendOf } from '../../src/fleet/series/trend.ts';
import type { Visit } from '../../src/fleet/series/visits.ts';
import { keyOf } from '../../src/fleet/series/whoItIs.ts';
import { seriesOf, seriesSchema } from '../../src/fleet/series.ts';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;
const DAY_WITHIN = { recontactWithin: 24, limit: 1000 };

const visit = (who: string, from: number, to: number, more: Partial<Visit> = {}): Visit => ({
  key: who,
  identity: who,
  phone: null,
  from: from * HOUR,
  to: to * HOUR,
  fromLimits: null,
  toLimits: null,
  ...more,
});

/** @param from, to in hours; everybody is there throughout */
function call(sid: string, from: number, to: number, who: string[], more: Partial<SeriesCall> = {}): SeriesCall {
  return {
    roomSid: sid,
    roomName: 'standup',
    status: 'finished',
    startedAt: from * HOUR,
    endedAt: to * HOUR,
    duration: (to - from) * 3600,
    completeness: 1,
    unique: who.length,
    peak: who.length,
    humans: who.length,
    engagement: who.length > 0 ? 50 : null,
    bounds: {},
    visits: who.map((one) => visit(one, from, to)),
    doubtful: 0,
    open: false,
    ...more,
  };
}

describe('whether a value grows from call to call', () => {
  const exact = (values: number[]): Point[] => values.map((value) => ({ value, range: undefined, complete: true }));

  test('Student’s t is that of the tables', () => {
    const table = { 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962 };
    for (const [freedom, t] of Object.entries(table)) expect(student(Number(freedom))).toBeCloseTo(t, 2);
  });

  test('the slope, its interval, and whether that is noise', () => {
    // by hand: mean 4, slope 9 / 10, squares 10, of which the line leaves 1.9 over 3 degrees of freedom
    const trend = trendOf(exact([2, 4, 3, 5, 6]));
    expect(trend).toMatchObject({ value: 0.9, low: 0.9, high: 0.9, n: 5, complete: 1, leftOut: {}, noise: false });
    const half = student(3) * Math.sqrt(1.9 / 3 / 10);
    expect(trend.interval![0]).toBeCloseTo(0.9 - half, 5);
    expect(trend.interval![1]).toBeCloseTo(0.9 + half, 5);
    expect(trendOf(exact([5, 2, 6, 3, 5, 4]))).toMatchObject({ noise: true });
    expect(trendOf(exact([3, 3, 3, 3, 3]))).toMatchObject({ value: 0, interval: [0, 0], noise: true });
  });

  test('of under five calls nothing is said, of under two there is no slope', () => {
    expect(trendOf(exact([1, 2, 3, 4]))).toMatchObject({ value: 1, interval: null, noise: null });
    expect(trendOf([...exact([1]), 'active', 'noHuman'])).toEqual({
      value: null,
      low: null,
      high: null,
      n: 1,
      complete: 1,
      leftOut: { active: 1, noHuman: 1 },
      interval: null,
      noise: null,
    });
  });

  test('what was lost moves it as far as its weight in the line allows', () => {
    const points = exact([1, 2, 3, 4, 5]);
    points[0] = { value: 1, range: [0, 3], complete: false };
    // weights are -0.2, -0.1, 0, 0.1, 0.2
    expect(trendOf(points)).toMatchObject({ value: 1, low: 0.6, high: 1.2, complete: 0.8, noise: false });
    points[4] = { value: 5, range: [0, null], complete: false };
    expect(trendOf(points)).toMatchObject({ value: 1, low: -0.4, high: null, noise: true });
    points[2] = { value: 3, range: [0, null], complete: false };
    expect(trendOf(points)).toMatchObject({ low: -0.4 });
  });
});

describe('who came again', () => {
  const own = [
    call('RM_1', 0, 1, ['ana', 'ben']),
    call('RM_2', 10, 11, ['ana']), // 9 h after
    call('RM_3', 36, 37, ['ana']), // 25 h after
    call('RM_4', 40, 41, []),
  ];
  const again = (calls: SeriesCall[], sid: string, now = NOW) =>
    new Recontacts(calls, 24 * HOUR, now).of(calls.find(({ roomSid }) => roomSid === sid)!);

  test('within so many hours of leaving, into another call', () => {
    expect(again(own, 'RM_1')).toMatchObject({ judgement: { is: 4, may: 4 }, after: 9 * HOUR, roomSid: 'RM_2' });
    expect(again(own, 'RM_2')).toMatchObject({ judgement: { is: 2, may: 2 }, after: null });
    expect(again(own, 'RM_4')).toMatchObject({ judgement: { is: 1, may: 1, why: 'noHuman' } });
  });

  test('a call is not judged before its time is over, also where somebody has come already', () => {
    expect(again(own, 'RM_1', 24 * HOUR)).toMatchObject({ judgement: { is: 1, why: 'tooRecent' }, after: 9 * HOUR });
    expect(again(own, 'RM_1', 25 * HOUR)).toMatchObject({ judgement: { is: 4 } });
  });

  test('who is in two calls at once has not come again', () => {
    const both = [call('RM_1', 0, 2, ['ana']), call('RM_2', 1, 3, ['ana'])];
    expect(again(both, 'RM_1')).toMatchObject({ judgement: { is: 2 } });
    const atOnce = [call('RM_1', 0, 2, ['ana']), call('RM_2', 2, 3, ['ana'])];
    expect(again(atOnce, 'RM_1')).toMatchObject({ judgement: { is: 4 }, after: 0 });
  });

  test('a lost leave, join or person may turn it', () => {
    const left = call('RM_1', 0, 1, [], {
      visits: [visit('ana', 0, 1, { toLimits: { low: 0.5 * HOUR, high: 12 * HOUR } })],
    });
    const turned = (first: SeriesCall, second: SeriesCall) => again([first, second], 'RM_1').judgement;
    expect(turned(left, call('RM_2', 10, 11, ['ana']))).toMatchObject({ is: 4, may: 4 + 2 }); // she may have been there still
    expect(turned(left, call('RM_2', 30, 31, ['ana']))).toMatchObject({ is: 2, may: 2 + 4 });
    expect(turned(left, call('RM_2', 12, 13, ['ana']))).toMatchObject({ is: 4, may: 4 });
    const certain = call('RM_1', 0, 1, ['ana']);
    expect(turned(certain, call('RM_2', 10, 11, ['ana'], { doubtful: 1 }))).toMatchObject({ is: 4, may: 4 + 2 });
    expect(turned(certain, call('RM_2', 10, 11, [], { open: true }))).toMatchObject({ is: 2, may: 2 + 4 });
  });

  test('who withholds the number is nobody in particular', () => {
    const unknown = (sid: string, at: number) =>
      call(sid, at, at + 1, [], { visits: [visit('sip_anonymous', at, at + 1, { key: null })] });
    expect(again([unknown('RM_1', 0), unknown('RM_2', 3)], 'RM_1')).toMatchObject({
      judgement: { is: 1, why: 'callerUnknown' },
    });
  });
});

test('a human is an identity, a telephone its number', () => {
  expect(keyOf('ana', 'STANDARD', undefined)).toBe('identity ana');
  const numbers = ['sip_+15550100', 'sip_15550100'].map((identity) => keyOf(identity, 'SIP', undefined));
  expect(new Set([...numbers, keyOf('crm-7', 'SIP', '+1 (555) 0100')])).toEqual(new Set(['number 15550100']));
  expect(keyOf('sip_3fa1b2c4d5e6f708', 'SIP', undefined)).toBe('identity sip_3fa1b2c4d5e6f708'); // hidden by LiveKit
  expect(keyOf('sip_200', 'SIP', '200')).toBe('identity sip_200'); // an extension
  expect(keyOf('x', 'SIP', 'alice12345')).toBe('identity x');
  for (const word of ['anonymous', 'Anonymous', 'restricted', 'unavailable', 'unknown']) {
    expect(keyOf(`sip_${word}`, 'SIP', word), word).toBeNull();
    const hash = Buffer.from(sha256(word), 'base64url').toString('hex').slice(0, 16);
    expect(keyOf(`sip_${hash}`, 'SIP', undefined), word).toBeNull();
  }
});

describe('a series', () => {
  const calls = [
    call('RM_1', 0, 1, ['ana', 'ben']),
    call('RM_2', 24, 25, ['ana', 'cleo']),
    call('RM_3', 48, 49, ['ana', 'ben', 'cleo', 'dan']),
    call('RM_4', 72, 73, ['ana'], { status: 'active', endedAt: null }),
  ];

  test('who is new, who returns, and how often somebody came again', () => {
    const series = seriesOf(calls, DAY_WITHIN, NOW);
    expect(
      series.calls.map((row) => [row.roomSid, row.new, row.returning, row.recontacted, row.recontactAfter]),
    ).toEqual([
      ['RM_1', 2, 0, true, 23 * 3600],
      ['RM_2', 1, 1, true, 23 * 3600],
      ['RM_3', 1, 3, true, 23 * 3600],
      ['RM_4', 0, 1, null, null],
    ]);
    expect(series.people).toMatchObject({ unique: 4, returned: 3 });
    expect(series.people.list.map(({ identity, calls }) => [identity, calls])).toEqual([
      ['ana', 4],
      ['ben', 2],
      ['cleo', 2],
      ['dan', 1],
    ]);
    // 1 of 2, 3 of 4, 1 of 1
    expect(series.returningRate).toEqual({
      value: 0.7143,
      low: 0.7143,
      high: 0.7143,
      n: 3,
      complete: 1,
      leftOut: { first: 1 },
    });
    expect(series.recontactRate).toMatchObject({ value: 1, low: 1, high: 1, n: 3, leftOut: { active: 1 } });
    expect(series.trend.humans).toMatchObject({ value: 1, n: 3, leftOut: { active: 1 }, noise: null });
    expect(seriesSchema.parse(series)).toEqual(series);
  });

  test('of a period: later calls tell who came again, and nothing else', () => {
    const series = seriesOf(calls, { ...DAY_WITHIN, since: 24 * HOUR, until: 48 * HOUR }, NOW);
    expect(series.calls).toMatchObject([{ roomSid: 'RM_2', new: 2, returning: 0, recontacted: true }]);
    expect(series.people).toMatchObject({ unique: 2, returned: 0 });
    expect(series.returningRate).toMatchObject({ value: null, n: 0 });
  });

  test('rows of the latest calls, figures of all', () => {
    const { calls: rows, earlier, people } = seriesOf(calls, { ...DAY_WITHIN, limit: 1 }, NOW);
    expect([rows.length, rows[0]!.roomSid, rows[0]!.returning, earlier, people.unique]).toEqual([1, 'RM_4', 1, 3, 4]);
  });

  test('only those who are followed', () => {
    const series = seriesOf(calls, { ...DAY_WITHIN, follows: (identity) => identity === 'ben' }, NOW);
    expect(series.people.list.map(({ identity }) => identity)).toEqual(['ben']);
    expect(series.recontactRate).toMatchObject({ value: 0, n: 2, leftOut: { active: 1, noHuman: 1 } });
    expect(series.calls[1]).toMatchObject({ humans: 2, new: 0, returning: 0 });
  });

  test('who may not have come, or may have unseen, widens the limits', () => {
    const doubtful = [calls[0]!, { ...calls[1]!, doubtful: 1, completeness: 0.5 }, calls[2]!];
    // ana and ben were there for sure; cleo may be new, dan is
    expect(seriesOf(doubtful, DAY_WITHIN, NOW).returningRate).toMatchObject({
      value: 0.6667,
      low: 0.4,
      high: 0.8,
      complete: 0.5,
    });
    const open = [{ ...calls[0]!, open: true }, calls[1]!];
    expect(seriesOf(open, DAY_WITHIN, NOW).returningRate).toMatchObject({ value: 0.5, low: 0.5, high: 1 });
  });

  test('nothing of nothing', () => {
    const series = seriesOf([], DAY_WITHIN, NOW);
    expect(series).toMatchObject({ calls: [], people: { unique: 0 }, recontactRate: { value: null, n: 0 } });
    expect(seriesSchema.parse(series)).toEqual(series);
  });

  const someCall = fc
    .record({
      at: fc.integer({ min: 0, max: 60 }),
      long: fc.integer({ min: 1, max: 5 }),
      who: fc.subarray(['ana', 'ben', 'cleo', 'dan']),
      doubtful: fc.boolean(),
      open: fc.constantFrom(false, false, true),
    })
    .map(({ at, long, who, doubtful, open }) => ({
      at,
      long,
      who,
      doubtful: doubtful && who.length > 0 ? 1 : 0,
      open,
    }));
  const someCalls = fc
    .array(someCall, { maxLength: 12 })
    .map((some) =>
      some.map(({ at, long, who, ...more }, i) => call(`RM_${i}`, at, at + long, who, { ...more, completeness: 0.5 })),
    );

  test('the same in any order, and each value within its limits', () => {
    fc.assert(
      fc.property(someCalls, fc.infiniteStream(fc.nat()), (calls, random) => {
        const series = seriesOf(calls, DAY_WITHIN, NOW);
        const shuffled = calls.map((call) => ({ call, key: random.next().value! })).sort((a, b) => a.key - b.key);
        expect(
          seriesOf(
            shuffled.map(({ call }) => call),
            DAY_WITHIN,
            NOW,
          ),
        ).toEqual(series);
        for (const { value, low, high } of [series.returningRate, series.recontactRate, ...Object.values(series.trend)])
          if (value !== null)
            expect([low === null || low <= value, high === null || high >= value]).toEqual([true, true]);
      }),
      { numRuns: 30 },
    );
  });

  test('against a plain look at every pair of calls', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        const exact = calls.map((call) => ({ ...call, doubtful: 0, open: false }));
        const { recontactRate } = seriesOf(exact, DAY_WITHIN, NOW);
        const asked = exact.filter(({ visits }) => visits.length > 0);
        const came = asked.filter((one) =>
          one.visits.some(({ key, to }) =>
            exact.some(
              (other) =>
                other !== one &&
                other.visits.some((next) => next.key === key && next.from >= to && next.from <= to + 24 * HOUR),
            ),
          ),
        );
        expect(recontactRate.n).toBe(asked.length);
        expect(recontactRate.value).toBe(
          asked.length === 0 ? null : Math.round((came.length / asked.length) * 10_000) / 10_000,
        );
      }),
      { numRuns: 30 },
    );
  });
});
