/** A trust report over stored calls: draws them, loses their events, and gives way to whoever else has work. */
import type { Listed } from './callQuery.ts';
import { TrialCall } from './fleet/trust/trial.ts';
import { type TrustReport, TrustTally } from './fleet/trust.ts';
import { givingWay } from './givingWay.ts';
import { eventsIn } from './live.ts';
import type { Measuring } from './metrics/measure.ts';
import { seedOf } from './random.ts';
import type { RoomHistory } from './store/store.ts';
import type { TrustQuestion } from './trustOptions.ts';

export interface TrustProgress {
  /** Calls that are done, of how many. */
  calls: number;
  of: number;
  /** Times that a call was measured with events lost. */
  trials: number;
}

type Candidate = Pick<Listed, 'roomSid' | 'facets'>;

export interface TrustMaterial {
  /** The calls of the period. */
  calls: AsyncIterable<Candidate>;
  read: (roomSid: string) => Promise<RoomHistory | null>;
  measuring: Measuring;
}

export async function runTrust(
  { calls, read, measuring }: TrustMaterial,
  { calls: most, losses, runs, seed }: TrustQuestion,
  onProgress?: (done: TrustProgress) => void,
): Promise<TrustReport> {
  // some may turn out to have payloads in quarantine: a few more are drawn
  const { sids, complete, others } = await draw(calls, seed, most + Math.ceil(most / 4));
  const of = Math.min(most, sids.length);
  const tally = new TrustTally(losses);
  let tried = 0;
  let quarantined = 0;
  let trials = 0;
  const giveWay = givingWay(() => onProgress?.({ calls: tried, of, trials }));
  for (const roomSid of sids) {
    if (tried === most) break;
    const history = (await read(roomSid))!;
    if (history.quarantined > 0) {
      quarantined++;
      continue;
    }
    const call = new TrialCall(roomSid, [...eventsIn(history)], measuring);
    for (let run = 0; run < runs; run++) {
      const lost = [];
      for (const loss of losses) {
        lost.push(call.lose(loss, seed + run));
        trials++;
        await giveWay();
      }
      tally.add(roomSid, lost, call.webhooks);
    }
    tried++;
  }
  onProgress?.({ calls: tried, of, trials });
  return tally.report({ seed, runs, calls: { tried, complete, others, quarantined } });
}

/** Of all calls those of which nothing is missing; of these as many as asked for, each as likely as any other. */
async function draw(
  calls: AsyncIterable<Candidate>,
  seed: number,
  most: number,
): Promise<{ sids: string[]; complete: number; others: number }> {
  // the smallest of numbers that follow from seed and sid: the same calls are drawn again, also when others have come
  let drawn: { roomSid: string; key: number }[] = [];
  let complete = 0;
  let others = 0;
  const keepFew = (few: number) => {
    drawn.sort((a, b) => a.key - b.key || (a.roomSid < b.roomSid ? -1 : 1));
    drawn = drawn.slice(0, few);
  };
  for await (const { roomSid, facets } of calls) {
    if (facets.status !== 'finished' || facets.completeness < 1) {
      others++;
      continue;
    }
    complete++;
    drawn.push({ roomSid, key: seedOf(seed, roomSid) });
    if (drawn.length >= 2 * most + 1000) keepFew(most);
  }
  keepFew(most);
  return { sids: drawn.map(({ roomSid }) => roomSid), complete, others };
}
