import { fileURLToPath } from 'node:url';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { replayFiles } from '../../src/replay/replay.ts';

const CASES = new URL('../cases/', import.meta.url);

/** The metrics of the first call in a case from the field. */
export async function metricsOfCase(name: string): Promise<CallMetrics> {
  const found: CallMetrics[] = [];
  await replayFiles([fileURLToPath(new URL(`${name}/events.ndjson`, CASES))], {
    now: new Date('2026-12-01T00:00:00Z'),
    onMetrics: (json) => {
      found.push(JSON.parse(json));
    },
  });
  return found[0]!;
}
