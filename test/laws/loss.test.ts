import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { EVENT_TYPES } from '../../src/index.ts';
import { isKnowable } from '../../src/simulate/knowable.ts';
import { dropSome, dropType, type Emitted, type Loss, outage, shuffled, truthOf } from '../simulate/index.ts';
import { aCall, aSeed, foldedMetrics, told } from './calls.ts';
import { untrue } from './judge.ts';
import { law } from './runs.ts';

const share = fc.double({ min: 0, max: 0.6, noNaN: true });
const losses: Record<string, fc.Arbitrary<Loss>> = {
  'any events lost': fc.tuple(share, aSeed).map(([share, seed]) => dropSome(share, seed)),
  'all events of some types lost': fc
    .subarray([...EVENT_TYPES], { minLength: 1, maxLength: 3 })
    .map((types) => dropType(...types)),
  'the events of an outage lost': fc
    .tuple(fc.integer({ min: 1, max: 600 }), aSeed)
    .map(([seconds, seed]) => outage(seconds, seed)),
};
/** So long that nothing goes on any more, whatever of it was not heard. */
const LONG_AFTER_MS = 3 * 86_400_000;

describe('every value is the true one, or says how far it can be trusted', () => {
  for (const [name, loss] of Object.entries(losses)) {
    law(
      `with ${name}`,
      { drawn: aCall, loss, order: aSeed },
      async ({ drawn, loss, order }) => {
        const { call, emitted } = told(drawn);
        const now = call.now + LONG_AFTER_MS;
        const truth = truthOf(call, now, drawn);
        const faultsOf = (left: Emitted[]) =>
          isKnowable(call, left) ? untrue(foldedMetrics({ call: { ...call, now }, emitted: left }), truth) : [];
        const left = shuffled(order)(loss(emitted));
        if (faultsOf(left).length === 0) return;
        const least = leastLoss(emitted, left, (some) => faultsOf(some).length > 0);
        const lost = emitted.filter((one) => !least.includes(one)).map(({ event }) => JSON.stringify(event));
        expect({ faults: faultsOf(least), lost }).toEqual({ faults: [], lost: [] });
      },
      { runs: 60 },
    );
  }
});

/** Brings back every event without which it still fails. */
function leastLoss(emitted: readonly Emitted[], left: Emitted[], fails: (left: Emitted[]) => boolean): Emitted[] {
  for (const one of emitted) {
    const more = left.includes(one) ? left : [...left, one];
    if (more !== left && fails(more)) return leastLoss(emitted, more, fails);
  }
  return left;
}
