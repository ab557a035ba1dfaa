import { chanceBeyond, rootOf } from './chance.ts';
import { incompleteBeta } from './incompleteBeta.ts';

/** From here on it is the normal distribution to five digits. */
const AS_GOOD_AS_NORMAL = 1e5;
const FURTHEST = 1e9;

/** What of Student's distribution is exceeded as seldom as z of the normal one. @param freedom degrees of it; need not be whole */
export function studentT(z: number, freedom: number): number {
  if (freedom >= AS_GOOD_AS_NORMAL || z === 0) return z;
  const chance = chanceBeyond(z);
  const tails = (t: number) => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  // by its logarithm: with one degree of freedom it may be thousands
  return Math.exp(rootOf((log) => tails(Math.exp(log)) > chance, Math.log(z), Math.log(FURTHEST)));
}
