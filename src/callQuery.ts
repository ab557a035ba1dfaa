/** Which calls, in which order: a query, checked, as a walk through the store, a test of each call's facets, and a cursor. */
import { z } from 'zod';
import { type Instant, instant, shown } from './arguments.ts';
import { checked } from './badOption.ts';
import { CallEvaluatorError } from './errors.ts';
import { matchesGlob } from './glob.ts';
import { instantSchema, limitSchema } from './methodOptions.ts';
import { END_REASON_CLASSES } from './metrics/endReason.ts';
import type { Facets } from './metrics/facets.ts';
import type { Place } from './store/store.ts';

export const CALL_SORTS = [
  'startedAt',
  '-startedAt',
  'duration',
  '-duration',
  'completeness',
  '-completeness',
] as const;
export type CallSort = (typeof CALL_SORTS)[number];
export const CALL_STATUSES = ['active', 'finished', 'expired'] as const;

export interface CallQuery {
  /** Calls whose first sign lies at this instant or later. */
  since?: Instant;
  /** Calls whose first sign lies before this instant. */
  until?: Instant;
  status?: readonly Facets['status'][];
  /** A pattern of room names; `*` stands for anything. */
  room?: string;
  /** The name of the room, to the letter: `*` stands for itself. */
  roomName?: string;
  /** A pattern of the identity or name of one of the call's agents. */
  agent?: string;
  /** Classes of endReason. */
  endReason?: readonly string[];
  /** 0..1 */
  minCompleteness?: number;
  /** LiveKit's name of a kind of participant that came, such as SIP. */
  kind?: string;
  /** A pattern of the tags that agents gave their sessions. */
  tag?: string;
  /** Values of the room's metadata, by key or by path (`plan.name`). */
  metadata?: Readonly<Record<string, string>>;
  /** `-` is downwards. `startedAt` is the order of first signs. Default `startedAt`. */
  sort?: CallSort;
  /** 1 to 10000; default 100. */
  limit?: number;
  /** `next` of the page before, under the same query. */
  after?: string;
}

/** What may be said of which calls are meant, wherever many are: in lists, summaries, exports. */
export const CALL_FILTER = {
  since: instantSchema,
  until: instantSchema,
  status: z.array(z.enum(CALL_STATUSES)).default([]),
  room: z.string().optional(),
  roomName: z.string().optional(),
  agent: z.string().optional(),
  endReason: z.array(z.enum(END_REASON_CLASSES)).default([]),
  minCompleteness: z.number().min(0).max(1).default(0),
  kind: z.string().optional(),
  tag: z.string().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
};
export type CallFilter = Omit<CallQuery, 'sort' | 'limit' | 'after'>;

const schema = z.strictObject({
  ...CALL_FILTER,
  sort: z.enum(CALL_SORTS).default('startedAt'),
  limit: limitSchema,
  after: z.string().optional(),
});
type Query = z.output<typeof schema>;

/** A call of a list, as far as lists look at it. */
export interface Listed extends Place {
  roomName: string | null;
  facets: Facets;
}

/** Where a page ends: the sorted value, and the call. */
type Cursor = [value: number, roomSid: string];

export interface CallSelection {
  from: number | undefined;
  until: number | undefined;
  limit: number;
  newestFirst: boolean;
  /** A call that is on is never measured for good. */
  toMeasure: boolean;
  /** In the order of first signs a page can be read off the store; in any other all calls have to be looked at. */
  inStoreOrder: boolean;
  after: Cursor | null;
  matches(call: Listed): boolean;
  compare(a: Listed, b: Listed): number;
  /** Lies beyond the page before. */
  beyond(call: Listed): boolean;
  cursorOf(call: Listed): string;
}

/** @throws CallEvaluatorError `bad_option` that names the part of the query */
export function selectionOf(asked: CallQuery): CallSelection {
  const query = checked(asked, { schema, example: ['room', 'support-*'] });
  if (Object.hasOwn(asked.metadata ?? {}, '__proto__')) throw noSuchKey(); // the schema has dropped it
  const { sort, status, limit } = query;
  const direction = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace('-', '');
  const value = ({ firstAt, facets }: Listed) =>
    key === 'startedAt' ? firstAt : key === 'duration' ? facets.duration : facets.completeness;
  const order = ([a, aSid]: Cursor, [b, bSid]: Cursor) =>
    direction * (a - b || (aSid < bSid ? -1 : aSid > bSid ? 1 : 0));
  const place = (call: Listed): Cursor => [value(call), call.roomSid];
  const after = query.after === undefined ? null : cursor(query.after, sort);
  return {
    from: instant(query.since),
    until: instant(query.until),
    limit,
    newestFirst: direction < 0,
    toMeasure: status.length > 0 && !status.includes('finished'),
    inStoreOrder: key === 'startedAt',
    after,
    matches: (call) => matches(call, query),
    compare: (a, b) => order(place(a), place(b)),
    beyond: (call) => after === null || order(place(call), after) > 0,
    cursorOf: (call) => Buffer.from(JSON.stringify([sort, ...place(call)])).toString('base64url'),
  };
}

function matches({ roomName, facets }: Listed, query: Query): boolean {
  const { status, room, agent, endReason, minCompleteness, kind, tag, metadata } = query;
  return (
    (status.length === 0 || status.includes(facets.status)) &&
    (room === undefined || matchesGlob(room, roomName ?? '')) &&
    (query.roomName === undefined || query.roomName === roomName) &&
    (agent === undefined || facets.agents.some((name) => matchesGlob(agent, name))) &&
    (endReason.length === 0 || (endReason as string[]).includes(facets.endReason ?? '')) &&
    facets.completeness >= minCompleteness &&
    (kind === undefined || facets.kinds.includes(kind)) &&
    (tag === undefined || facets.tags.some((one) => matchesGlob(tag, one))) &&
    Object.entries(metadata).every(
      ([key, value]) => Object.hasOwn(facets.metadata, key) && facets.metadata[key] === value,
    )
  );
}

function noSuchKey(): CallEvaluatorError {
  return new CallEvaluatorError('bad_option', 'metadata: __proto__ is no key that can be asked for. Leave it out.');
}

function cursor(text: string, sort: CallSort): Cursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {} // told below
  const [sorted, value, roomSid] = Array.isArray(parsed) ? parsed : [];
  if (typeof value !== 'number' || typeof roomSid !== 'string')
    throw new CallEvaluatorError('bad_option', `after: ${shown(text)} is no cursor. Give \`next\` of the page before.`);
  if (sorted !== sort)
    throw new CallEvaluatorError(
      'bad_option',
      `after: this cursor is of a list sorted by ${shown(sorted)}, not by '${sort}'. Keep the sort, or begin anew without after.`,
    );
  return [value, roomSid];
}
