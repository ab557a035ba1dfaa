import { describe, expect, test } from 'vitest';
import { CallEvaluator, type CallMetrics } from '../../src/index.ts';
import { type AskMetrics, type Assessment, assess } from '../../src/simulate/assess.ts';
import { MIX_NAMES, type Mix } from '../../src/simulate/mix.ts';
import { makePlan } from '../../src/simulate/plan.ts';
import { type Simulation, writeCalls } from '../../src/simulate/simulation.ts';
import { FAIR, type Weather } from '../../src/simulate/weather.ts';

const UNTIL = Date.UTC(2026, 9, 12, 9);
const MIXES = MIX_NAMES.filter((mix) => mix !== 'webinar');
const STORMY: Weather = { loss: 0.1, duplicate: 0.1, disorder: 0.3, delay: 500, outage: 0 };

interface Run {
  simulation: Simulation;
  ask: AskMetrics;
}

/** The calls of a seed, through this weather, to an evaluator that is asked some seconds after the last of them. */
async function play(
  { seed, calls = 12, mode, mixes = MIXES }: { seed: number; calls?: number; mode?: 'whole' | 'ms'; mixes?: Mix[] },
  weather: Weather = FAIR,
  secondsLater = 0,
): Promise<Run> {
  const plan = makePlan({ calls, mixes, concurrent: 4, seed, mode });
  const bodies: string[] = [];
  const simulation = await writeCalls(plan, (body) => bodies.push(body), {
    pace: { speed: 60 },
    weather,
    until: UNTIL,
  });
  const evaluator = new CallEvaluator({ clock: () => UNTIL + secondsLater * 1000 });
  await evaluator.processEvents(bodies);
  return { simulation, ask: (roomSid) => evaluator.getMetrics(roomSid) };
}

const total = ({ metrics }: Assessment, verdict: 'exact' | 'withinBounds' | 'outside') =>
  metrics.reduce((sum, metric) => sum + metric[verdict], 0);

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('when all arrives', () => {
  test.each(['whole', 'ms'] as const)('every value is exact: 2 seeds, clocks in %s', async (mode) => {
    for (const seed of seeds(2)) {
      const { simulation, ask } = await play({ seed, mode }, { ...STORMY, loss: 0 });
      const found = await assess(simulation, ask);
      expect(found.outside).toEqual([]);
      expect(found.calls).toEqual({ judged: 12, stillOpen: 0, unheard: 0, unknown: 0, untold: 0 });
      for (const { path, withinBounds, meanAbsoluteError } of found.metrics) {
        // An outbound phone is the exception: no webhook tells when it is picked up.
        const phones = /^(connected|agentHuman)Duration$/.test(path);
        if (!phones) expect([path, withinBounds]).toEqual([path, 0]);
        // But for the digits that are shown of a score.
        if (!phones && mode === 'whole')
          expect(meanAbsoluteError ?? 0).toBeLessThan(path === 'engagement.score' ? 0.005 : 0.001);
      }
    }
  });

  test('of a webinar too', async () => {
    const { simulation, ask } = await play({ seed: 1, calls: 2, mixes: ['webinar'] });
    const found = await assess(simulation, ask);
    expect(found).toMatchObject({ calls: { judged: 2 }, outside: [] });
    expect(total(found, 'exact')).toBe(2 * found.metrics.length);
  });
});

describe('when some are lost', () => {
  test.each([0, 900, 3 * 86_400])('no truth is out of bounds, asked %d s later', async (secondsLater) => {
    let withinBounds = 0;
    let open = 0;
    for (const seed of seeds(2)) {
      const { simulation, ask } = await play({ seed, calls: 30 }, STORMY, secondsLater);
      const found = await assess(simulation, ask);
      expect(found.outside).toEqual([]);
      expect(found.unknown).toEqual([]);
      withinBounds += total(found, 'withinBounds');
      open += found.calls.stillOpen;
    }
    expect(withinBounds).toBeGreaterThan(7);
    if (secondsLater > 86_400) expect(open).toBe(0);
  });

  test.each([20, 60])('in an outage of %d s, likewise', async (outage) => {
    const { simulation, ask } = await play({ seed: 2, calls: 200 }, { ...FAIR, outage: outage * 1000 });
    const { answers, outcomes } = simulation.tally;
    expect(answers.get('outage')).toBeGreaterThan(0);
    expect(outcomes.gaveUp).toBeGreaterThan(0);
    const found = await assess(simulation, ask);
    expect(found.outside).toEqual([]);
    expect(total(found, 'withinBounds')).toBeGreaterThan(7);
  });
});

describe('a server that is wrong', () => {
  const altered = async (change: (metrics: CallMetrics) => CallMetrics | null) => {
    const { simulation, ask } = await play({ seed: 5 });
    return assess(simulation, async (roomSid) => change((await ask(roomSid))!));
  };

  test('is found out: what it says, and the truth', async () => {
    const found = await altered((metrics) => ({ ...metrics, duration: metrics.duration + 5 }));
    expect(found.metrics.find(({ path }) => path === 'duration')).toMatchObject({ exact: 0, outside: 12 });
    expect(total(found, 'outside')).toBe(12);
    const { found: said, truth, bounds } = found.outside[0]!;
    expect((said as number) - (truth as number)).toBeGreaterThan(4);
    expect(bounds).toBeNull();
  });

  test('is not excused by bounds that leave the truth out', async () => {
    const found = await altered((metrics) => ({
      ...metrics,
      evidence: { ...metrics.evidence, bounds: { ...metrics.evidence.bounds, 'tracks.total': [50, 90] } },
    }));
    expect(found.metrics.find(({ path }) => path === 'tracks.total')).toMatchObject({ outside: 12 });
  });

  test('when it keeps a call open whose end it was told of', async () => {
    const found = await altered((metrics) => ({ ...metrics, status: 'active', duration: metrics.duration + 600 }));
    expect(found.calls).toMatchObject({ judged: 12, stillOpen: 0 });
    expect(found.metrics.find(({ path }) => path === 'duration')).toMatchObject({ outside: 12 });
  });

  test('when it does not know a call', async () => {
    const found = await altered(() => null);
    expect(found.calls).toEqual({ judged: 0, stillOpen: 0, unheard: 0, unknown: 12, untold: 0 });
    expect(found.unknown).toHaveLength(12);
  });
});
