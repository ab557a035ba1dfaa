/** The most things that went on at one instant: exact, by a sweep over all their ends. */
import { ascending } from './ascending.ts';
import { Basis } from './basis.ts';
import { type Figure, figure } from './figure.ts';

/** Half-open [from, to), epoch ms; ends may be infinite. */
class Spans {
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(from: number, to: number): void {
    if (from >= to) return;
    this.from.push(from);
    this.to.push(to);
  }

  merge({ from, to }: Spans): void {
    for (const instant of from) this.from.push(instant);
    for (const instant of to) this.to.push(instant);
  }
}

export class Concurrency {
  readonly basis = new Basis();
  /** What certainly was when it is said to have been. */
  readonly #sure = new Spans();
  /** The others: as the proofs support best, and when they certainly and possibly were. */
  readonly #told = new Spans();
  readonly #core = new Spans();
  readonly #hull = new Spans();
  /** So many went on at once within one call, whenever that was. */
  #least = 0;
  #withoutLimit = false;

  add(from: number, to: number): void {
    this.#sure.add(from, to);
  }

  addTold(from: number, to: number): void {
    this.#told.add(from, to);
  }
  addCore(from: number, to: number): void {
    this.#core.add(from, to);
  }
  addHull(from: number, to: number): void {
    this.#hull.add(from, to);
  }
  atLeast(number: number): void {
    this.#least = Math.max(this.#least, number);
  }
  withoutLimit(): void {
    this.#withoutLimit = true;
  }

  merge(other: Concurrency): void {
    this.basis.merge(other.basis);
    this.#sure.merge(other.#sure);
    this.#told.merge(other.#told);
    this.#core.merge(other.#core);
    this.#hull.merge(other.#hull);
    this.#least = Math.max(this.#least, other.#least);
    this.#withoutLimit ||= other.#withoutLimit;
  }

  shown(): Figure {
    const { basis } = this;
    const value = peakOf(this.#sure, this.#told);
    const uncertain = this.#told.from.length + this.#core.from.length + this.#hull.from.length + this.#least > 0;
    if (!uncertain && !this.#withoutLimit) return figure(basis, 'n', value, [value, value]);
    const low = Math.max(this.#least, peakOf(this.#sure, this.#core));
    const high = this.#withoutLimit ? Number.POSITIVE_INFINITY : peakOf(this.#sure, this.#hull);
    return figure(basis, 'n', Math.max(low, value), [low, Math.max(low, value, high)]);
  }
}

/** Where one ends in the instant another begins, they were never there together. */
function peakOf(a: Spans, b: Spans): number {
  const begins = ascending(a.from, b.from);
  const ends = ascending(a.to, b.to);
  let peak = 0;
  let ended = 0;
  for (let begun = 0; begun < begins.length; begun++) {
    while (ends[ended]! <= begins[begun]!) ended++;
    if (begun + 1 - ended > peak) peak = begun + 1 - ended;
  }
  return peak;
}
