/** "From `from` on, when first?": waits, and what bounds them when the instant asked from and the answer are uncertain. */
import { firstFrom, type Instants } from './intervals.ts';

/** ms from `from` to the first instant of the set at or after it; null where there is none. */
export function wait(set: Instants, from: number): number | null {
  const first = firstFrom(set, from);
  return first === null ? null : first - from;
}

/**
 * The least and the longest wait when `from` lies in [earliest, latest] and the true set between core and hull.
 * Within a stretch without the set the wait shrinks as `from` moves on, and it jumps where a stretch begins: so the least
 * is at the latest `from`, unless the set may already be there; the longest at the earliest, or where a certain stretch ends.
 */
export function waitRange(earliest: number, latest: number, core: Instants, hull: Instants): [number, number] {
  const reached = firstFrom(hull, earliest);
  const low = reached !== null && reached <= latest ? 0 : (wait(hull, latest) ?? Number.POSITIVE_INFINITY);
  let high = wait(core, earliest) ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i < core.length; i += 2)
    if (core[i]! > earliest && core[i]! <= latest)
      high = i + 1 < core.length ? Math.max(high, core[i + 1]! - core[i]!) : Number.POSITIVE_INFINITY;
  return [low, high];
}
