/** The normal distribution, by its two tails: how seldom chance alone goes so far. */

/** Of a standard normal variable: how often it is further from 0 than z; to a ten-millionth of itself (Press et al., erfcc). */
export function chanceBeyond(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const polynomial = COEFFICIENTS.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  return Math.min(1, t * Math.exp(-x * x + polynomial));
}
const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** Beyond, chance is as good as none. */
export const FURTHEST = 30;

/** The z that is exceeded, on either side, so often. */
export function zBeyond(chance: number): number {
  return rootOf((z) => chanceBeyond(z) > chance, 0, FURTHEST);
}

/** Where something that holds at first ceases to hold, to a billionth of the way. */
export function rootOf(holds: (at: number) => boolean, from: number, until: number): number {
  let low = from;
  let high = until;
  for (let halvings = 0; halvings < HALVINGS; halvings++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
const HALVINGS = 32;
