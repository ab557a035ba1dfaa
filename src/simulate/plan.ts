import { seeded } from '../random.ts';
import type { Call, Mode } from './call.ts';
import { webhooksOf } from './emit.ts';
import { Heap } from './heap.ts';
import { drawScenario, type Mix } from './mix.ts';
import { queueKey } from './queueKey.ts';
import { type Scenario, simulateCall } from './scenario.ts';

export interface PlanOptions {
  calls: number;
  mixes: readonly Mix[];
  /** How many calls go on at once, on the average. */
  concurrent: number;
  seed: number;
  mode?: Mode;
}

/** Many calls, of which only seeds are kept: each is played anew when it is needed. */
export interface Plan {
  seed: number;
  mode: Mode;
  calls: PlannedCall[];
  /** From the creation of the first room to the last webhook, in ms. */
  span: number;
  webhooks: number;
}

export interface PlannedCall {
  seed: number;
  scenario: Scenario;
  /** ms after the first call */
  from: number;
}

/** A webhook of a plan, as LiveKit queues it. */
export interface Letter {
  /** Which call it is of, and which of that call's webhooks. */
  call: number;
  webhook: number;
  /** The instant that it tells of, epoch ms. */
  at: number;
  key: string;
  body: string;
}

export function makePlan({ calls, mixes, concurrent, seed, mode = 'ms' }: PlanOptions): Plan {
  const random = seeded(seed);
  const first = random.int(0, 2 ** 31 - 1);
  const drawn = Array.from({ length: calls }, (_, index) => ({
    seed: apart(first + index),
    scenario: drawScenario(mixes, random),
    jitter: random.next(),
  }));
  const lengths: number[] = [];
  let webhooks = 0;
  for (const { seed, scenario } of drawn) {
    const told = webhooksOf(simulateCall(seed, { mode, scenario, start: 0 }));
    lengths.push(told.at(-1)!.at);
    webhooks += told.length;
  }
  const step = lengths.reduce((sum, length) => sum + length, 0) / calls / concurrent;
  const grain = mode === 'whole' ? 1000 : 1;
  const planned = drawn.map(({ seed, scenario, jitter }, index) => {
    const from = index === 0 ? 0 : Math.floor((step * (index + jitter)) / grain) * grain;
    return { seed, scenario, from };
  });
  const span = planned.reduce((last, { from }, index) => Math.max(last, from + lengths[index]!), 0);
  return { seed, mode, calls: planned, span, webhooks };
}

/** A number of 32 bits for each, and far from its neighbours: two calls of one seed would be one room. */
const apart = (index: number): number => Math.imul(index, 0x9e3779b1);

/** The call as it really was. `begin`: when the first room was created. */
export function callOf({ calls, mode }: Plan, index: number, begin: number): Call {
  const { seed, scenario, from } = calls[index]!;
  return simulateCall(seed, { mode, scenario, start: begin + from });
}

/** All webhooks in the order of what they tell of. No more calls are held than are going on at once. */
export function* letters(plan: Plan, begin: number): Generator<Letter> {
  const open = new Heap<Open>(isBefore);
  for (const [call, { from }] of plan.calls.entries()) {
    yield* lettersBefore(begin + from, open);
    // As text they take half the memory.
    const all = webhooksOf(callOf(plan, call, begin)).map(({ at, event }, webhook) => ({
      call,
      webhook,
      at,
      key: queueKey(event),
      body: JSON.stringify(event),
    }));
    open.add({ letters: all, next: 0 });
  }
  yield* lettersBefore(Infinity, open);
}

/** A call of which letters are still to be sent. */
interface Open {
  letters: Letter[];
  next: number;
}

const nextOf = ({ letters, next }: Open): Letter => letters[next]!;

function isBefore(one: Open, other: Open): boolean {
  const [a, b] = [nextOf(one), nextOf(other)];
  return a.at < b.at || (a.at === b.at && a.call < b.call);
}

function* lettersBefore(instant: number, open: Heap<Open>): Generator<Letter> {
  for (let first = open.least; first !== undefined && nextOf(first).at < instant; first = open.least) {
    yield nextOf(first);
    open.take();
    const next = first.next + 1;
    if (next < first.letters.length) open.add({ ...first, next });
  }
}
