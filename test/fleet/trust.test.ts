import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loss, lose } from '../../src/fleet/trust/loss.ts';
import { TrialCall } from '../../src/fleet/trust/trial.ts';
import { TrustTally, undeclaredIn } from '../../src/fleet/trust.ts';
import { CallEvaluator, type CallMetrics, type TrustReport } from '../../src/index.ts';
import { eventsIn } from '../../src/live.ts';
import { measure } from '../../src/metrics/measure.ts';
import { parseOptions } from '../../src/options.ts';
import { seeded } from '../../src/random.ts';
import { linesOf } from '../server/api/recorded.ts';

const FIXTURES = [
  'support-call',
  'handoff',
  'sip-outbound-unanswered',
  'agent-jobs',
  'screen-share',
  'agent-turns',
  'egress-failed',
  'reconnect-left-then-joined',
];
const WHOLE = 10;

let evaluator: CallEvaluator;
beforeAll(async () => {
  evaluator = new CallEvaluator({ clock: () => Date.UTC(2026, 11, 1) });
  for (const name of [...FIXTURES, 'lost-left', 'hostile']) await evaluator.processEvents(linesOf(name));
});
afterAll(() => evaluator.close());

const byPath = ({ losses }: TrustReport, path: string, at = 0) =>
  losses[at]!.paths.find((found) => found.path === path)!;

describe('calls', () => {
  test('are those that are finished, complete and understood', async () => {
    const { calls, losses } = await evaluator.trust({ loss: [0], runs: 1 });
    expect(calls).toEqual({ tried: WHOLE, complete: WHOLE + 1, others: 2, quarantined: 1 });
    expect(losses[0]).toMatchObject({ trials: WHOLE, lost: 0, untouched: WHOLE });
  });

  test('are drawn from all of the period, the same by the same seed', async () => {
    const tracks = async (seed: number) =>
      byPath(await evaluator.trust({ loss: [0], runs: 1, calls: 3, seed }), 'tracks.total').n;
    expect(await tracks(1)).toBe(3);
    const drawn = async (seed: number) => (await evaluator.trust({ loss: [0], runs: 1, calls: 3, seed })).losses;
    expect(await drawn(5)).toEqual(await drawn(5));
    const several = await Promise.all([1, 2, 3, 4].map(drawn));
    expect(new Set(several.map(([loss]) => loss!.webhooks)).size).toBeGreaterThan(1);
  });

  test('may be asked for by period, room, agent or sid', async () => {
    const tried = async (asked: object) => (await evaluator.trust({ ...asked, loss: [0], runs: 1 })).calls.tried;
    expect(await tried({ roomSid: 'RM_support' })).toBe(1);
    expect(await tried({ roomSid: 'RM_nobody' })).toBe(0);
    expect(await tried({ until: '2026-01-01' })).toBe(0);
    expect(await tried({ since: '2026-01-01' })).toBe(WHOLE);
    expect(await tried({ room: 'nothing-*' })).toBe(0);
    expect(await tried({ agent: 'agent-*' })).toBeGreaterThan(0);
  });

  test('with what was measured of them for the truth', async () => {
    const call = await trialOf('RM_handoff');
    const { evidence: _, ...measured } = (await evaluator.getMetrics('RM_handoff'))!;
    const { evidence: __, ...truth } = call.truth;
    expect(truth).toEqual(measured);
  });
});

