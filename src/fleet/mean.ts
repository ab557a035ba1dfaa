/** The mean of one value per call. */
import { Basis, type Reason } from './basis.ts';
import { ExactSum } from './exactSum.ts';
import { type Figure, figure } from './figure.ts';
import { MeanBounds } from './meanBounds.ts';
import { limitsOf, type Range } from './range.ts';

/** Values have at most so many decimals: they are summed as whole numbers. */
const SCALE = { s: 1e3, score: 1e2 } as const;

export class Mean {
  readonly basis = new Basis();
  readonly #unit: keyof typeof SCALE;
  /** Of the values that lie in no range. */
  readonly #exact = new ExactSum();
  #exactly = 0;
  /** Of the others. */
  readonly #told = new ExactSum();
  readonly #bounds: MeanBounds;

  constructor(unit: keyof typeof SCALE) {
    this.#unit = unit;
    this.#bounds = new MeanBounds(SCALE[unit]);
  }

  /** @param sure false where a lost event could show that the call has no such value */
  add(value: number, range: Range | undefined, complete: boolean, sure: boolean): void {
    this.basis.add(complete);
    const scaled = Math.round(value * SCALE[this.#unit]);
    if (range === undefined && sure) {
      this.#exactly++;
      this.#exact.add(scaled);
      return;
    }
    this.#told.add(scaled);
    const [low, high] = limitsOf(value, range);
    if (sure) this.#bounds.add(low, high);
    else this.#bounds.addMaybe(low, high);
  }

  /** @param range what it may be after all; undefined where it certainly is nothing */
  leaveOut(why: Reason, range?: Range): void {
    this.basis.leaveOut(why);
    if (range) this.#bounds.addMaybe(...limitsOf(0, range));
  }

  merge(other: Mean): void {
    this.basis.merge(other.basis);
    this.#exact.merge(other.#exact);
    this.#exactly += other.#exactly;
    this.#told.merge(other.#told);
    this.#bounds.merge(other.#bounds);
  }

  shown(): Figure {
    const { n } = this.basis;
    const exact = { count: this.#exactly, sum: this.#exact.value };
    const mean = n === 0 ? null : (exact.sum + this.#told.value) / n / SCALE[this.#unit];
    return figure(this.basis, this.#unit, mean, this.#bounds.limits(exact) ?? [null, null]);
  }
}
