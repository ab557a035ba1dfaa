/** Between which limits the mean lies of values that each lie in a range, and some of which may be none. */
import { ExactSum } from './exactSum.ts';

export class MeanBounds {
  readonly #scale: number;
  /** Those that certainly are values. */
  #sure = 0;
  readonly #low = new ExactSum();
  readonly #high = new ExactSum();
  #withoutLimit = 0;
  /** Limits of those that may be none. */
  #maybeLow: number[] = [];
  #maybeHigh: number[] = [];

  /** @param scale limits are summed as whole numbers of 1 / scale */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** @param high may be infinite */
  add(low: number, high: number): void {
    this.#sure++;
    this.#low.add(Math.round(low * this.#scale));
    if (high === Number.POSITIVE_INFINITY) this.#withoutLimit++;
    else this.#high.add(Math.round(high * this.#scale));
  }

  addMaybe(low: number, high: number): void {
    this.#maybeLow.push(low);
    this.#maybeHigh.push(high);
  }

  merge(other: MeanBounds): void {
    this.#sure += other.#sure;
    this.#low.merge(other.#low);
    this.#high.merge(other.#high);
    this.#withoutLimit += other.#withoutLimit;
    for (const low of other.#maybeLow) this.#maybeLow.push(low);
    for (const high of other.#maybeHigh) this.#maybeHigh.push(high);
  }

  get sure(): number {
    return this.#sure;
  }
  get maybe(): number {
    return this.#maybeLow.length;
  }
  /** Of those that may be none. */
  get leastMaybe(): number {
    return this.#maybeLow.reduce((least, low) => Math.min(least, low), Number.POSITIVE_INFINITY);
  }
  get greatestMaybe(): number {
    return this.#maybeHigh.reduce((greatest, high) => Math.max(greatest, high), 0);
  }

  /**
   * @param exact count and scaled sum of the values that lie in no range: they are what they are
   * @returns [low, high], high may be infinite; null where there is certainly no value
   */
  limits(exact: { count: number; sum: number }): readonly [low: number, high: number] | null {
    const sure = exact.count + this.#sure;
    if (sure + this.maybe === 0) return null;
    const low = this.#extreme(exact.sum + this.#low.value, sure, Float64Array.from(this.#maybeLow).sort(), 1);
    if (this.#withoutLimit > 0) return [low, Number.POSITIVE_INFINITY];
    const highs = Float64Array.from(this.#maybeHigh).sort().reverse();
    return [low, this.#extreme(exact.sum + this.#high.value, sure, highs, -1)];
  }

  /** Those that pull the mean furthest come first: as long as one pulls, it counts. @param side 1 downwards, -1 upwards */
  #extreme(sum: number, sure: number, maybe: Float64Array, side: 1 | -1): number {
    let total = sum;
    let count = sure;
    for (const value of maybe) {
      const scaled = Math.round(value * this.#scale);
      if (count > 0 && side * (scaled - total / count) >= 0) break;
      total += scaled;
      count++;
    }
    return total / count / this.#scale;
  }
}
