import { describe, expect, test } from 'vitest';
import { webhooksOf } from '../../src/simulate/emit.ts';
import { MIX_NAMES, type Mix } from '../../src/simulate/mix.ts';
import { lengthOf, paced } from '../../src/simulate/pace.ts';
import { callOf, letters, makePlan } from '../../src/simulate/plan.ts';
import { SCENARIO_NAMES } from '../../src/simulate/scenario.ts';

const BEGIN = Date.UTC(2026, 9, 12, 9);
const plan = makePlan({ calls: 60, mixes: ['support', 'meeting', 'sip', 'trouble'], concurrent: 8, seed: 7 });

describe('a plan', () => {
  test('has the webhooks of its calls, each once, in the order of what they tell of', () => {
    const all = [...letters(plan, BEGIN)];
    expect(all).toHaveLength(plan.webhooks);
    expect(all.every(({ at }, index) => index === 0 || at >= all[index - 1]!.at)).toBe(true);
    for (const index of plan.calls.keys()) {
      const own = all.filter(({ call }) => call === index);
      expect(own.map(({ webhook }) => webhook)).toEqual([...own.keys()]);
      expect(own.map(({ body }) => body)).toEqual(
        webhooksOf(callOf(plan, index, BEGIN)).map(({ event }) => JSON.stringify(event)),
      );
    }
    expect(all.at(0)!.at).toBe(BEGIN);
    expect(all.at(-1)!.at).toBe(BEGIN + plan.span);
  });

  test('plays the same calls at any time', () => {
    const [one, other] = [callOf(plan, 5, BEGIN), callOf(plan, 5, BEGIN + 3_600_000)];
    expect(other.room.sid).toBe(one.room.sid);
    expect(other.room.ends[0]! - one.room.ends[0]!).toBe(3_600_000);
    expect(webhooksOf(other).map(({ event }) => event.id)).toEqual(webhooksOf(one).map(({ event }) => event.id));
  });

  test('of many calls has a room for each', () => {
    const { calls } = makePlan({ calls: 5_000, mixes: ['sip'], concurrent: 100, seed: 1 });
    expect(new Set(calls.map(({ seed }) => seed)).size).toBe(5_000);
    const some = { ...plan, calls: calls.slice(0, 500) };
    expect(new Set(some.calls.map((_, index) => callOf(some, index, 0).room.sid)).size).toBe(500);
  });

  test('has about as many calls at once as was asked for', () => {
    const busy = makePlan({ calls: 600, mixes: ['support', 'meeting', 'sip'], concurrent: 50, seed: 1 });
    const seconds = busy.calls.reduce((sum, _, index) => {
      const told = webhooksOf(callOf(busy, index, 0));
      return sum + (told.at(-1)!.at - told[0]!.at);
    }, 0);
    expect(seconds / busy.span).toBeGreaterThan(35);
    expect(seconds / busy.span).toBeLessThan(60);
  });

  test.each(MIX_NAMES)('of %s has its scenarios, and every call of it ends', (mix: Mix) => {
    const { calls, ...rest } = makePlan({ calls: mix === 'webinar' ? 2 : 80, mixes: [mix], concurrent: 5, seed: 3 });
    const kinds = new Set(calls.map(({ scenario }) => scenario));
    expect(kinds.size).toBeGreaterThanOrEqual(mix === 'webinar' ? 1 : 3);
    for (const index of calls.keys()) expect(callOf({ calls, ...rest }, index, 0).room.ends.length).toBeGreaterThan(0);
  });

  test('queues by recording, else by ingress, else by room', () => {
    const recorded = makePlan({ calls: 60, mixes: ['meeting'], concurrent: 5, seed: 4 });
    for (const { body, key } of letters(recorded, BEGIN)) {
      const { egressInfo, ingressInfo, room } = JSON.parse(body);
      expect(key).toBe(egressInfo?.egressId ?? ingressInfo?.ingressId ?? room.name);
    }
  });

  test('of all mixes leaves out only calls without an end', () => {
    const all = makePlan({ calls: 3000, mixes: MIX_NAMES.filter((mix) => mix !== 'webinar'), concurrent: 5, seed: 5 });
    const played = new Set(all.calls.map(({ scenario }) => scenario));
    expect(SCENARIO_NAMES.filter((name) => !played.has(name))).toEqual(['webinar', 'open', 'expired']);
  });
});

describe('the pace', () => {
  const instants = [0, 60_000, 60_000, 120_000];
  test.each([
    [{ speed: 60 }, [0, 1000, 1000, 2000]],
    [{ rate: 10 }, [0, 100, 200, 300]],
    [{ speed: 60, rate: 2 }, [0, 1000, 1500, 2000]],
    [{ speed: 60, rate: 1 }, [0, 1000, 2000, 3000]],
  ])('of %j', (pace, expected) => {
    const due = paced(pace, BEGIN);
    expect(instants.map((instant) => due(BEGIN + instant))).toEqual(expected);
    expect(lengthOf({ span: 120_000, webhooks: 4 }, pace)).toBeGreaterThanOrEqual(expected.at(-1)!);
  });
});
