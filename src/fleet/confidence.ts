/**
 * How far chance alone may have moved a figure: 95 % confidence intervals, as if each call (or sample) were drawn by
 * itself. They tell of few calls, not of lost events: those are told by low and high.
 */
export const CONFIDENCE = 0.95;

/** Of the standard normal distribution, 97.5 % lie below. */
export const Z = 1.959963984540054;

/** Wilson's interval of a rate, which keeps its promise for few calls and rare events too; null where nothing was counted. */
export function wilson(hits: number, of: number, z = Z): [low: number, high: number] | null {
  if (of === 0) return null;
  const rate = hits / of;
  const weight = 1 + (z * z) / of;
  const centre = (rate + (z * z) / (2 * of)) / weight;
  const half = (z / weight) * Math.sqrt((rate * (1 - rate)) / of + (z * z) / (4 * of * of));
  // at 0 and at 1 the interval ends there: what is left is rounding
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === of ? 1 : Math.min(1, centre + half)];
}

/** Up to here the binomial distribution is summed, beyond it is as good as normal. */
const SUMMED = 200;

/**
 * The ranks, from 0 on, of the two samples between which the median of all that might have been drawn lies, whatever their
 * distribution; null under six samples, where even the least and the greatest promise less than 95 %.
 */
export function medianRanks(count: number): [low: number, high: number] | null {
  const outside = count <= SUMMED ? summedTail(count) : Math.floor((count - Z * Math.sqrt(count)) / 2);
  return outside < 1 ? null : [outside - 1, count - outside];
}

/** The most samples of each end that can be given up: P(at most that many - 1 of them below the median) <= 2.5 %. */
function summedTail(count: number): number {
  let chance = 0.5 ** count;
  let tail = chance;
  let given = 0;
  while (tail <= (1 - CONFIDENCE) / 2) {
    given++;
    chance *= (count - given + 1) / given;
    tail += chance;
  }
  return given;
}
