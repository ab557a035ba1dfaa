import type { Value } from '../../metrics/verdict.ts';

export type { Value };

/** Notes what a metric truly is, and by how much whole-second clocks may honestly move it (in its own unit). */
export type Put = (path: string, value: Value, grain?: number) => void;

/** How a value is to be compared: text, flags and counts exactly, the rest to the digits that the contract gives it. */
export type ValueKind = 'exact' | 'instant' | 'duration' | 'share' | 'score' | 'mean';

const KINDS: [RegExp, ValueKind][] = [
  [/^(startedAt|endedAt)$/, 'instant'],
  [/^publishers\.average$/, 'mean'],
  [/engagement\.score$/, 'score'],
  [/(presenceShare|joinSuccessRate|coverage)$/, 'share'],
  [/^response\.latency\.(?!count)/, 'duration'],
  [/(uration|Seconds|\.seconds|Latency|Delay|startLag|handoffGap)$/, 'duration'],
  [/\.publishedSeconds\./, 'duration'],
];

export function kindOf(path: string): ValueKind {
  return KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? 'exact';
}

/** Half of the last digit, and a little for floating point. */
export const TOLERANCES: Record<ValueKind, number> = {
  exact: 0,
  instant: 0,
  duration: 0.000501,
  share: 0.0000501,
  score: 0.00501,
  mean: 0.000501,
};
