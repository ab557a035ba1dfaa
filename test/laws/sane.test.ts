import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import { absurdities } from './absurd.ts';
import { aCall, aSeed, bodies, disordered, metricsOf, told, withoutArrival } from './calls.ts';
import { changed, changes, rubbish } from './odd.ts';
import { law } from './runs.ts';

const wires: Record<string, (payload: unknown) => object | string | Uint8Array> = {
  parsed: (payload) => payload as object,
  text: (payload) => asText(payload),
  bytes: (payload) => Buffer.from(asText(payload)),
};

describe('whatever comes in', () => {
  law(
    'none of it is rejected, nothing said is absurd, and no good event beside it is harmed',
    {
      spoilt: aCall,
      changes,
      good: aCall,
      rubbish: fc.array(rubbish, { maxLength: 3 }),
      order: aSeed,
      wire: fc.constantFrom(...Object.keys(wires)),
    },
    async ({ spoilt, changes, good, rubbish, order, wire }) => {
      fc.pre(spoilt.seed !== good.seed); // they would be one call
      const beside = told(good);
      const spoiled = changed(bodies(disordered(told(spoilt).emitted, order)), changes);
      const evaluator = new CallEvaluator({ clock: () => beside.call.now });
      const payloads = [...spoiled, ...bodies(beside.emitted), ...rubbish];
      const receipts = await evaluator.processEvents(payloads.map((payload) => wires[wire]!(payload)));

      const { calls } = await evaluator.listCalls({ limit: 1000 });
      for (const { metrics } of [...receipts, ...calls]) if (metrics) expect(absurdities(metrics)).toEqual([]);
      for (const { roomSid } of calls) expect(await evaluator.getState(roomSid)).not.toBeNull();
      const { events, duplicates } = await evaluator.counts();
      const kept = receipts.filter(({ status }) => status !== 'quarantined');
      const quarantined = (await evaluator.listQuarantined()).reduce((sum, { times }) => sum + times, 0);
      expect({ kept: events + duplicates, quarantined }).toEqual({
        kept: kept.length,
        quarantined: payloads.length - kept.length,
      });
      expect(({} as { polluted?: true }).polluted).toBeUndefined();

      const unharmed = await evaluator.getMetrics(beside.call.room.sid);
      await evaluator.close();
      expect(withoutArrival(unharmed!)).toBe(withoutArrival(await metricsOf(beside)));
    },
    { runs: 25 },
  );
});

/** What JSON cannot say, or not so deep, comes in pieces. */
function asText(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  try {
    return JSON.stringify(payload) ?? '';
  } catch {
    return '[[[';
  }
}
