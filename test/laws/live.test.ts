import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import type { Emitted } from '../simulate/index.ts';
import { aCall, aSeed, disordered, foldedMetrics, foldedStates, pretty, someCalls, type Told, told } from './calls.ts';
import { law } from './runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('after every event that arrives, the live machine says what a fold from scratch says', () => {
  law(
    'in any order of arrival',
    { drawn: aCall, order: aSeed },
    async ({ drawn, order }) => {
      const { call, emitted } = told(drawn);
      const evaluator = new CallEvaluator({ clock: () => call.now });
      await follow([call], disordered(emitted, order), () => evaluator, evaluator);
      await evaluator.close();
    },
    { runs: 3 },
  );

  law(
    'of many rooms, of which memory holds but one or two',
    { drawn: someCalls(2, 4), order: aSeed, liveRooms: fc.integer({ min: 1, max: 2 }) },
    async ({ drawn, order, liveRooms }) => {
      const calls = drawn.map((one) => told(one));
      const now = Math.max(...calls.map(({ call }) => call.now));
      const evaluator = new CallEvaluator({ clock: () => now, liveRooms });
      const arrivals = disordered(
        calls.flatMap(({ emitted }) => emitted),
        order,
      );
      await follow(
        calls.map(({ call }) => ({ ...call, now })),
        arrivals,
        () => evaluator,
        evaluator,
      );
      await evaluator.close();
    },
    { runs: 3 },
  );

  law(
    'that two evaluators write to one file',
    { drawn: aCall, order: aSeed, writers: fc.infiniteStream(fc.boolean()) },
    async ({ drawn, order, writers }) => {
      const { call, emitted } = told(drawn);
      const database = join(folder, `${order}-${Math.random()}.db`);
      const [one, other] = [1, 2].map(() => new CallEvaluator({ database, clock: () => call.now }));
      const writer = () => (writers.next().value ? one! : other!);
      await follow([call], disordered(emitted, order), writer, one!, other!);
      await Promise.all([one!.close(), other!.close()]);
    },
    { runs: 2 },
  );
});

/** Hands in one event after the other, and asks each reader about the room that it told of. */
async function follow(
  calls: Told['call'][],
  arrivals: readonly Emitted[],
  writer: () => CallEvaluator,
  ...readers: CallEvaluator[]
): Promise<void> {
  const byName = new Map(calls.map((call) => [call.room.name, call]));
  const heard = new Map<Told['call'], Emitted[]>(calls.map((call) => [call, []]));
  for (const [n, arrival] of arrivals.entries()) {
    await writer().processEvent(arrival.event);
    const call = byName.get((arrival.event.room as { name: string }).name)!;
    const emitted = heard.get(call)!;
    emitted.push(arrival);
    if (emitted.every(({ event }) => (event.room as { sid?: string }).sid === undefined)) continue; // it is no room yet
    const metrics = foldedMetrics({ call, emitted });
    const instants = [arrivals[(n * 7) % arrivals.length]!.at, arrival.at, arrival.at - 1, call.now];
    const states = foldedStates({ call, emitted }, instants);
    for (const reader of readers) {
      const found = await reader.getMetrics(call.room.sid);
      expect(pretty({ ...found, revision: 0 })).toBe(pretty(metrics));
      const foundStates = await Promise.all(instants.map((at) => reader.getState(call.room.sid, at)));
      expect(pretty(foundStates)).toBe(pretty(states));
    }
  }
}
