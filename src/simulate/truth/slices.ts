import type { Span } from '../call.ts';

/** Does an instant lie in one of the spans? Half-open. */
export const covers = (spans: readonly Span[], instant: number): boolean =>
  spans.some(({ from, to }) => from <= instant && (to === null || instant < to));

/** A call cut at every instant at which anything changes: between two cuts nothing does, so a look at the first tells all. */
export interface Slices {
  cuts: number[];
  /** Seconds for which something held. */
  seconds(holds: (instant: number) => boolean): number;
  /** The first instant from one on at which something held. */
  first(from: number, holds: (instant: number) => boolean): number | null;
  /** The most at one instant. */
  most(count: (instant: number) => number): number;
  /** The instants at which something stopped holding: the last of them may be the end. */
  stops(holds: (instant: number) => boolean): number[];
}

export function slice(instants: Iterable<number>, from: number, to: number): Slices {
  const clipped = Iterator.from(instants).map((instant) => Math.min(Math.max(instant, from), to));
  const bounds = [...new Set([from, ...clipped, to])].sort((one, other) => one - other);
  const cuts = bounds.slice(0, -1);
  const endOf = (index: number) => bounds[index + 1]!;
  return {
    cuts,
    seconds: (holds) => cuts.reduce((sum, cut, index) => (holds(cut) ? sum + endOf(index) - cut : sum), 0) / 1000,
    first: (start, holds) => cuts.find((cut) => cut >= start && holds(cut)) ?? null,
    most: (count) => cuts.reduce((most, cut) => Math.max(most, count(cut)), 0),
    stops: (holds) =>
      cuts.flatMap((cut, index) => {
        const next = cuts[index + 1];
        return holds(cut) && (next === undefined || !holds(next)) ? [endOf(index)] : [];
      }),
  };
}
