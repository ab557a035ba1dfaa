/** Recorded webhooks -> the metrics of every call in them, ordered by startedAt, then roomSid. */
import type { MetricOptions } from '../options.ts';
import type { Misunderstood } from '../webhook/event.ts';
import { measureRecordings } from './measureRecordings.ts';
import type { Pass } from './pass.ts';
import { readLines } from './read.ts';
import { Scratch } from './scratch.ts';
import { storeRecordings } from './storeRecordings.ts';

export interface ReplayOptions {
  /** The instant at which calls that are still open are looked at. */
  now: Date;
  /** Keep the events in this database; without it nothing is left behind. */
  db?: string;
  metricOptions?: MetricOptions;
  /** Called once a room, in order, with its CallMetrics as JSON. */
  onMetrics(json: string): void | Promise<void>;
  onQuarantined?(line: { file: string; line: number; reason: Misunderstood }): void;
  onProgress?(done: { bytes: number; totalBytes: number | null; events: number; rooms: number }): void;
}

export interface ReplayCounts {
  events: number;
  rooms: number;
  duplicates: number;
  quarantined: number;
}

/**
 * @param paths files (.json, .ndjson, .jsonl, each also .gz), folders, `-` for stdin
 * @throws CallEvaluatorError `unreadable_input` (what could be read is still measured), `bad_option`, or a `store_…` code
 */
export async function replayFiles(paths: readonly string[], options: ReplayOptions): Promise<ReplayCounts> {
  const counts: ReplayCounts = { events: 0, rooms: 0, duplicates: 0, quarantined: 0 };
  const progress = { bytes: 0, totalBytes: null as number | null };
  const scratch = new Scratch();
  const replay: Pass = {
    paths,
    now: options.now.getTime(),
    metricOptions: options.metricOptions ?? {},
    scratch,
    counts,
    async read(take) {
      let begun = false;
      try {
        const onProgress = (bytes: number, totalBytes: number | null) => {
          Object.assign(progress, { bytes, totalBytes });
          replay.tell();
        };
        for await (const lines of readLines(paths, { onProgress })) {
          begun = true;
          await take(lines);
        }
      } catch (error) {
        if (!begun) throw error;
        return error;
      }
    },
    quarantine({ file, line }, reason) {
      counts.quarantined++;
      options.onQuarantined?.({ file, line, reason });
    },
    tell: () => options.onProgress?.({ ...progress, events: counts.events, rooms: counts.rooms }),
  };
  try {
    const broken = await (options.db === undefined ? measureRecordings(replay) : storeRecordings(replay, options.db));
    for (const json of scratch.results()) await options.onMetrics(json);
    if (broken !== undefined) throw broken;
    return counts;
  } finally {
    scratch.close();
  }
}
