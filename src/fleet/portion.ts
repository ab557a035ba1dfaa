/** Which part of a whole, summed over calls before it is divided: a long call weighs more than a short one. */
import { Basis } from './basis.ts';
import { ExactSum } from './exactSum.ts';
import { type Figure, figure } from './figure.ts';

/** Whole numbers; high ends may be infinite. */
export interface Part {
  within: number;
  without: number;
  withinLow: number;
  withinHigh: number;
  withoutLow: number;
  withoutHigh: number;
}

export class Portion {
  readonly basis = new Basis();
  readonly #within = new ExactSum();
  readonly #without = new ExactSum();
  readonly #withinLow = new ExactSum();
  readonly #withinHigh = new ExactSum();
  readonly #withoutLow = new ExactSum();
  readonly #withoutHigh = new ExactSum();
  #withinUnlimited = 0;
  #withoutUnlimited = 0;

  /** Limits count too where the call is left out: it may be part of it after all. */
  add(part: Part): void {
    this.#within.add(part.within);
    this.#without.add(part.without);
    this.#withinLow.add(part.withinLow);
    this.#withoutLow.add(part.withoutLow);
    if (part.withinHigh === Number.POSITIVE_INFINITY) this.#withinUnlimited++;
    else this.#withinHigh.add(part.withinHigh);
    if (part.withoutHigh === Number.POSITIVE_INFINITY) this.#withoutUnlimited++;
    else this.#withoutHigh.add(part.withoutHigh);
  }

  merge(other: Portion): void {
    this.basis.merge(other.basis);
    this.#within.merge(other.#within);
    this.#without.merge(other.#without);
    this.#withinLow.merge(other.#withinLow);
    this.#withinHigh.merge(other.#withinHigh);
    this.#withoutLow.merge(other.#withoutLow);
    this.#withoutHigh.merge(other.#withoutHigh);
    this.#withinUnlimited += other.#withinUnlimited;
    this.#withoutUnlimited += other.#withoutUnlimited;
  }

  shown(): Figure {
    const value = shareOf(this.#within.value, this.#without.value);
    const most = this.#withinUnlimited > 0 ? Number.POSITIVE_INFINITY : this.#withinHigh.value;
    const mostOut = this.#withoutUnlimited > 0 ? Number.POSITIVE_INFINITY : this.#withoutHigh.value;
    // where the one or the other may be nothing at all, so may the share
    const low = shareOf(this.#withinLow.value, mostOut) ?? (most > 0 ? 1 : null);
    const high = shareOf(most, this.#withoutLow.value) ?? (mostOut > 0 ? 0 : null);
    return figure(this.basis, 'share', value, [low, high]);
  }
}

function shareOf(within: number, without: number): number | null {
  if (within === Number.POSITIVE_INFINITY) return 1;
  if (without === Number.POSITIVE_INFINITY) return 0;
  return within + without === 0 ? null : within / (within + without);
}
