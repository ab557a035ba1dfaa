/** The receiver is down in the middle of many calls, and LiveKit gives webhooks up, by its own rules and at its own pace. */
import { describe, expect, test } from 'vitest';
import { CallEvaluator, type CallMetrics } from '../../src/index.ts';
import { Reconciler } from '../../src/server/repair/reconciler.ts';
import { assess } from '../../src/simulate/assess.ts';
import { DreamClock } from '../../src/simulate/clock.ts';
import { deliver } from '../../src/simulate/deliver.ts';
import { webhooksOf } from '../../src/simulate/emit.ts';
import { isKnowable } from '../../src/simulate/knowable.ts';
import { callOf, makePlan } from '../../src/simulate/plan.ts';
import type { Simulation } from '../../src/simulate/simulation.ts';
import { FAIR } from '../../src/simulate/weather.ts';
import { liveKitSays } from '../simulate/index.ts';

const BEGIN = Date.UTC(2026, 9, 12, 9);
const MINUTE = 60_000;
/** From the end of the last call to the questions. */
const AFTERWARDS = 30 * MINUTE;

interface Drill extends Simulation {
  /** What came through, and when. */
  arrived: { at: number; body: string }[];
}

/** Two hundred calls, a hundred at once, to a receiver that is down for some time. */
async function drill(secondsDown: number): Promise<Drill> {
  const plan = makePlan({ calls: 200, mixes: ['support', 'meeting', 'sip'], concurrent: 100, seed: secondsDown });
  const arrived: Drill['arrived'] = [];
  const clock = new DreamClock();
  const post = async (body: string) => {
    arrived.push({ at: BEGIN + clock.now(), body });
    return { status: 200, retryAfter: null, took: null };
  };
  const weather = { ...FAIR, outage: secondsDown * 1000 };
  const way = { pace: { speed: 1 }, weather, clock, post, sign: () => '', connections: 64 };
  const tally = await clock.during(deliver({ plan, begin: BEGIN, ...way }));
  return { plan, begin: BEGIN, tally, seconds: clock.now() / 1000, arrived };
}

const callsOf = ({ plan }: Drill) => plan.calls.map((_, index) => callOf(plan, index, BEGIN));

/** The metrics of an evaluator that heard each webhook when it came. With `asks`, LiveKit is asked about what is odd. */
async function metricsAfter(drilled: Drill, asks: boolean): Promise<Map<string, CallMetrics>> {
  let now = BEGIN;
  const evaluator = new CallEvaluator({ clock: () => now });
  const rooms = new Map(callsOf(drilled).map((call) => [call.room.name, { call, emitted: webhooksOf(call) }]));
  const answer = (name: string) => liveKitSays(now, rooms.get(name)!.call, rooms.get(name)!.emitted);
  const open = () => [...rooms].filter(([name]) => answer(name).exists).map(([, { call }]) => call.room);
  const reconciler = new Reconciler(evaluator, {
    api: {
      rooms: async () => open().map(({ sid, name, starts }) => ({ sid, name, creationTimeMs: `${starts[0]}` })),
      participants: async (name) => answer(name).participants,
      egresses: async (name) => answer(name).egresses,
    },
    liveKitNow: () => now,
  });
  const { arrived } = drilled;
  const last = arrived.at(-1)!.at + AFTERWARDS;
  let next = 0;
  for (let round = BEGIN; round <= last; round += MINUTE) {
    for (; next < arrived.length && arrived[next]!.at <= round; next++) {
      now = arrived[next]!.at;
      await evaluator.processEvent(arrived[next]!.body);
    }
    now = round;
    if (asks) await reconciler.reconcile();
  }
  const metrics = new Map<string, CallMetrics>();
  for (const { room } of callsOf(drilled)) {
    const found = await evaluator.getMetrics(room.sid);
    if (found) metrics.set(room.sid, found);
  }
  await evaluator.close();
  return metrics;
}

const saysSo = ({ evidence }: CallMetrics) => evidence.completeness < 1 && evidence.gaps.length > 0;

describe.each([20, 60])('down for %d s', async (secondsDown) => {
  const drilled = await drill(secondsDown);
  const { plan, tally } = drilled;
  const alone = await metricsAfter(drilled, false);
  const asking = await metricsAfter(drilled, true);

  test('what LiveKit loses is lost, and no more', () => {
    const { delivered, gaveUp, tooOld } = tally.outcomes;
    expect(gaveUp).toBeGreaterThan(0);
    expect(tooOld > 0).toBe(secondsDown > 30);
    expect(delivered + gaveUp + tooOld).toBe(plan.webhooks);
  });

  test.each([
    ['', alone],
    [', LiveKit being asked', asking],
  ])('each call that lacks something says so, and no truth is out of bounds%s', async (_, metrics) => {
    const { outside, unknown } = await assess(drilled, async (roomSid) => metrics.get(roomSid) ?? null);
    expect({ outside, unknown }).toEqual({ outside: [], unknown: [] });

    const affected = callsOf(drilled).filter((call, index) => {
      const emitted = webhooksOf(call);
      const left = emitted.filter((_, webhook) => tally.arrived(index, webhook));
      return left.length < emitted.length && left.length > 0 && isKnowable(call, left);
    });
    expect(affected.length).toBeGreaterThan(10);
    expect(affected.filter(({ room }) => !saysSo(metrics.get(room.sid)!))).toEqual([]);
  });

  test('each call comes to its end where LiveKit is asked', () => {
    const open = (all: typeof alone) => [...all.values()].filter(({ status }) => status === 'active').length;
    expect(open(alone) > 0).toBe(secondsDown > 30);
    expect(open(asking)).toBe(0);
    const gaps = [...asking.values()].flatMap(({ evidence }) => evidence.gaps);
    expect(gaps.filter(({ resolvedBy }) => /no such room/.test(resolvedBy)).length).toBeGreaterThan(0);
  });
});
