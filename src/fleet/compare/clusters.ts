/**
 * How much less samples tell that come several to a call than as many strangers would. What is counted is, below each of
 * many thresholds, the samples of each call: how much these differ from call to call says so (Kish's design effect).
 */

/** Thresholds grow by so much. */
const STEP = Math.log(1.05);
const FIRST = Math.floor(Math.log(1e-3) / STEP);
const THRESHOLDS = Math.ceil(Math.log(1e6) / STEP) - FIRST + 1;

/** The threshold that is the first at or above a value. */
function thresholdOf(value: number): number {
  if (value <= 0) return 0;
  return Math.min(THRESHOLDS - 1, Math.max(0, Math.ceil(Math.log(value) / STEP) - FIRST));
}

export class Clusters {
  calls = 0;
  samples = 0;
  /** Over calls, of the square of how many samples each has. */
  #squares = 0;
  /** By threshold, what is more there than at the one before: samples at or below it; over calls, squares of these; and these times all of the call. */
  readonly #below = new Float64Array(THRESHOLDS);
  readonly #belowSquares = new Float64Array(THRESHOLDS);
  readonly #products = new Float64Array(THRESHOLDS);

  /** @param samples of a call */
  add(samples: readonly number[]): void {
    const { length } = samples;
    const ascending = Float64Array.from(samples).sort();
    this.calls++;
    this.samples += length;
    this.#squares += length * length;
    for (let i = 0; i < length; i++) {
      const threshold = thresholdOf(ascending[i]!);
      this.#below[threshold]!++;
      this.#belowSquares[threshold]! += 2 * i + 1; // from i² to (i + 1)²
      this.#products[threshold]! += length;
    }
  }

  merge(other: Clusters): void {
    this.calls += other.calls;
    this.samples += other.samples;
    this.#squares += other.#squares;
    for (let i = 0; i < THRESHOLDS; i++) {
      this.#below[i]! += other.#below[i]!;
      this.#belowSquares[i]! += other.#belowSquares[i]!;
      this.#products[i]! += other.#products[i]!;
    }
  }

  /** Of the calls of both. */
  with(other: Clusters): Clusters {
    const both = new Clusters();
    both.merge(this);
    both.merge(other);
    return both;
  }

  /** What the variance of the share of samples up to a value is, in those that strangers would give: 1 at least. */
  effectAt(value: number): number {
    if (this.calls < 2) return 1;
    const last = thresholdOf(value);
    let below = 0;
    let squares = 0;
    let products = 0;
    for (let i = 0; i <= last; i++) {
      // the last of them, where all samples lie below it, tells nothing
      if (below + this.#below[i]! === this.samples && below > 0) break;
      below += this.#below[i]!;
      squares += this.#belowSquares[i]!;
      products += this.#products[i]!;
    }
    const share = below / this.samples;
    if (share === 0 || share === 1) return 1;
    const between = squares - 2 * share * products + share * share * this.#squares;
    const variance = (between / this.samples ** 2) * (this.calls / (this.calls - 1));
    return Math.max(1, variance / ((share * (1 - share)) / this.samples));
  }
}
