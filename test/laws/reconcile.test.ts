/** LiveKit is asked about the room once in a while, and much of what it sent by itself is lost. */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { endOf } from '../../src/simulate/call.ts';
import { isKnowable } from '../../src/simulate/knowable.ts';
import { type Call, dropSome, type Emitted, liveKitSays, shuffled, truthOf } from '../simulate/index.ts';
import { aCall, aSeed, foldedMetrics, told } from './calls.ts';
import { untrue } from './judge.ts';
import { law } from './runs.ts';

const LONG_AFTER_MS = 3 * 86_400_000;

function answerAt(at: number, call: Call, emitted: readonly Emitted[], old: boolean): Emitted {
  const event = {
    event: 'reconciled',
    id: `RC_${at}`,
    createdAt: at,
    room: { sid: call.room.sid, name: call.room.name },
    answer: liveKitSays(at, call, emitted, old),
  };
  return { at, event } as unknown as Emitted;
}

describe('every value is the true one, or says how far it can be trusted', () => {
  law(
    'with events lost, and LiveKit asked now and then',
    {
      drawn: aCall,
      share: fc.double({ min: 0, max: 0.8, noNaN: true }),
      asked: fc.array(fc.double({ min: 0, max: 1.3, noNaN: true }), { minLength: 1, maxLength: 4 }),
      seed: aSeed,
    },
    async ({ drawn, share, asked, seed }) => {
      const { call, emitted } = told(drawn);
      const now = call.now + LONG_AFTER_MS;
      const [first, last] = [emitted.at(0)!.at, emitted.at(-1)!.at];
      const answers = asked.map((part) =>
        answerAt(Math.floor(first + (last - first) * part), call, emitted, drawn.old),
      );
      const left = dropSome(share, seed)(emitted);
      // of a call without an end, what is true of it depends on what was heard last
      if (endOf(call) === null || !isKnowable(call, left)) return;
      const heard = shuffled(seed)([...left, ...answers]);
      expect(untrue(foldedMetrics({ call: { ...call, now }, emitted: heard }), truthOf(call, now, drawn))).toEqual([]);
    },
    { runs: 60 },
  );
});
