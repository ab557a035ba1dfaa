/** Whether two sides differ beyond what chance and lost events could do. */
import { round, roundBound } from '../../metrics/round.ts';
import { CONFIDENCE, Z } from '../confidence.ts';
import { SMALL } from '../spread.ts';
import { zBeyond } from './chance.ts';
import type { Comparable } from './comparable.ts';
import type { ComparedFigure } from './comparison.ts';
import { chanceOf, type Difference, differenceOf } from './difference.ts';
import type { Estimate } from './estimate.ts';
import { holm } from './holm.ts';
import { type Lost, ROUNDED, type Side, type SideValue } from './side.ts';

/** A figure of both sides. */
export interface Pair {
  comparable: Comparable;
  baseline: SideValue;
  candidate: SideValue;
  lost: { baseline: Lost; candidate: Lost };
  /** null: of one of them there is too little. */
  estimates: { baseline: Estimate; candidate: Estimate } | null;
}

export function pairOf(comparable: Comparable, baseline: Side, candidate: Side): Pair {
  const from = baseline.estimateOf(comparable, candidate);
  const to = candidate.estimateOf(comparable, baseline);
  return {
    comparable,
    baseline: baseline.valueOf(comparable),
    candidate: candidate.valueOf(comparable),
    lost: { baseline: baseline.lostOf(comparable), candidate: candidate.lostOf(comparable) },
    estimates: from && to && { baseline: from, candidate: to },
  };
}

/** How far lost events may push a difference down and up. @param times so many baselines are taken off */
export function slackOf({ lost: { baseline, candidate } }: Pair, times = 1): [down: number, up: number] {
  return [candidate.down + times * baseline.up, candidate.up + times * baseline.down];
}

interface Found {
  pair: Pair;
  difference: Difference | null;
  chance: number | null;
}

/** Figures that are judged are judged all at once. */
export function judged(pairs: readonly Pair[]): ComparedFigure[] {
  const found = pairs.map((pair): Found => {
    const difference = pair.estimates && differenceOf(pair.estimates.baseline, pair.estimates.candidate);
    return { pair, difference, chance: difference && chanceOf(difference) };
  });
  const thresholds = holm(
    found.flatMap(({ chance }) => chance ?? []),
    1 - CONFIDENCE,
  );
  let judgedSoFar = 0;
  return found.map((one) => {
    const threshold = one.chance === null ? null : thresholds[judgedSoFar++]!;
    return { ...shownOf(one), ...verdictOf(one, threshold) };
  });
}

function shownOf({ pair, difference, chance }: Found): Omit<ComparedFigure, 'verdict' | 'doubt'> {
  const { comparable, baseline, candidate } = pair;
  const { path, unit, kind, better } = comparable;
  const rounded = ROUNDED[unit];
  const told = baseline.value !== null && candidate.value !== null;
  const value = told ? round(candidate.value! - baseline.value!, rounded) : null;
  const interval = difference?.limits(Z);
  const [down, up] = told ? slackOf(pair) : [];
  return {
    path,
    unit,
    perCall: kind === 'perCall' || kind === 'words',
    better,
    baseline,
    candidate,
    difference: value,
    relative: value === null || baseline.value === 0 ? null : round(value / baseline.value!, 'share'),
    interval: interval ? [roundBound(interval[0], rounded, 'low'), roundBound(interval[1], rounded, 'high')] : null,
    range: told ? [roundBound(value! - down!, rounded, 'low'), roundBound(value! + up!, rounded, 'high')] : null,
    chance: chance === null ? null : Number(chance.toPrecision(2)),
  };
}

const UNKNOWN = { verdict: 'unknown' } as const;

/** @param threshold under which a chance counts; null: there is no chance to tell */
function verdictOf({ pair, difference, chance }: Found, threshold: number | null) {
  const { comparable, baseline, candidate, estimates } = pair;
  if (comparable.kind === 'volume') return { verdict: null, doubt: null };
  if (baseline.value === null || candidate.value === null) return { ...UNKNOWN, doubt: 'noValue' } as const;
  if (estimates === null || difference === null || chance === null || threshold === null)
    return { ...UNKNOWN, doubt: 'tooFew' } as const;
  const [low, high] = difference.limits(zBeyond(threshold));
  const [down, up] = slackOf(pair);
  if (chance <= threshold) {
    if (low - down <= 0 && high + up >= 0) return { ...UNKNOWN, doubt: 'bounds' } as const;
    return { verdict: wayOf(comparable, difference.value), doubt: null };
  }
  // seen in full, it might be a difference after all
  if (low + up > 0 || high - down < 0) return { ...UNKNOWN, doubt: 'bounds' } as const;
  const few = Math.min(estimates.baseline.size, estimates.candidate.size) < SMALL;
  if (few || !Number.isFinite(high - low)) return { ...UNKNOWN, doubt: 'tooFew' } as const;
  return { verdict: 'same', doubt: null } as const;
}

function wayOf({ better }: Comparable, difference: number): 'better' | 'worse' | 'changed' {
  if (better === null) return 'changed';
  return (better === 'higher') === difference > 0 ? 'better' : 'worse';
}
