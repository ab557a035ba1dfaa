/**
 * Calls as a series: of one room, of rooms of like names, or of one who keeps coming. Does attendance grow, who returns, who has to
 * come again soon after. Calls may be handed in in any order: the answer is the same.
 */
import { z } from 'zod';
import { iso, seconds } from '../metrics/round.ts';
import { CONFIDENCE } from './confidence.ts';
import { figureSchema, rateSchema } from './figure.ts';
import { OUT, Outcomes, YES } from './outcomes.ts';
import { type Recontact, Recontacts } from './recontact.ts';
import { type Comers, type Regular, Returning } from './series/returning.ts';
import { inOrder, type SeriesCall } from './series/seriesCall.ts';
import { type Point, trendOf, trendSchema } from './series/trend.ts';
import type { Visit } from './series/visits.ts';

export interface SeriesOptions {
  /** Epoch ms: calls that started from here on, and before that. Later ones tell who came again. */
  since?: number | undefined;
  until?: number | undefined;
  /** Hours within which somebody comes again. */
  recontactWithin: number;
  /** Of so many calls, the latest, a row is shown. */
  limit: number;
  /** Only these humans are followed; all by default. */
  follows?: (identity: string) => boolean;
}

/** Of a call, and of the series. */
const MOST_PEOPLE = 100;
const HOUR = 3_600_000;

const instant = z.iso.datetime({ precision: 3 });
const person = {
  identity: z.string(),
  phone: z.string().nullable().describe('masked, unless plain numbers are asked for'),
};
const rowSchema = z.object({
  roomSid: z.string(),
  roomName: z.string().nullable(),
  status: z.enum(['active', 'finished', 'expired']),
  startedAt: instant,
  endedAt: instant.nullable(),
  duration: z.number().describe('s'),
  completeness: z.number(),
  humans: z.int().describe('who came and could converse'),
  unique: z.int().describe('people, agents too'),
  peak: z.int(),
  engagement: z.number().nullable(),
  new: z.int().describe('humans who were in no earlier call of the series'),
  returning: z.int(),
  unknown: z.int().describe('humans who cannot be told apart: they withhold their numbers'),
  people: z
    .array(z.object({ ...person, returning: z.boolean().nullable() }))
    .describe('who came, of those who are followed; the first hundred. null: cannot be told'),
  recontacted: z
    .boolean()
    .nullable()
    .describe('one of them came again within recontactWithin; null: it is not in the rate'),
  recontactAfter: z.number().nullable().describe('s from leaving this call to joining the next'),
  recontactRoomSid: z.string().nullable(),
});
export type SeriesRow = z.infer<typeof rowSchema>;

export const seriesSchema = z.object({
  definitions: z.object({
    recontactWithin: z.number().describe('hours'),
    since: instant.nullable(),
    until: instant.nullable(),
    confidence: z.number(),
  }),
  calls: z.array(rowSchema).describe('by their start; the latest of them where there are many'),
  earlier: z.int().describe('calls before these, which are in all figures'),
  people: z.object({
    unique: z.int().describe('humans who can be told apart'),
    returned: z.int().describe('of these, who came to more than one call'),
    list: z
      .array(z.object({ ...person, calls: z.int(), firstAt: instant, lastAt: instant }))
      .describe('who came most often; the first hundred'),
  }),
  returningRate: figureSchema.describe('of the humans in calls after the first, who had been in an earlier one'),
  recontactRate: rateSchema.describe(
    'calls after which one of its humans joined another call of the series within recontactWithin / calls that are over for so long',
  ),
  trend: z
    .object({ humans: trendSchema, peak: trendSchema, engagement: trendSchema })
    .describe('by how much each grows from one call to the next: a straight line by least squares'),
});
export type Series = z.infer<typeof seriesSchema>;

/** @param calls of the series, each once; and those that started later, for who came again. @param now epoch ms */
export function seriesOf(calls: readonly SeriesCall[], options: SeriesOptions, now: number): Series {
  const { since, until = Number.POSITIVE_INFINITY, recontactWithin, limit, follows } = options;
  const after = [...calls].sort(inOrder).filter(({ startedAt }) => since === undefined || startedAt >= since);
  const own = after.filter(({ startedAt }) => startedAt < until);
  const recontacts = new Recontacts(after, recontactWithin * HOUR, now);
  const outcomes = new Outcomes();
  const returning = new Returning();
  const rows = own.map((call, i) => {
    const visits = followed(call.visits, follows);
    const again = recontacts.of(call, visits);
    outcomes.add(again.judgement, call.completeness === 1);
    const comers = returning.add(call, visits);
    return i < own.length - limit ? null : rowOf(call, comers, again);
  });
  const { regulars } = returning;
  return {
    definitions: {
      recontactWithin,
      since: since === undefined ? null : iso(since),
      until: options.until === undefined ? null : iso(options.until),
      confidence: CONFIDENCE,
    },
    calls: rows.filter((row) => row !== null),
    earlier: Math.max(0, own.length - limit),
    people: {
      unique: regulars.length,
      returned: regulars.filter(({ calls }) => calls > 1).length,
      list: regulars.slice(0, MOST_PEOPLE).map(shownRegular),
    },
    returningRate: returning.share,
    recontactRate: outcomes.rate(),
    trend: {
      humans: trendOf(own.map((call) => pointOf(call, 'humans'))),
      peak: trendOf(own.map((call) => pointOf(call, 'peak'))),
      engagement: trendOf(own.map((call) => pointOf(call, 'engagement'))),
    },
  };
}

const followed = (visits: readonly Visit[], follows: SeriesOptions['follows']) =>
  follows ? visits.filter(({ identity }) => follows(identity)) : visits;

function pointOf(call: SeriesCall, of: 'humans' | 'peak' | 'engagement'): Point | 'active' | 'noHuman' {
  if (call.status === 'active') return 'active';
  const value = call[of];
  return value === null ? 'noHuman' : { value, range: call.bounds[of], complete: call.completeness === 1 };
}

function rowOf(call: SeriesCall, comers: Comers, { judgement, after, roomSid }: Recontact): SeriesRow {
  const { roomName, status, startedAt, endedAt, duration, completeness, humans, unique, peak, engagement } = call;
  return {
    roomSid: call.roomSid,
    roomName,
    status,
    startedAt: iso(startedAt),
    endedAt: endedAt === null ? null : iso(endedAt),
    duration,
    completeness,
    humans,
    unique,
    peak,
    engagement,
    ...comers,
    people: comers.people.slice(0, MOST_PEOPLE),
    recontacted: judgement.is === OUT ? null : judgement.is === YES,
    recontactAfter: after === null ? null : seconds(after),
    recontactRoomSid: roomSid,
  };
}

const shownRegular = ({ identity, phone, calls, firstAt, lastAt }: Regular) => ({
  identity,
  phone,
  calls,
  firstAt: iso(firstAt),
  lastAt: iso(lastAt),
});
