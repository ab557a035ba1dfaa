/** Calls of a period are those that started in it; the store knows when they were first heard of. */
import type { CallSelection } from './callQuery.ts';

/** A room is heard of when it starts, or so long after. */
const HEARD_BEFORE_MS = 60_000;
const HEARD_AFTER_MS = 24 * 60 * 60 * 1000;

/** The walk on which every call is found that started between: it goes beyond, at both ends. @param from, until epoch ms */
export function startedWithin({ from, until }: Pick<CallSelection, 'from' | 'until'>) {
  return {
    from: from === undefined ? undefined : from - HEARD_BEFORE_MS,
    until: until === undefined ? undefined : until + HEARD_AFTER_MS,
  };
}
