/** Recorded webhooks -> the metrics of every call in them, ordered by startedAt, then roomSid. */
import { CallEvaluator } from '../evaluator.ts';
import { type Incoming, intake } from '../intake.ts';
import { arrive, newLiveRoom } from '../live.ts';
import { measure } from '../metrics/measure.ts';
import { type MetricOptions, parseOptions } from '../options.ts';
import type { Misunderstood } from '../webhook/event.ts';
import { type InputLine, readLines } from './read.ts';
import { Scratch } from './scratch.ts';

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
  const now = options.now.getTime();
  const scratch = new Scratch();
  const progress = { bytes: 0, totalBytes: null as number | null };
  const tell = () => options.onProgress?.({ ...progress, events: counts.events, rooms: counts.rooms });
  const read = readLines(paths, {
    onProgress: (bytes, totalBytes) => {
      Object.assign(progress, { bytes, totalBytes });
      tell();
    },
  });
  const quarantine = ({ file, line }: InputLine, reason: Misunderstood) => {
    counts.quarantined++;
    options.onQuarantined?.({ file, line, reason });
  };
  const pass: Pass = { read, counts, now, quarantine, told: tell, scratch };
  let broken: unknown;
  try {
    broken = options.db === undefined ? await measureOnly(pass, options) : await storeAndMeasure(pass, options.db, options);
    for (const json of scratch.results()) await options.onMetrics(json);
  } finally {
    scratch.close();
  }
  if (broken !== undefined) throw broken;
  return counts;
}

interface Pass {
  read: AsyncGenerator<InputLine[]>;
  counts: ReplayCounts;
  now: number;
  quarantine: (line: InputLine, reason: Misunderstood) => void;
  told: () => void;
  scratch: Scratch;
}

const contentOf = (line: InputLine): Incoming => ('text' in line ? line.text : line.bytes);

/** Reads all that can be read. @returns the error of an input that broke off half way */
async function eachBatch(pass: Pass, take: (lines: InputLine[]) => void | Promise<void>): Promise<unknown> {
  let begun = false;
  try {
    for await (const lines of pass.read) {
      begun = true;
      await take(lines);
    }
  } catch (error) {
    if (!begun) throw error;
    return error;
  }
}

/** Without a database: events are folded straight into calls. */
async function measureOnly(pass: Pass, { metricOptions }: ReplayOptions): Promise<unknown> {
  const { counts, now, scratch } = pass;
  const { measuring } = parseOptions(metricOptions ?? {});
  const broken = await eachBatch(pass, (lines) => {
    for (const line of lines) {
      const taken = intake(contentOf(line), now);
      if (taken.understood) {
        counts.events++;
        scratch.add(taken.event);
      } else {
        pass.quarantine(line, taken.reason);
        if (taken.reason.roomSid) scratch.countQuarantined(taken.reason.roomSid);
      }
    }
  });
  for (const { roomSid, events, quarantined } of scratch.rooms()) {
    const room = newLiveRoom(roomSid);
    room.quarantined = quarantined;
    for (const event of events) arrive(room, event, !room.call.facts.has(event.fact));
    counts.duplicates += room.duplicates;
    counts.rooms++;
    const metrics = measure(room.call, now, room, measuring);
    scratch.addResult(metrics.startedAt, roomSid, JSON.stringify(metrics));
    if (counts.rooms % 1000 === 0) pass.told();
  }
  return broken;
}

/** Rooms of a replay into a database whose machines are kept: they hold what is being read just now, no more. */
const LIVE_ROOMS = 1_000;

/** With a database: the way of every webhook, then the metrics of the rooms that were touched. */
async function storeAndMeasure(pass: Pass, db: string, { metricOptions, now }: ReplayOptions): Promise<unknown> {
  const { counts, scratch } = pass;
  const evaluator = new CallEvaluator({ ...metricOptions, database: db, liveRooms: LIVE_ROOMS, clock: () => now.getTime() });
  try {
    const touched = new Set<string>();
    const broken = await eachBatch(pass, async (lines) => {
      const receipts = await evaluator.processEvents(lines.map(contentOf));
      for (const [i, { status, roomSid, reason }] of receipts.entries()) {
        if (reason) {
          pass.quarantine(lines[i]!, reason);
          continue;
        }
        counts.events++;
        if (status === 'duplicate') counts.duplicates++;
        if (roomSid !== null) touched.add(roomSid);
      }
    });
    for (const roomSid of touched) {
      const metrics = (await evaluator.getMetrics(roomSid, { now }))!;
      scratch.addResult(metrics.startedAt, roomSid, JSON.stringify(metrics));
      counts.rooms++;
      if (counts.rooms % 1000 === 0) pass.told();
    }
    return broken;
  } finally {
    await evaluator.close();
  }
}
