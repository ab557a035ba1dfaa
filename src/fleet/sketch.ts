/**
 * DDSketch (Masson, Rim, Lee: VLDB 2019) over values from 0 on: counts in bins whose width grows with the value, so that any
 * quantile is off by at most RELATIVE_ERROR of itself. Counts add up: in whatever order and parts values come, the sketch is
 * the same. Written here since @datadog/sketches-js 2.1.1 loses bins where a sketch of values up to 1 is merged into one of
 * smaller values (its `secondKey || key` takes bin 0 for none).
 */
export const RELATIVE_ERROR = 0.01;

const WIDTH = Math.log((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR));
/** Samples are told to the microsecond: what is smaller is 0. */
const SMALLEST = 1e-6;
const FIRST = Math.ceil(Math.log(SMALLEST) / WIDTH) - 1;
/** Instants end at 8.64e12 s, so that no duration is longer. */
const BINS = Math.ceil(Math.log(1e13) / WIDTH) - FIRST + 1;

const binOf = (value: number) => Math.min(BINS - 1, Math.ceil(Math.log(value) / WIDTH) - FIRST);
/** The value that is off by the same share from both ends of its bin. */
const middleOf = (bin: number) => Math.exp((bin + FIRST) * WIDTH) * (1 - RELATIVE_ERROR);

export class Sketch {
  count = 0;
  zeros = 0;
  readonly bins = new Float64Array(BINS);

  add(value: number): void {
    this.count++;
    if (value < SMALLEST) this.zeros++;
    else this.bins[binOf(value)]!++;
  }

  merge({ count, zeros, bins }: Sketch): void {
    this.count += count;
    this.zeros += zeros;
    for (let bin = 0; bin < BINS; bin++) this.bins[bin]! += bins[bin]!;
  }

  /** About the value that has so many smaller ones before it, counted from 0. */
  at(rank: number): number {
    let before = this.zeros;
    if (rank < before) return 0;
    for (let bin = 0; bin < BINS; bin++) {
      before += this.bins[bin]!;
      if (rank < before) return middleOf(bin);
    }
    return middleOf(BINS - 1);
  }
}
