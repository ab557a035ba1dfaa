/** One of a kind for each word. */
import { byText } from '../metrics/byText.ts';
import type { Gathered } from './summaryFigure.ts';

export class ByKey<State extends Gathered<State>> implements Gathered<ByKey<State>> {
  readonly #begin: () => State;
  readonly #states = new Map<string, State>();

  constructor(begin: () => State) {
    this.#begin = begin;
  }

  at(key: string): State {
    let state = this.#states.get(key);
    if (state === undefined) {
      state = this.#begin();
      this.#states.set(key, state);
    }
    return state;
  }

  merge(other: ByKey<State>): void {
    for (const [key, state] of other.#states) this.at(key).merge(state);
  }

  get ordered(): [key: string, state: State][] {
    return [...this.#states].sort(([a], [b]) => byText(a, b));
  }

  shown<Shown>(show: (state: State) => Shown): Record<string, Shown> {
    return Object.fromEntries(this.ordered.map(([key, state]) => [key, show(state)]));
  }
}
