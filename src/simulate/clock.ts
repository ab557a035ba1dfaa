import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { Heap } from './heap.ts';

/** Time, for those who wait: ms since some beginning. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** From now on. */
export function wallClock(): Clock {
  const began = performance.now();
  return {
    now: () => performance.now() - began,
    sleep: async (ms) => {
      await (ms > 0 ? wait(ms) : turn());
    },
  };
}

interface Sleeper {
  at: number;
  /** Who went to sleep first is woken first. */
  turn: number;
  wake: () => void;
}

/** A clock that goes on when all sleep: hours pass at once, and always in the same order. */
export class DreamClock implements Clock {
  #now = 0;
  #turns = 0;
  readonly #sleepers = new Heap<Sleeper>(
    (one, other) => one.at < other.at || (one.at === other.at && one.turn < other.turn),
  );

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.add({ at: this.#now + ms, turn: this.#turns++, wake });
    });
  }

  /** Lets time pass until the work is done. It may wait for nothing but this clock. */
  async during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    for (;;) {
      await turn(); // all that can be done without time passing is done then
      const next = done ? undefined : this.#sleepers.take();
      if (next === undefined) break;
      this.#now = next.at;
      next.wake();
    }
    return work;
  }
}
