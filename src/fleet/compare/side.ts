/** One of the two that are compared: calls, added one by one, and what each figure of theirs is worth. */
import { round, roundBound } from '../../metrics/round.ts';
import type { CallSummary } from '../callSummary.ts';
import type { Figure } from '../figure.ts';
import type { CallFigures } from '../figures.ts';
import { Summarizer } from '../summary.ts';
import type { SummaryOptions, SummarySettings } from '../summaryOptions.ts';
import { toldAt } from '../toldAt.ts';
import { type Comparable, type ComparedUnit, SHARE_OF } from './comparable.ts';
import { clusteredRateEstimate, type Estimate, meanEstimate, percentileEstimate, rateEstimate } from './estimate.ts';
import { SAMPLED, type Sampled } from './sampled.ts';

/** How many decimals are kept. */
export const ROUNDED = { s: 's', share: 'share', score: 'score', n: 'mean', min: 'mean', money: 'money' } as const;

/** A figure, as a summary has it; sums and counts that are compared per call, per call. */
export type SideValue = Pick<Figure, 'value' | 'low' | 'high' | 'n'>;

/** May be infinite. */
export interface Lost {
  down: number;
  up: number;
}

const NONE: SideValue = { value: null, low: null, high: null, n: 0 };

export type Asked = Readonly<Record<string, unknown>>;

/** Calls on their way into a comparison: in any order and in any parts. */
export class SideCalls {
  readonly #summarizer: Summarizer;
  readonly #asked: Asked;

  /** @param asked which calls these are, as it was asked */
  constructor(options: SummaryOptions = {}, asked: Asked = {}) {
    this.#asked = asked;
    this.#summarizer = new Summarizer({ ...options, by: [] }, undefined, [SAMPLED]);
  }

  add(figures: CallFigures): void {
    this.#summarizer.add(figures);
  }

  merge(other: SideCalls): void {
    this.#summarizer.merge(other.#summarizer);
  }

  get settings(): SummarySettings {
    return this.#summarizer.settings;
  }

  result(): Side {
    const { sampled, ...summary } = this.#summarizer.result().total as CallSummary & { sampled: Sampled };
    return new Side(summary, sampled, this.#asked);
  }
}

export class Side {
  readonly summary: CallSummary;
  readonly asked: Asked;
  readonly #sampled: Sampled;

  constructor(summary: CallSummary, sampled: Sampled, asked: Asked) {
    this.summary = summary;
    this.asked = asked;
    this.#sampled = sampled;
  }

  /** The words that are there of a map. */
  wordsOf({ figure, kind }: Comparable): string[] {
    return kind === 'words' ? this.#sampled.words[figure as 'endReasons'].seen : Object.keys(this.summary[figure]);
  }

  valueOf({ path, figure, part, kind, unit }: Comparable): SideValue {
    if (kind === 'words') return perCall(this.#sampled.words[figure as 'endReasons'].at(part!), unit);
    const told = toldAt(this.summary, path);
    if (told === undefined) return figure === 'statuses' ? this.#noneOfAll() : NONE;
    const { value, low, high, n } = told;
    return kind === 'perCall' ? perCall({ value, low, high, n }, unit) : { value, low, high, n };
  }

  /** There are calls, and none has this status. */
  #noneOfAll(): SideValue {
    return { value: 0, low: 0, high: 0, n: this.summary.calls.n };
  }

  /** How far lost events may push it down and up: what a sketch is off by is in the limits of its estimate. */
  lostOf(comparable: Comparable): Lost {
    const { value, low, high } = this.valueOf(comparable);
    if (value === null) return { down: 0, up: 0 };
    if (comparable.kind === 'percentile' && this.#isSeenInFull(comparable)) return { down: 0, up: 0 };
    return {
      down: low === null ? Number.POSITIVE_INFINITY : value - low,
      up: high === null ? Number.POSITIVE_INFINITY : high - value,
    };
  }

  /** Then the mean of a distribution has no limits but itself. */
  #isSeenInFull({ figure }: Comparable): boolean {
    const { value, low, high } = toldAt(this.summary, `${figure}.mean`)!;
    return low === value && high === value;
  }

  /** @param other with which it is compared; @returns null: of so little nothing can be said, or nothing is to be said of it. */
  estimateOf(comparable: Comparable, other: Side): Estimate | null {
    const { figure, part, kind } = comparable;
    const { ratios, byWord, words, pools, clusters } = this.#sampled;
    const { n } = this.valueOf(comparable);
    switch (kind) {
      case 'volume':
        return null;
      case 'rate': {
        const { value } = this.valueOf(comparable);
        // a share is told to four digits: of so many calls that hits are off by one, one more is nothing
        return value === null ? null : rateEstimate(Math.round(value * n), n);
      }
      case 'words':
        return rateEstimate(words[figure as keyof typeof words].at(part!).value ?? 0, n);
      case 'mean':
        return meanEstimate(ratios[figure as keyof typeof ratios]);
      case 'itemRate':
        return clusteredRateEstimate(ratios[figure as keyof typeof ratios]);
      case 'percentile': {
        const pool = pools[figure as keyof typeof pools];
        return percentileEstimate(
          pool,
          SHARE_OF[part!]!,
          figure === 'responseLatency' ? [clusters, other.#sampled.clusters] : undefined,
        );
      }
      case 'perCall': {
        if (part === null) return meanEstimate(ratios[figure as keyof typeof ratios]);
        if (n === 0) return null;
        const ratio = byWord[figure as keyof typeof byWord].at(part);
        return meanEstimate(ratio, n - ratio.calls);
      }
    }
  }
}

function perCall({ value, low, high, n }: SideValue, unit: ComparedUnit): SideValue {
  if (value === null || n === 0) return { ...NONE, n };
  const rounded = ROUNDED[unit];
  const bound = (limit: number | null, side: 'low' | 'high') =>
    limit === null ? null : limit === value ? round(value / n, rounded) : roundBound(limit / n, rounded, side);
  return { value: round(value / n, rounded), low: bound(low, 'low'), high: bound(high, 'high'), n };
}
