/**
 * One end of a span, with what is known of when it was. `at` is the value reported; the truth lies in [low, high] by
 * what the events prove, and in [low, top] when the grain of the clock that gave `high` is counted too.
 */
import type { EventType } from '../webhook/event.ts';
import type { Sign } from './call.ts';

export interface Boundary {
  at: number;
  low: number;
  high: number;
  top: number;
  /** Its own event came. */
  observed: boolean;
  /** The event that decided `at`, where it has an id. */
  id: string | null;
  /** The event that was lost, where one was. */
  missing: EventType | null;
  /** What `at` and the range rest on, where the event was lost. */
  resolvedBy: string;
  /** Grain of the clock behind `at`, ms. */
  grain: number;
}

export interface Span {
  start: Boundary;
  end: Boundary;
  /** It has not ended yet: `end` is the instant of evaluation. */
  open: boolean;
  /** False where the events do not prove that it ever was (a leave of an old server may have been a mere try). */
  certain: boolean;
}

/** A boundary whose own event came. */
export function observedAt(sign: Sign, ms = sign.ms, grain: number = sign.grain): Boundary {
  return {
    at: ms,
    low: ms,
    high: ms,
    top: ms + grain - 1,
    observed: true,
    id: sign.id,
    missing: null,
    resolvedBy: '',
    grain,
  };
}

/** A boundary that other events prove and limit. */
export function inferred(
  range: { at: number; low: number; high: number; grain: number },
  missing: EventType,
  resolvedBy: string,
  id: string | null,
): Boundary {
  const { at, low, high, grain } = range;
  return { at, low, high, top: high + grain - 1, observed: false, id, missing, resolvedBy, grain };
}

/** The end of what is still going on. */
export function openAt(now: number): Boundary {
  return {
    at: now,
    low: now,
    high: now,
    top: now,
    observed: false,
    id: null,
    missing: null,
    resolvedBy: 'still open',
    grain: 1,
  };
}

export function clamp(x: number, low: number, high: number): number {
  return Math.max(low, Math.min(x, high));
}

/** Causal order over coarse clocks: nothing of the boundary lies outside of what contains it. */
export function keepWithin(boundary: Boundary, first: Boundary, last: Boundary): Boundary {
  boundary.at = clamp(boundary.at, first.at, last.at);
  boundary.low = Math.min(boundary.at, clamp(boundary.low, first.low, last.high));
  boundary.high = Math.max(boundary.at, clamp(boundary.high, boundary.low, last.high));
  boundary.top = clamp(boundary.top, boundary.high, last.top);
  return boundary;
}

export function isExact(boundary: Boundary): boolean {
  return boundary.low === boundary.high;
}
