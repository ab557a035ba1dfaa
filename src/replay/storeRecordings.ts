/** Replay into a database: the way of every webhook, then the metrics of the rooms that were touched. */
import { CallEvaluator } from '../evaluator.ts';
import { contentOf, type Pass } from './pass.ts';

/** Machines kept in memory: the rooms that are being read just now, no more. */
const LIVE_ROOMS = 1_000;

/** @returns the error of an input that broke off half way */
export async function storeRecordings(
  { read, quarantine, tell, counts, scratch, now, metricOptions }: Pass,
  db: string,
): Promise<unknown> {
  const evaluator = new CallEvaluator({ ...metricOptions, database: db, liveRooms: LIVE_ROOMS, clock: () => now });
  try {
    const touched = new Set<string>();
    const broken = await read(async (lines) => {
      const receipts = await evaluator.processEvents(lines.map(contentOf));
      for (const [i, { status, roomSid, reason }] of receipts.entries()) {
        if (reason) {
          quarantine(lines[i]!, reason);
          continue;
        }
        counts.events++;
        if (status === 'duplicate') counts.duplicates++;
        if (roomSid !== null) touched.add(roomSid);
      }
    });
    for (const roomSid of touched) {
      const metrics = (await evaluator.getMetrics(roomSid))!;
      const { roomName, startedAt } = metrics;
      scratch.putResult({ roomSid, roomName, firstAt: 0, startedAt, duplicates: 0, metrics: JSON.stringify(metrics) });
      counts.rooms++;
      if (counts.rooms % 1000 === 0) tell();
    }
    return broken;
  } finally {
    await evaluator.close();
  }
}
