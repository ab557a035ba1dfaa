/** Summaries of calls that were simulated and measured: against plain sums over their metrics, and with events lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figuresOf } from '../../src/fleet/figures.ts';
import { summarize } from '../../src/fleet/summary.ts';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { isKnowable } from '../../src/simulate/knowable.ts';
import { aCall, aSeed, type Drawn, foldedMetrics, told } from '../laws/calls.ts';
import { dropSome, SCENARIO_NAMES } from '../simulate/index.ts';
import { callSummaryFigures } from './summaryFigures.ts';

const DAY = 86_400_000;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const thousandth = (value: number) => Math.round(value * 1000) / 1000;

describe('against plain sums over the metrics of simulated calls', () => {
  const scenarios = SCENARIO_NAMES.filter((name) => name !== 'webinar');
  const calls: CallMetrics[] = Array.from({ length: 300 }, (_, seed) =>
    foldedMetrics(told({ seed, mode: 'ms', scenario: scenarios[seed % scenarios.length]!, old: false })),
  ).filter(({ status }) => status !== 'active');
  const { total } = summarize(calls.map((metrics) => figuresOf(metrics)));
  const offered = calls.filter(({ agent }) => agent.noShow !== null);
  const answered = offered.filter(({ agentHumanDuration }) => (agentHumanDuration ?? 0) > 0);

  test('there are enough of each to tell', () => {
    expect([calls.length > 200, answered.length > 50, offered.length - answered.length > 10]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('counts and rates', () => {
    expect(total.calls.value).toBe(calls.length);
    expect(total.offered.value).toBe(offered.length);
    expect(total.answered.value).toBe(answered.length);
    expect(total.abandonmentRate.value).toBeCloseTo(1 - answered.length / offered.length, 4);
    const lost = calls.filter(({ evidence }) => evidence.completeness < 1).length;
    expect(total.incomplete.value).toBeCloseTo(lost / calls.length, 4);
  });

  test('means', () => {
    expect(total.averageSpeedOfAnswer.value).toBe(thousandth(mean(answered.map(({ agent }) => agent.joinLatency!))));
    expect(total.averageHandleTime.value).toBe(
      thousandth(mean(answered.map(({ agentHumanDuration }) => agentHumanDuration!))),
    );
    const scores = calls.flatMap(({ engagement }) => engagement?.score ?? []);
    expect(total.engagement.value).toBeCloseTo(mean(scores), 2);
  });

  test('service level: who gave up waited as long as a human was there', () => {
    const inTime = answered.filter(({ agent }) => agent.joinLatency! <= 20).length;
    const late = offered.filter((call) => !answered.includes(call)).filter(humansWaited).length;
    expect(total.serviceLevel.rate.value).toBeCloseTo(inTime / (answered.length + late), 4);
  });
  /** noShow says it of 20 s, where no agent ever came. */
  const humansWaited = ({ agent }: CallMetrics) => agent.noShow === true;

  test('durations', () => {
    const durations = calls.flatMap(({ callDuration }) => callDuration ?? []).sort((a, b) => a - b);
    expect(total.callDuration.value).toMatchObject({
      count: durations.length,
      min: durations[0],
      max: durations.at(-1),
    });
    expect(total.callDuration.value!.mean).toBe(thousandth(mean(durations)));
  });

  test('minutes by kind', () => {
    const seconds = calls.reduce(
      (sum, { participants }) => sum + (participants.byKind.AGENT?.participantSeconds ?? 0),
      0,
    );
    expect(total.participantMinutes.AGENT!.value).toBe(thousandth(seconds / 60));
  });

  test('the most people at once are the most of any one call, where none overlap', () => {
    for (const metrics of calls.slice(0, 50)) {
      const { peakParticipants } = summarize([figuresOf(metrics)]).total;
      expect(peakParticipants.value).toBe(metrics.participants.peak);
    }
  });
});

test('with events lost, what the whole calls give lies within the limits', () => {
  const drawn = fc.uniqueArray(
    aCall.filter(({ mode, old }) => mode === 'ms' && !old),
    { minLength: 1, maxLength: 6, selector: ({ seed }: Drawn) => seed },
  );
  fc.assert(
    fc.property(drawn, fc.double({ min: 0.02, max: 0.4, noNaN: true }), aSeed, (drawn, share, seed) => {
      const pairs = drawn.flatMap((one) => {
        const { call, emitted } = told(one);
        const late = { ...call, now: call.now + 3 * DAY };
        const left = dropSome(share, seed)(emitted);
        if (left.length === 0 || !isKnowable(call, left)) return [];
        return [[foldedMetrics({ call: late, emitted }), foldedMetrics({ call: late, emitted: left })] as const];
      });
      const truth = summarize(pairs.map(([whole]) => figuresOf(whole))).total;
      const said = summarize(pairs.map(([, lossy]) => figuresOf(lossy))).total;
      const limits = new Map(callSummaryFigures(said).map((one) => [one.path, one]));
      for (const { path, value, n, leftOut } of callSummaryFigures(truth)) {
        const limit = limits.get(path);
        if (value === null || limit === undefined || ABOUT_LOSS.test(path)) continue;
        if ('noSamples' in leftOut) continue; // metrics have but the distribution of three and more
        const slack = grainOf(path, n);
        if (limit.low !== null) expect(limit.low - slack <= value, `${path}: ${limit.low} <= ${value}`).toBe(true);
        if (limit.high !== null) expect(value - slack <= limit.high, `${path}: ${value} <= ${limit.high}`).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});
/** What is said of the loss itself. */
const ABOUT_LOSS = /^(incomplete|statuses|startUncertain|groupUncertain)/;
/** Webhooks' own clock counts whole seconds, which makes no bounds (evidence.resolution). */
function grainOf(path: string, calls: number): number {
  if (path.startsWith('participantMinutes')) return (calls * 2) / 60;
  if (/^(callDuration|joinLatency|responseLatency|average)/.test(path) && !path.endsWith('.count')) return 1;
  return 0;
}
