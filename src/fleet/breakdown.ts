/** How many calls have which of several words: end reasons, states, audio issues. */
import { byText } from '../metrics/byText.ts';
import { Basis } from './basis.ts';
import { type Figure, figure } from './figure.ts';

interface Times {
  value: number;
  /** Calls of which no lost event could turn it. */
  sure: number;
}

export class Breakdown {
  readonly basis = new Basis();
  readonly #words = new Map<string, Times>();
  #unsure = 0;

  /** @param sure false where a lost event could turn any of them */
  add(words: readonly string[], sure: boolean, complete: boolean): void {
    this.basis.add(complete);
    if (!sure) this.#unsure++;
    for (const word of words) this.#count(word, 1, sure ? 1 : 0);
  }

  #count(word: string, value: number, sure: number): void {
    const times = this.#words.get(word);
    if (times === undefined) this.#words.set(word, { value, sure });
    else {
      times.value += value;
      times.sure += sure;
    }
  }

  merge(other: Breakdown): void {
    this.basis.merge(other.basis);
    this.#unsure += other.#unsure;
    for (const [word, { value, sure }] of other.#words) this.#count(word, value, sure);
  }

  /** Of one word, seen or not. */
  at(word: string): Figure {
    const { value, sure } = this.#words.get(word) ?? { value: 0, sure: 0 };
    return figure(this.basis, 'n', value, [sure, sure + this.#unsure]);
  }

  get seen(): string[] {
    return [...this.#words.keys()].sort(byText);
  }

  /** By word, those seen: any of them may be that of a call of which it is not sure. */
  shown(): Record<string, Figure> {
    return Object.fromEntries(this.seen.map((word) => [word, this.at(word)]));
  }
}
