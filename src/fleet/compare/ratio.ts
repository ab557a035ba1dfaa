/**
 * A sum over calls divided by another one, and how far chance moves it: means (the other counts the calls), means of samples
 * of which each call has several, parts of a whole. Calls are what is drawn, each with all that it holds: samples of one call
 * are no strangers to each other. The variance is that of the linearised ratio (Cochran, Sampling Techniques, 6.13).
 */
import { ExactSum } from '../exactSum.ts';

export interface RatioSpread {
  value: number;
  /** Of the value, not of what it is made of. */
  variance: number;
  /** Degrees of it. */
  freedom: number;
}

export class Ratio {
  readonly #scale: number;
  #calls = 0;
  readonly #part = new ExactSum();
  readonly #whole = new ExactSum();
  readonly #partSquares = new ExactSum();
  readonly #products = new ExactSum();
  readonly #wholeSquares = new ExactSum();

  /** @param scale parts are summed as whole numbers of 1 / scale */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** @param whole a whole number */
  add(part: number, whole = 1): void {
    const scaled = Math.round(part * this.#scale);
    this.#calls++;
    this.#part.add(scaled);
    this.#whole.add(whole);
    // beyond 2^53 a product is a rounded one, but the same one in any order
    this.#partSquares.add(scaled * scaled);
    this.#products.add(scaled * whole);
    this.#wholeSquares.add(whole * whole);
  }

  merge(other: Ratio): void {
    this.#calls += other.#calls;
    this.#part.merge(other.#part);
    this.#whole.merge(other.#whole);
    this.#partSquares.merge(other.#partSquares);
    this.#products.merge(other.#products);
    this.#wholeSquares.merge(other.#wholeSquares);
  }

  get calls(): number {
    return this.#calls;
  }
  get whole(): number {
    return this.#whole.value;
  }

  /** @param others calls with a part of 0 and a whole of 1 that were not added; @returns null under two calls */
  spread(others = 0): RatioSpread | null {
    const calls = this.#calls + others;
    const whole = this.#whole.value + others;
    if (calls < 2 || whole === 0) return null;
    const ratio = this.#part.value / whole;
    const squares =
      this.#partSquares.value - 2 * ratio * this.#products.value + ratio * ratio * (this.#wholeSquares.value + others);
    const variance = (Math.max(0, squares) / (whole * whole)) * (calls / (calls - 1));
    return { value: ratio / this.#scale, variance: variance / this.#scale ** 2, freedom: calls - 1 };
  }
}
