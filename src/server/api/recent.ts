/** The last so many numbers of an endless row. */
export class Recent {
  readonly #numbers: Float64Array;
  #count = 0;

  constructor(kept: number) {
    this.#numbers = new Float64Array(kept);
  }

  add(value: number): void {
    this.#numbers[this.#count++ % this.#numbers.length] = value;
  }

  get all(): number[] {
    return [...this.#numbers.subarray(0, this.#count)];
  }
}
