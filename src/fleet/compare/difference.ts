/**
 * A candidate less a baseline, and between which limits chance leaves it. Of two means by Welch's t; or, where that is wider, by
 * the spread of both together, since of few skewed values the spread is mostly seen too small. Of all else by the
 * square-and-add of both intervals' arms (MOVER; Zou and Donner 2008), which of two rates, with Wilson's, is Newcombe's method
 * 10 (1998): the low limit takes the low arm of the one and the high arm of the other.
 */
import { SMALL } from '../spread.ts';
import { chanceBeyond, FURTHEST, rootOf } from './chance.ts';
import type { Estimate } from './estimate.ts';
import { fisher } from './fisher.ts';
import { studentT } from './studentT.ts';

export interface Difference {
  value: number;
  /** Of two rates, how often chance alone makes one so large, by the exact test. */
  exact?: number;
  limits(z: number): readonly [low: number, high: number];
}

/** @param times so many baselines are taken off: 1.1 asks whether the candidate is more than 10 % above */
export function differenceOf(baseline: Estimate, candidate: Estimate, times = 1): Difference {
  const value = candidate.value - times * baseline.value;
  if (baseline.spread && candidate.spread) return welch(value, baseline.spread, candidate.spread, times);
  // bins do not err by chance: two neighbours that part equal values are as far from each other as both may be off
  const blur = ((candidate.blur ?? 0) + times * (baseline.blur ?? 0)) * (1 + 1e-9);
  const ofRates = times === 1 && baseline.rate && candidate.rate;
  return {
    value,
    ...(ofRates && { exact: fisher(baseline.rate!, candidate.rate!) }),
    limits(z) {
      const [lowFrom, highFrom] = baseline.limits(z);
      const [lowTo, highTo] = candidate.limits(z);
      return [
        value - blur - Math.hypot(candidate.value - lowTo, times * (highFrom - baseline.value)),
        value + blur + Math.hypot(highTo - candidate.value, times * (baseline.value - lowFrom)),
      ];
    },
  };
}

type Spread = NonNullable<Estimate['spread']>;

function welch(value: number, baseline: Spread, candidate: Spread, times: number): Difference {
  const from = baseline.variance * times ** 2;
  const to = candidate.variance;
  const variance = Math.max(from + to, pooled(from, baseline.freedom, to, candidate.freedom));
  const freedom = (from + to) ** 2 / (from ** 2 / baseline.freedom + to ** 2 / candidate.freedom);
  // of so few that all values are the same on either side, how they are spread cannot be seen
  const unseen = Math.min(baseline.freedom, candidate.freedom) + 1 < SMALL ? Number.POSITIVE_INFINITY : 0;
  return {
    value,
    limits(z) {
      const half = variance === 0 ? unseen : studentT(z, freedom) * Math.sqrt(variance);
      return [value - half, value + half];
    },
  };
}

/** Of the difference, were calls of both sides spread alike: then the many tell how the few are spread. */
function pooled(from: number, fromFreedom: number, to: number, toFreedom: number): number {
  const fromCalls = fromFreedom + 1;
  const toCalls = toFreedom + 1;
  const ofOneCall = (fromFreedom * from * fromCalls + toFreedom * to * toCalls) / (fromFreedom + toFreedom);
  return ofOneCall * (1 / fromCalls + 1 / toCalls);
}

/**
 * How often chance alone makes a difference from 0 that is as large (p, of both sides). Newcombe's interval is near what it
 * promises, and for rare events in few calls not far enough: what counts has to be seldom by the exact test as well.
 */
export function chanceOf({ value, exact = 0, limits }: Difference): number {
  if (value === 0) return 1;
  const isBeyond = (z: number) => {
    const [low, high] = limits(z);
    return low > 0 || high < 0;
  };
  return Math.max(exact, chanceBeyond(rootOf(isBeyond, 0, FURTHEST)));
}
