/** Which calls a series is of, and how those who come again are counted: a query, checked. */
import { z } from 'zod';
import { checked } from './badOption.ts';
import { CALL_FILTER, type CallFilter, type CallSelection, selectionOf } from './callQuery.ts';
import type { SeriesOptions } from './fleet/series.ts';
import { matchesGlob } from './glob.ts';
import { startedWithin } from './startedWithin.ts';

/** Calls as lists choose them; one belongs to the period in which it started. */
export interface SeriesQuery extends CallFilter {
  /** A pattern of the identity of a human: calls that such a one came to, and who of them returns. */
  identity?: string;
  /** Hours within which somebody who comes again after a call is a re-contact. Default 24. */
  recontactWithin?: number;
  /** Of so many calls, the latest, a row is shown; all are in the figures. 1 to 10000; default 1000. */
  limit?: number;
}

const schema = z.strictObject({
  ...CALL_FILTER,
  identity: z.string().min(1).optional(),
  recontactWithin: z.number().positive().max(8784).default(24),
  limit: z.int().min(1).max(10_000).default(1000),
});
const OWN = ['identity', 'recontactWithin', 'limit'];
const HOUR_MS = 60 * 60 * 1000;

export interface SeriesPlan {
  /** Goes beyond the period: who came again, later calls tell. */
  selection: CallSelection;
  options: SeriesOptions;
  /** Nothing but a room's very name is asked for: an index knows its calls. */
  roomName: string | null;
  /** By the name of its room alone: whether a call may be one of them. */
  mayBe(roomName: string | null): boolean;
}

/** @throws CallEvaluatorError `bad_option` that names the part of the query */
export function seriesPlan(asked: SeriesQuery): SeriesPlan {
  const query = checked(asked, { schema, example: ['roomName', 'standup'] });
  const filter = Object.fromEntries(
    Object.entries(asked).filter(([key, value]) => !OWN.includes(key) && value !== undefined),
  );
  const { from, until, ...selection } = selectionOf(filter as CallFilter);
  const { identity, recontactWithin, limit, room, roomName } = query;
  const byNameAlone = Object.keys(filter).every((key) => ['roomName', 'since', 'until'].includes(key));
  return {
    selection: {
      ...selection,
      ...startedWithin({ from, until: until === undefined ? undefined : until + recontactWithin * HOUR_MS }),
    },
    options: {
      since: from,
      until,
      recontactWithin,
      limit,
      ...(identity !== undefined && { follows: (one: string) => matchesGlob(identity, one) }),
    },
    roomName: byNameAlone && roomName !== undefined ? roomName : null,
    mayBe: (name) =>
      (roomName === undefined || roomName === name) && (room === undefined || matchesGlob(room, name ?? '')),
  };
}
