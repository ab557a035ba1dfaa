/** The sum of one value per call. */
import type { Unit } from '../metrics/round.ts';
import type { Basis } from './basis.ts';
import { ExactSum } from './exactSum.ts';
import { type Figure, figure } from './figure.ts';
import { limitsOf, type Range } from './range.ts';

export class Sum {
  readonly #scale: number;
  /** Of the values that lie in no range. */
  readonly #exact = new ExactSum();
  /** Of the others, and of their limits. */
  readonly #told = new ExactSum();
  readonly #low = new ExactSum();
  readonly #high = new ExactSum();
  #withoutLimit = 0;

  /** @param scale values are summed as whole numbers of 1 / scale */
  constructor(scale: number) {
    this.#scale = scale;
  }

  add(value: number, range?: Range): void {
    const scaled = Math.round(value * this.#scale);
    if (range === undefined) {
      this.#exact.add(scaled);
      return;
    }
    const [low, high] = limitsOf(value, range);
    this.#told.add(scaled);
    this.#low.add(Math.round(low * this.#scale));
    if (high === Number.POSITIVE_INFINITY) this.#withoutLimit++;
    else this.#high.add(Math.round(high * this.#scale));
  }

  merge(other: Sum): void {
    this.#exact.merge(other.#exact);
    this.#told.merge(other.#told);
    this.#low.merge(other.#low);
    this.#high.merge(other.#high);
    this.#withoutLimit += other.#withoutLimit;
  }

  get value(): number {
    return (this.#exact.value + this.#told.value) / this.#scale;
  }
  get low(): number {
    return (this.#exact.value + this.#low.value) / this.#scale;
  }
  get high(): number {
    return this.#withoutLimit > 0 ? Number.POSITIVE_INFINITY : (this.#exact.value + this.#high.value) / this.#scale;
  }

  /** @param per what one of the unit shown is of the unit summed: 60 for minutes of seconds */
  shown(basis: Basis, unit: Exclude<Unit, 'instant'>, per = 1): Figure {
    if (basis.n === 0) return figure(basis, unit, null, [null, null]);
    return figure(basis, unit, this.value / per, [this.low / per, this.high / per]);
  }
}
