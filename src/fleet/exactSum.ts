/** A sum of whole numbers from 0 on that is the same in whatever order they come: a double alone is exact only up to 2^53. */

/** Two of them fit into a double without loss. */
const LIMB = 2 ** 51;

export class ExactSum {
  /** Sum = limbs × 2^51 + rest, with the rest below 2^51: there is but one way to write a sum. */
  limbs = 0;
  rest = 0;

  add(whole: number): void {
    let rest = this.rest + (whole < LIMB ? whole : this.#carry(whole));
    if (rest >= LIMB) {
      rest -= LIMB;
      this.limbs++;
    }
    this.rest = rest;
  }

  #carry(whole: number): number {
    const limbs = Math.floor(whole / LIMB);
    this.limbs += limbs;
    return whole - limbs * LIMB;
  }

  merge({ limbs, rest }: ExactSum): void {
    this.limbs += limbs;
    this.add(rest);
  }

  get value(): number {
    return this.limbs * LIMB + this.rest;
  }
}
