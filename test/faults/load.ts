/** Many calls, in the order in which LiveKit tells of them, and what their metrics must be. */
import { expect } from 'vitest';
import { callOf, type Letter, letters, makePlan } from '../../src/simulate/plan.ts';
import { metricsOf, withoutArrival } from '../laws/calls.ts';
import { type Call, webhooksOf } from '../simulate/index.ts';
import type { Server } from './server.ts';

export interface Load {
  calls: Call[];
  letters: Letter[];
}

/** @param ahead how far LiveKit's clock is ahead of ours, ms; the last webhook tells of now */
export function load({ calls, seed, ahead = 0 }: { calls: number; seed: number; ahead?: number }): Load {
  const plan = makePlan({ calls, mixes: ['support', 'meeting', 'sip', 'trouble'], concurrent: 5, seed });
  const begin = Date.now() + ahead - plan.span;
  return { calls: plan.calls.map((_, index) => callOf(plan, index, begin)), letters: [...letters(plan, begin)] };
}

/** Sends webhooks, some at a time, until all were answered or nobody answers; those that are acknowledged are added. */
export async function send(
  server: Server,
  all: readonly Letter[],
  acknowledged: Set<Letter>,
  { atATime = 16, onAcknowledged = () => {} } = {},
): Promise<void> {
  const waiting = all.values();
  const work = async () => {
    for (const letter of waiting) {
      const answer = await server.post(letter.body);
      if (answer.status === null) return;
      if (answer.status === 200) {
        acknowledged.add(letter);
        onAcknowledged();
      } else expect(answer).toMatchObject({ status: 503, retryAfter: expect.any(Number) });
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
}

export const without = (all: readonly Letter[], acknowledged: ReadonlySet<Letter>): Letter[] =>
  all.filter((letter) => !acknowledged.has(letter));

/** The server says of each call what one that nothing ever happened to would say. */
export async function expectCleanMetrics({ metrics: ask }: Server, calls: readonly Call[]) {
  for (const call of calls) {
    const metrics = await ask(call.room.sid);
    expect(withoutArrival(metrics!)).toBe(withoutArrival(await metricsOf({ call, emitted: webhooksOf(call) })));
  }
}
