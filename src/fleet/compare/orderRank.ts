import { rootOf } from './chance.ts';
import { incompleteBeta } from './incompleteBeta.ts';

/**
 * The rank from below, counted from 1, of a sample that lies above the percentile behind the samples no more often than
 * `tail`, whatever their distribution: that many of them lie below it at least, by the binomial distribution. A real number,
 * whose whole part is the rank; under 1 there is no such sample. From above it is the rank of the share that is left.
 * @param count need not be whole where samples tell less than as many independent ones would
 */
export function orderRank(count: number, share: number, tail: number): number {
  const fewerThan = (rank: number) => incompleteBeta(1 - share, count - rank + 1, rank);
  const rank = rootOf((rank) => fewerThan(rank) <= tail, 0, count);
  // a whole rank that does is not to be missed by a rounding
  return rank + 1e-9 * count;
}
