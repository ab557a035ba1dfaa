/** Calls of which something is so, or not: counted, and as a rate. */
import { roundBound } from '../metrics/round.ts';
import { Basis, placeOf, type Reason } from './basis.ts';
import { wilson } from './confidence.ts';
import { type Figure, figure, type Rate } from './figure.ts';

/** Not in the rate at all. */
export const OUT = 1;
/** In the denominator alone. */
export const NO = 2;
/** In the numerator too. */
export const YES = 4;

export interface Judgement {
  is: typeof OUT | typeof NO | typeof YES;
  /** All that it might be, added: more than `is` where a lost event could turn it. */
  may: number;
  /** Where it is not YES, why whatever is asked only of those leaves it out. */
  why: Reason;
}

const known: Judgement[] = [];

/** Of the few that there are each is made once: every call has half a dozen. */
export function judged(is: Judgement['is'], may: number, why: Reason): Judgement {
  const place = (placeOf(why) << 6) | (is << 3) | may;
  known[place] ??= { is, may, why };
  return known[place];
}

export class Outcomes {
  readonly basis = new Basis();
  #yes = 0;
  /** How many might be what, by Judgement.may. */
  readonly #may: number[] = [0, 0, 0, 0, 0, 0, 0, 0];

  add({ is, may, why }: Judgement, complete: boolean): void {
    this.#may[may]!++;
    if (is === OUT) this.basis.leaveOut(why);
    else this.basis.add(complete);
    if (is === YES) this.#yes++;
  }

  merge(other: Outcomes): void {
    this.basis.merge(other.basis);
    this.#yes += other.#yes;
    for (const may of this.#may.keys()) this.#may[may]! += other.#may[may]!;
  }

  #counted(which: (may: number) => boolean): number {
    return this.#may.reduce((sum, times, may) => (which(may) ? sum + times : sum), 0);
  }

  /** How many are. */
  count(): Figure {
    const { n, trust } = this.basis;
    const value = n === 0 && Object.keys(trust.leftOut).length > 0 ? null : this.#yes; // of no calls none is
    return figure(this.basis, 'n', value, [this.#may[YES]!, this.#counted((may) => (may & YES) > 0)]);
  }

  /** Which share of those in the denominator. */
  rate(): Rate {
    const { n } = this.basis;
    const interval = wilson(this.#yes, n);
    return {
      ...figure(this.basis, 'share', n === 0 ? null : this.#yes / n, [this.#low(), this.#high()]),
      interval: interval && [roundBound(interval[0], 'share', 'low')!, roundBound(interval[1], 'share', 'high')!],
    };
  }

  /** Least where each call is NO if it may be, else OUT: one more hit raises any rate, one that is out leaves it. */
  #low(): number | null {
    const hits = this.#may[YES]!;
    const denominator = hits + this.#counted((may) => (may & NO) > 0);
    return denominator > 0 ? hits / denominator : this.#may[YES | OUT]! > 0 ? 1 : null;
  }

  #high(): number | null {
    const hits = this.#counted((may) => (may & YES) > 0);
    const denominator = hits + this.#may[NO]!;
    return denominator > 0 ? hits / denominator : this.#may[NO | OUT]! > 0 ? 0 : null;
  }
}