describe('what is reported', () => {
  test('of no loss: every value exact', async () => {
    const { losses, defects } = await evaluator.trust({ loss: [0], runs: 2 });
    const [{ all, paths }] = losses as [TrustReport['losses'][number]];
    expect(defects).toEqual([]);
    expect(all.n).toBeGreaterThan(1000);
    expect(all).toMatchObject({ exact: all.n, unknown: 0, flagged: 0, bounded: 0, calibration: null });
    for (const { meanAbsoluteError } of paths) expect(meanAbsoluteError ?? 0).toBe(0);
  });

  test('of losses: errors, and bounds that all hold the truth', async () => {
    const report = await evaluator.trust({ loss: [0.1, 0.4], outage: [20], runs: 6 });
    expect(report.defects).toEqual([]);
    expect(undeclaredIn(report)).toBe(0);
    for (const { trials, lost, webhooks, all } of report.losses) {
      expect(trials).toBe(WHOLE * 6);
      expect(lost).toBeGreaterThan(0.05 * webhooks);
      expect(all.exact).toBeLessThan(all.n);
      expect(all.bounded).toBeGreaterThan(100);
      expect(all.calibration).toBe(1);
    }
    const [some, many] = report.losses;
    expect(many!.all.exact / many!.all.n).toBeLessThan(some!.all.exact / some!.all.n);
    expect(many!.unseen).toBeGreaterThan(0);
    expect(many!.all.unseen).toBeGreaterThan(0);
    const duration = byPath(report, 'callDuration', 1);
    expect(duration).toMatchObject({ unit: 's', main: true, n: expect.any(Number) });
    expect(duration.meanAbsoluteError).toBeGreaterThan(0);
    expect(duration.p95AbsoluteError).toBeGreaterThanOrEqual(duration.meanAbsoluteError!);
    expect(duration.medianWidth).toBeGreaterThan(0);
    expect(byPath(report, 'status', 1).flagged).toBeGreaterThan(0);
  });

  test('has the main paths first', async () => {
    const { losses } = await evaluator.trust({ loss: [0.1], runs: 1 });
    const paths = losses[0]!.paths;
    const first = paths.findIndex(({ main }) => !main);
    expect(paths.slice(first).some(({ main }) => main)).toBe(false);
    expect(paths.slice(0, 4).map(({ path }) => path)).toEqual(['status', 'startedAt', 'endedAt', 'duration']);
  });

  test('is the same by the same seed, and another by another', async () => {
    const asked = { loss: [0.1], outage: [20], runs: 3 };
    const report = await evaluator.trust({ ...asked, seed: 7 });
    expect(await evaluator.trust({ ...asked, seed: 7 })).toEqual(report);
    expect(await evaluator.trust({ ...asked, seed: 8 })).not.toEqual(report);
  });

  test('as far as it has come; meanwhile others have their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const done: number[] = [];
    await evaluator.trust({ loss: [0.2], runs: 20 }, ({ trials, of }) => {
      expect(of).toBeGreaterThanOrEqual(WHOLE);
      done.push(trials);
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(done.at(-1)).toBe(WHOLE * 20);
    expect(done.toSorted((a, b) => a - b)).toEqual(done);
  });
});

describe('what is lost', () => {
  test('at a small share is lost at a larger one as well', async () => {
    const events = await eventsOf('RM_support');
    const left = (share: number) => lose(events, { share }, seeded(3));
    expect(left(0)).toEqual(events);
    expect(left(0.2).length).toBeGreaterThan(left(0.6).length);
    for (const event of left(0.6)) expect(left(0.2)).toContain(event);
  });

  test('of an outage is one stretch', async () => {
    const events = await eventsOf('RM_support');
    const sizes = Array.from({ length: 20 }, (_, seed) => {
      const left = lose(events, { outage: 30 }, seeded(seed));
      const lost = events.filter((event) => !left.includes(event)).map(({ at }) => at.ms);
      if (lost.length === 0) return 0;
      const [from, to] = [Math.min(...lost), Math.max(...lost)];
      expect(to - from).toBeLessThan(30_000);
      expect(left.filter(({ at }) => at.ms > from && at.ms < to)).toEqual([]);
      return lost.length;
    });
    expect(new Set(sizes).size).toBeGreaterThan(1);
  });

  test('is never what agents uploaded; of a call of which nothing else is left there is nothing to compare', async () => {
    const { losses } = await evaluator.trust({ roomSid: 'RM_turns', loss: [0.3, 1], runs: 10 });
    expect(byPath({ losses } as TrustReport, 'response.source')).toMatchObject({ exact: losses[0]!.trials });
    expect(losses[1]).toMatchObject({ unheard: 10, all: { n: 0 } });
  });
});

describe('an engine that is wrong without saying so', () => {
  const LOSSES: Loss[] = [{ share: 0.1 }];
  /** Wrong only where events are lost. */
  const sabotaged =
    (spoil: (metrics: CallMetrics) => void): typeof measure =>
    (...given) => {
      const metrics = measure(...given);
      if (metrics.evidence.completeness < 1) spoil(metrics);
      return metrics;
    };
  async function reportOn(engine: typeof measure): Promise<TrustReport> {
    const call = await trialOf('RM_support', engine);
    const tally = new TrustTally(LOSSES);
    for (let seed = 0; seed < 40; seed++) tally.add(call.roomSid, [call.lose(LOSSES[0]!, seed)], call.webhooks);
    return tally.report({ seed: 0, runs: 40, calls: { tried: 1, complete: 1, others: 0, quarantined: 0 } });
  }

  test('is not what is there', async () => expect(undeclaredIn(await reportOn(measure))).toBe(0));

  test.each<[string, string, (metrics: CallMetrics) => void]>([
    [
      'bounds that leave the truth out',
      'callDuration',
      ({ evidence }) => {
        if (evidence.bounds.callDuration) evidence.bounds.callDuration = [0, 1];
      },
    ],
    ['no bounds', 'duration', ({ evidence }) => void delete evidence.bounds.duration],
    ['a count that is off', 'tracks.total', (metrics) => void metrics.tracks.total++],
    [
      'a flag that has turned',
      'agent.noShow',
      ({ agent }) => {
        agent.noShow = true;
      },
    ],
    [
      'a null that nothing explains',
      'engagement.score',
      (metrics) => {
        metrics.engagement = null;
        metrics.evidence.gaps = [];
      },
    ],
  ])('%s: found out, and named so that it can be had again', async (_, path, spoil) => {
    const engine = sabotaged(spoil);
    const report = await reportOn(engine);
    expect(byPath(report, path).undeclared).toBeGreaterThan(0);
    expect(report.losses[0]!.all.undeclared).toBeGreaterThan(0);
    const defect = report.defects.find((one) => one.path === path)!;
    expect(defect).toMatchObject({ roomSid: 'RM_support', loss: LOSSES[0] });
    const again = (await trialOf(defect.roomSid, engine)).lose(defect.loss, defect.seed);
    expect(again.values!.find((value) => value.path === path)).toMatchObject({
      verdict: 'outside',
      found: defect.found,
      truth: defect.truth,
    });
  });

  test('wrong bounds show in the calibration', async () => {
    const report = await reportOn(
      sabotaged(({ evidence }) => {
        for (const [path, bounds] of Object.entries(evidence.bounds))
          if (typeof bounds[1] === 'number') evidence.bounds[path] = [0, 0];
      }),
    );
    expect(report.losses[0]!.all.calibration).toBeLessThan(0.9);
  });
});

test.each([
  [{ loss: [10] }, 'a list of shares from 0 to 1'],
  [{ loss: 0.1 }, 'a list of shares from 0 to 1'],
  [{ outage: [0] }, 'a list of seconds'],
  [{ runs: 0 }, 'from 1 to 100000'],
  [{ seed: -1 }, 'from 0 to 4294967295'],
  [{ sed: 1 }, 'Did you mean seed?'],
  [{ since: 'soon' }, 'Not an instant'],
])('%j is refused with what would be right', async (asked, right) => {
  await expect(evaluator.trust(asked as object)).rejects.toThrow(right);
});

async function eventsOf(roomSid: string) {
  const events = await evaluator.getEvents(roomSid);
  return [...eventsIn({ roomSid, events, duplicates: 0, quarantined: 0 })];
}

async function trialOf(roomSid: string, engine?: typeof measure): Promise<TrialCall> {
  return new TrialCall(roomSid, await eventsOf(roomSid), parseOptions({}).measuring, engine);
}
