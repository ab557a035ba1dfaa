/** Samples of one kind, from 0 on: each of them while they are few, a sketch of them from then on. Infinite ones are counted. */
import { ExactSum } from './exactSum.ts';
import { RELATIVE_ERROR, Sketch } from './sketch.ts';

/** Sums are of whole microseconds: whole numbers add up to the same in any order. */
const MICRO = 1e6;

export class Pool {
  readonly #exactUpTo: number;
  #values: number[] = [];
  #sorted = true;
  #sketch: Sketch | null = null;
  readonly #sum = new ExactSum();
  #finite = 0;
  #infinite = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  constructor(exactUpTo: number) {
    this.#exactUpTo = exactUpTo;
  }

  add(value: number): void {
    if (value === Number.POSITIVE_INFINITY) {
      this.#infinite++;
      return;
    }
    this.#finite++;
    this.#sum.add(Math.round(value * MICRO));
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#keep(value);
  }

  #keep(value: number): void {
    if (this.#sketch) {
      this.#sketch.add(value);
      return;
    }
    this.#values.push(value);
    this.#sorted = false;
    if (this.#values.length > this.#exactUpTo) this.#becomeSketch();
  }

  #becomeSketch(): Sketch {
    const sketch = new Sketch();
    for (const value of this.#values) sketch.add(value);
    this.#values = [];
    this.#sketch = sketch;
    return sketch;
  }

  merge(other: Pool): void {
    this.#finite += other.#finite;
    this.#infinite += other.#infinite;
    this.#sum.merge(other.#sum);
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    if (other.#sketch) (this.#sketch ?? this.#becomeSketch()).merge(other.#sketch);
    for (const value of other.#values) this.#keep(value);
  }

  /** The samples of both. */
  with(other: Pool): Pool {
    const both = new Pool(this.#exactUpTo);
    both.merge(this);
    both.merge(other);
    return both;
  }

  get count(): number {
    return this.#finite + this.#infinite;
  }
  get min(): number {
    return this.#min;
  }
  get max(): number {
    return this.#infinite > 0 ? Number.POSITIVE_INFINITY : this.#max;
  }
  /** Of the finite ones, in micro-units: whole, so that it is the same in any order. */
  get sum(): number {
    return this.#sum.value;
  }
  get mean(): number {
    return this.#sum.value / this.#finite / MICRO;
  }
  /** Quantiles are off by at most this share of themselves. */
  get relativeError(): number {
    return this.#sketch ? RELATIVE_ERROR : 0;
  }

  /** What stands at a rank from 0 to count - 1, linearly between two; the default of spreadsheets and numpy. */
  at(rank: number): number {
    const low = this.#ranked(Math.floor(rank));
    const share = rank - Math.floor(rank);
    if (share === 0) return low;
    const high = this.#ranked(Math.ceil(rank));
    return high === low || high === Number.POSITIVE_INFINITY ? high : low + share * (high - low);
  }

  quantile(share: number): number {
    return this.at((this.count - 1) * share);
  }

  #ranked(rank: number): number {
    if (rank >= this.#finite) return Number.POSITIVE_INFINITY;
    if (this.#sketch) return Math.min(this.#max, Math.max(this.#min, this.#sketch.at(rank)));
    if (!this.#sorted) {
      this.#values = Array.from(Float64Array.from(this.#values).sort());
      this.#sorted = true;
    }
    return this.#values[rank]!;
  }
}
