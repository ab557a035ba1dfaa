import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { dropSome, dropType, type Emitted, type Loss, outage, shuffled, truthOf } from '../simulator/index.ts';
import { aCall, aSeed, folded, foldedMetrics, type Told, told } from './calls.ts';
import { isKnowable, untrue } from './judge.ts';
import { law } from './runs.ts';

const TYPES = [
  'room_started',
  'room_finished',
  'participant_joined',
  'participant_left',
  'participant_connection_aborted',
  'track_published',
  'track_unpublished',
  'egress_started',
  'egress_updated',
  'egress_ended',
  'ingress_started',
  'ingress_ended',
];

const losses: Record<string, fc.Arbitrary<Loss>> = {
  'any of them': fc.tuple(fc.double({ min: 0, max: 0.9, noNaN: true }), aSeed).map(([p, seed]) => dropSome(p, seed)),
  'all of a type': fc.constantFrom(...TYPES).map((type) => dropType(type)),
  'those of an outage': fc.tuple(fc.integer({ min: 1, max: 600 }), aSeed).map(([s, seed]) => outage(s, seed)),
};

describe('with events lost, each value is true, or says how far it can be trusted', () => {
  for (const [name, loss] of Object.entries(losses)) {
    law(
      name,
      { drawn: aCall, loss, order: aSeed },
      async ({ drawn, loss, order }) => {
        const { call, emitted } = told(drawn);
        const truth = truthOf(call, call.now, drawn);
        const faults = (left: Emitted[]) =>
          isKnowable(call, left) ? untrue(foldedMetrics({ call, emitted: left }), truth, left) : [];
        const left = shuffled(order)(loss(emitted));
        if (faults(left).length > 0) {
          const least = leastLoss(emitted, left, (some) => faults(some).length > 0);
          expect({ faults: faults(least), lost: tell(emitted.filter((one) => !least.includes(one))) }).toEqual({ faults: [], lost: [] });
        }
      },
      { runs: 200 },
    );
  }
});
