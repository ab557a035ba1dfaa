/** How it stands with what comes in: what operators look at first. */
import { z } from 'zod';
import type { CallEvaluator } from '../../evaluator.ts';
import { distribution } from '../../metrics/distribution.ts';
import { EVENT_TYPES } from '../../webhook/event.ts';
import type { UploadCounts } from '../agents/counts.ts';
import { UPLOAD_KINDS } from '../agents/routes.ts';
import { RULES } from '../watch/rules.ts';
import type { Watchdog } from '../watch/watchdog.ts';
import type { IngestTally } from './ingestTally.ts';
import type { LiveStreams } from './liveStreams.ts';
import { quarantinedSchema, shownQuarantined } from './quarantined.ts';
import { webhookCountsSchema } from './webhookCounts.ts';

const count = z.int().nonnegative();
const distributionSchema = z
  .object({
    count,
    min: z.number(),
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    max: z.number(),
  })
  .nullable();

export const ingestSchema = z.object({
  since: z.iso.datetime().describe('when this process began to count'),
  uptime: z.number().describe('seconds since then'),
  lastReceivedAt: z.iso.datetime().nullable().describe('the last webhook of any kind; null: none since then'),
  events: z
    .object({
      stored: count,
      duplicates: count,
      quarantined: count,
      outOfOrder: count.describe('tell of an earlier instant than an event of their room that came before'),
      byType: z.record(z.string(), z.object({ stored: count, duplicates: count })),
    })
    .describe('since then'),
  lag: distributionSchema.describe(
    'seconds from the instant that an event tells (LiveKit’s clock, whole seconds) until it was on disk; of the last 10,000',
  ),
  storing: distributionSchema.describe('seconds from its arrival until it was on disk; of the last 10,000'),
  queue: z.object({ length: count.describe('events that wait for the disk') }),
  rooms: z.object({ open: count.describe('rooms in memory that have not finished') }),
  live: z.object({ streams: count }),
  history: z
    .object({ events: count, rooms: count, duplicates: count, quarantined: count, unassigned: count })
    .describe('all that the database holds'),
  webhooks: webhookCountsSchema.describe('the requests to webhook routes, since then'),
  uploads: z
    .array(z.object({ kind: z.enum(UPLOAD_KINDS), outcome: z.string(), count }))
    .describe('requests of agents since then, by kind and by what became of them: taken, or the problem'),
  warnings: z
    .array(
      z.object({
        code: z.enum(Object.keys(RULES)),
        since: z.iso.datetime(),
        detail: z.string().describe('what is wrong, and what to do about it'),
      }),
    )
    .describe('what does not look as it should; empty: nothing'),
  quarantine: z.object({
    count,
    latest: z.array(quarantinedSchema).describe('newest first, long bodies cut; all of it: /v1/quarantine'),
  }),
});
export type Ingest = z.infer<typeof ingestSchema>;

const LATEST = 5;
/** So much of a body is enough to know it by. */
const GLANCE = 2_000;

export type IngestView = () => Promise<Ingest>;

export function ingestView(
  evaluator: CallEvaluator,
  tally: IngestTally,
  live: LiveStreams,
  watchdog: Watchdog,
  uploads: UploadCounts,
): IngestView {
  return async () => {
    const { queued, openRooms } = evaluator.load();
    const [history, latest] = await Promise.all([
      evaluator.counts(),
      evaluator.listQuarantined({ newestFirst: true, limit: LATEST }),
    ]);
    const { stored, duplicates, quarantined, outOfOrder } = tally;
    const silent = EVENT_TYPES.map((type) => [type, { stored: 0, duplicates: 0 }] as const);
    return {
      since: iso(tally.since),
      uptime: (Date.now() - tally.since) / 1000,
      lastReceivedAt: tally.lastAt === null ? null : iso(tally.lastAt),
      events: {
        stored,
        duplicates,
        quarantined,
        outOfOrder,
        byType: Object.fromEntries([...silent, ...tally.byType]),
      },
      lag: distribution(tally.lag.all),
      storing: distribution(tally.storing.all),
      queue: { length: queued },
      rooms: { open: openRooms },
      live: { streams: live.size },
      history,
      webhooks: evaluator.ingestCounters(),
      uploads: [...uploads.all],
      warnings: watchdog.warnings.map(({ code, since, detail }) => ({ code, since: iso(since), detail })),
      quarantine: { count: history.quarantined, latest: latest.map((one) => shownQuarantined(one, GLANCE)) },
    };
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
