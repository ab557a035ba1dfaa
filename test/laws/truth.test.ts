import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { differences, truthOf } from '../simulate/index.ts';
import { aCall, metricsOf, told } from './calls.ts';
import { untrue } from './judge.ts';
import { law } from './runs.ts';

describe('with all events', () => {
  law(
    'every value is the true one',
    { drawn: aCall },
    async ({ drawn }) => {
      const { call, emitted } = told(drawn);
      const truth = truthOf(call, call.now, drawn);
      const metrics = await metricsOf({ call, emitted });
      expect(differences(metrics, truth)).toEqual([]);
      // An expired room's end is one that was never told.
      if (metrics.status !== 'expired') expect(metrics.evidence.completeness).toBe(1);
      for (const [path, value] of Object.entries(truth.bounded)) {
        const [low, high] = metrics.evidence.bounds[path] as [number, number];
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }
    },
    { runs: 45 },
  );

  law(
    'so far, every value is the true one of a call that goes on',
    { drawn: aCall, share: fc.double({ min: 0, max: 1, noNaN: true }) },
    async ({ drawn, share }) => {
      const { call, emitted } = told(drawn, share);
      // Of a room that has just closed, recordings may end later than it: what rests on them says so.
      expect(untrue(await metricsOf({ call, emitted }), truthOf(call, call.now, drawn))).toEqual([]);
    },
    { runs: 45 },
  );
});
