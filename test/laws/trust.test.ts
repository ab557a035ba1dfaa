import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { Loss } from '../../src/fleet/trust/loss.ts';
import { TrialCall } from '../../src/fleet/trust/trial.ts';
import { parseOptions } from '../../src/options.ts';
import { decode } from '../../src/webhook/decode.ts';
import { aCall, aSeed, bodies, told } from './calls.ts';
import { law } from './runs.ts';

const losses: fc.Arbitrary<Loss> = fc.oneof(
  fc.record({ share: fc.double({ min: 0.01, max: 0.6, noNaN: true }) }),
  fc.record({ outage: fc.integer({ min: 1, max: 600 }) }),
);
const { measuring } = parseOptions({});

describe('down to the last part of every metric', () => {
  law(
    'what is measured with events lost is what is measured with all, or says that it may not be',
    { drawn: aCall, loss: losses, seed: aSeed },
    async ({ drawn, loss, seed }) => {
      const { call, emitted } = told(drawn);
      const events = bodies(emitted).map((body) => {
        const decoded = decode(JSON.parse(JSON.stringify(body)));
        if (!decoded.ok) throw new Error(`Not understood: ${JSON.stringify(decoded.reason)}`);
        return decoded.event;
      });
      const { values, unseen } = new TrialCall(call.room.sid, events, measuring).lose(loss, seed);
      if (!unseen) expect(values?.filter(({ verdict }) => verdict === 'outside') ?? []).toEqual([]);
    },
    { runs: 20 },
  );
});
