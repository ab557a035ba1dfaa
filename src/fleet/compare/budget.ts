/** What a candidate may be at most, and how much worse than the baseline: limits of figures, and whether they are kept. */
import { round, roundBound } from '../../metrics/round.ts';
import { CONFIDENCE } from '../confidence.ts';
import { rootOf, zBeyond } from './chance.ts';
import type { BudgetLine } from './comparison.ts';
import { differenceOf } from './difference.ts';
import { type Pair, slackOf } from './judge.ts';
import { ROUNDED, type SideValue } from './side.ts';

/** `max` and `min` are of the candidate; the others of how much it is above or below the baseline, in its unit or in per cent. */
export const LIMITS = ['max', 'min', 'maxIncrease', 'maxDecrease', 'maxIncreasePercent', 'maxDecreasePercent'] as const;
export type Limit = (typeof LIMITS)[number];

export const OUTCOMES = ['kept', 'broken', 'unknown'] as const;

/** By path of a figure. */
export type Budget = Readonly<Record<string, Readonly<Partial<Record<Limit, number>>>>>;

export interface BudgetQuestion {
  pair: Pair;
  limit: Limit;
  allowed: number;
}

const ownLimit = (limit: Limit): limit is 'max' | 'min' => limit === 'max' || limit === 'min';

/**
 * Limits of a difference are tested together: their intervals are so wide that all of them hold at once in 95 of 100
 * comparisons (Bonferroni), for a gate that closes once in twenty times for nothing is soon left open.
 */
export function judgedBudget(questions: readonly BudgetQuestion[]): BudgetLine[] {
  const together = questions.filter(({ limit, pair }) => !ownLimit(limit) && pair.comparable.kind !== 'volume').length;
  const z = zBeyond((1 - CONFIDENCE) / Math.max(1, together));
  return questions.map((question) => lineOf(question, z));
}

function lineOf(question: BudgetQuestion, z: number): BudgetLine {
  const { pair, limit, allowed } = question;
  const { path, unit, kind } = pair.comparable;
  const line = { path, unit, perCall: kind === 'perCall' || kind === 'words', limit, allowed };
  const range = rangeOf(question, z, true);
  if (range === null) return { ...line, found: null, low: null, high: null, outcome: 'unknown', doubt: 'noValue' };
  const outcome = outcomeOf(question, range);
  // had nothing been lost, there might be no doubt
  const sure = outcome !== 'unknown' || outcomeOf(question, rangeOf(question, z, false)!) === 'unknown';
  const rounded = limit.endsWith('Percent') ? 'score' : ROUNDED[unit];
  return {
    ...line,
    found: range.found === null ? null : round(range.found, rounded),
    low: roundBound(range.low, rounded, 'low'),
    high: roundBound(range.high, rounded, 'high'),
    outcome,
    doubt: outcome !== 'unknown' ? null : sure ? 'tooFew' : 'bounds',
  };
}

/** Of what is limited: as it was found, and where it may lie. */
interface Range {
  /** null: of 0 there are no per cent. */
  found: number | null;
  low: number;
  high: number;
}

/** All of it beyond the limit, none of it, or some. */
function outcomeOf({ limit, allowed }: BudgetQuestion, { low, high }: Range): (typeof OUTCOMES)[number] {
  const [least, most] = BOUNDS[limit](allowed);
  if (low > most || high < least) return 'broken';
  return low >= least && high <= most ? 'kept' : 'unknown';
}

const BOUNDS: Record<Limit, (allowed: number) => [least: number, most: number]> = {
  max: (allowed) => [-INFINITE, allowed],
  min: (allowed) => [allowed, INFINITE],
  maxIncrease: (allowed) => [-INFINITE, allowed],
  maxDecrease: (allowed) => [-allowed, INFINITE],
  maxIncreasePercent: (allowed) => [-INFINITE, allowed],
  maxDecreasePercent: (allowed) => [-allowed, INFINITE],
};
const INFINITE = Number.POSITIVE_INFINITY;

/** @returns null: it is not told */
function rangeOf({ pair, limit }: BudgetQuestion, z: number, withLost: boolean): Range | null {
  const from = pair.baseline.value;
  const to = pair.candidate.value;
  if (to === null) return null;
  if (ownLimit(limit)) return ownRange(pair.candidate, withLost);
  if (from === null) return null;
  const contrast = (times: number) => contrastOf(pair, times, z, withLost);
  if (!limit.endsWith('Percent')) return { found: to - from, ...contrast(1) };
  const found = from === 0 ? null : percent(to / from);
  return pair.comparable.kind === 'volume' ? volumeRange(pair, withLost) : { found, ...percentRange(contrast) };
}

/** The calls as they were: chance has no say in it. */
function ownRange({ value, low, high }: SideValue, withLost: boolean): Range {
  return withLost
    ? { found: value!, low: low ?? -INFINITE, high: high ?? INFINITE }
    : { found: value!, low: value!, high: value! };
}

type Limits = Omit<Range, 'found'>;

/** The candidate less so many baselines. */
function contrastOf(pair: Pair, times: number, z: number, withLost: boolean): Limits {
  const [down, up] = withLost ? slackOf(pair, times) : [0, 0];
  const { baseline, candidate, estimates, comparable } = pair;
  const value = candidate.value! - times * baseline.value!;
  if (comparable.kind === 'volume') return { low: value - down, high: value + up };
  if (estimates === null) return { low: -INFINITE, high: INFINITE };
  const [low, high] = differenceOf(estimates.baseline, estimates.candidate, times).limits(z);
  return { low: low - down, high: high + up };
}

/** All that the candidate may be times the baseline (Fieller): of more times that it is certainly less, of fewer more. */
function percentRange(contrast: (times: number) => Limits): Limits {
  const end = (side: 'low' | 'high') =>
    contrast(Math.exp(FAR))[side] > 0
      ? INFINITE
      : Math.exp(rootOf((log) => contrast(Math.exp(log))[side] > 0, -FAR, FAR));
  return { low: percent(end('low')), high: percent(end('high')) };
}
/** A million times more, or less, by its logarithm. */
const FAR = 14;

function volumeRange({ baseline, candidate, lost }: Pair, withLost: boolean): Range {
  const [from, to] = [baseline.value!, candidate.value!];
  const of = (part: number, whole: number) => (whole > 0 ? percent(part / whole) : part > 0 ? INFINITE : 0);
  const found = from === 0 ? null : percent(to / from);
  if (!withLost) return { found, low: of(to, from), high: of(to, from) };
  const low = of(to - lost.candidate.down, from + lost.baseline.up);
  return { found, low, high: of(to + lost.candidate.up, from - lost.baseline.down) };
}

const percent = (times: number) => (times - 1) * 100;
