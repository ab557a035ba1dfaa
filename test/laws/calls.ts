/** Calls to try a law on, and what is known of them by other ways than the live machine. */
import fc from 'fast-check';
import { resolve } from '../../src/call/resolve.ts';
import { type RoomState, stateAt } from '../../src/call/state.ts';
import { CallEvaluator, type CallMetrics } from '../../src/index.ts';
import { arrive, type LiveRoom, newLiveRoom } from '../../src/live.ts';
import { measure } from '../../src/metrics/measure.ts';
import { parseOptions } from '../../src/options.ts';
import { decode } from '../../src/webhook/decode.ts';
import {
  asOf,
  type Call,
  type Emitted,
  repeatSome,
  repeatSomeAnew,
  SCENARIO_NAMES,
  type Scenario,
  shuffled,
  simulateCall,
  webhooksOf,
} from '../simulate/index.ts';

/** No smaller seed is a simpler one. */
export const aSeed = fc.noShrink(fc.integer({ min: 0, max: 1e9 }));

/** By what a call can be had again. */
export interface Drawn {
  seed: number;
  mode: 'whole' | 'ms';
  scenario: Scenario;
  /** The server is an old one, whose webhooks tell less. */
  old: boolean;
}

const USUAL = SCENARIO_NAMES.filter((name) => name !== 'webinar');

export const aCall: fc.Arbitrary<Drawn> = fc.record({
  seed: aSeed,
  mode: fc.constantFrom('whole', 'ms'),
  scenario: fc.constantFrom(...USUAL),
  old: fc.boolean(),
});

/** Several, each of its own seed, and so with ids of its own. */
export const someCalls = (minLength: number, maxLength: number): fc.Arbitrary<Drawn[]> =>
  fc.uniqueArray(aCall, { minLength, maxLength, selector: ({ seed }) => seed });

export interface Told {
  call: Call;
  emitted: Emitted[];
}

/** A call, up to some share of its time, and its webhooks in true order. */
export function told({ seed, old, ...options }: Drawn, share = 1): Told {
  const whole = simulateCall(seed, options);
  const emitted = webhooksOf(whole, { old });
  if (share === 1) return { call: whole, emitted };
  const [first, last] = [emitted.at(0)!.at, emitted.at(-1)!.at];
  const call = asOf(whole, first + Math.floor((last - first) * share));
  return { call, emitted: webhooksOf(call, { old }) };
}

/** In any order, some of them again, some of those under new ids. */
export function disordered(emitted: readonly Emitted[], seed: number): Emitted[] {
  return shuffled(seed)(repeatSomeAnew(0.2, seed)(repeatSome(0.2, seed)(emitted)));
}

export const bodies = (emitted: readonly Emitted[]): object[] => emitted.map(({ event }) => event);

/** What the product says of a call of which it was told all at once. */
export async function metricsOf({ call, emitted }: Told): Promise<CallMetrics> {
  const evaluator = new CallEvaluator({ clock: () => call.now });
  await evaluator.processEvents(bodies(emitted));
  const metrics = await evaluator.getMetrics(call.room.sid);
  await evaluator.close();
  return metrics!;
}

const { measuring } = parseOptions({});

/** The fold from scratch, without store, queue or memory. */
export function folded({ call, emitted }: Told): LiveRoom {
  const room = newLiveRoom(call.room.sid);
  for (const body of bodies(emitted)) {
    const decoded = decode(JSON.parse(JSON.stringify(body)));
    if (!decoded.ok) throw new Error(`Not understood: ${JSON.stringify(decoded.reason)}`);
    arrive(room, decoded.event, !room.call.facts.has(decoded.event.fact));
  }
  return room;
}

export function foldedMetrics(told: Told): CallMetrics {
  const room = folded(told);
  return measure(room.call, told.call.now, room, measuring);
}

export function foldedStates(told: Told, instants: readonly number[]): RoomState[] {
  const resolved = resolve(folded(told).call, told.call.now, measuring);
  return instants.map((at) => stateAt(resolved, at));
}

/** The bytes that are compared; over many lines, so that a difference can be seen. */
export const pretty = (value: unknown): string => JSON.stringify(value, null, 1);

/** The JSON without what tells of the arrival itself: its counters, and the number of revisions on the way. */
export function withoutArrival({ evidence, ...metrics }: CallMetrics): string {
  const { received: _, duplicates: __, outOfOrder: ___, ...events } = evidence.events;
  return pretty({ ...metrics, revision: 0, evidence: { ...evidence, events } });
}
