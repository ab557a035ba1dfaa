/** Few at work at once, some waiting, the rest sent away: what reads many calls holds what it has read in memory. */
import { Problem } from './problem.ts';

export interface GateLimits {
  atWork: number;
  waiting: number;
  /** The longest that one waits, ms. */
  waitMs: number;
}
export const GATE_LIMITS: GateLimits = { atWork: 2, waiting: 16, waitMs: 30_000 };

export class Gate {
  readonly #limits: GateLimits;
  /** In the order in which they came. */
  readonly #waiting = new Set<PromiseWithResolvers<void>>();
  #atWork = 0;

  constructor(limits: GateLimits = GATE_LIMITS) {
    this.#limits = limits;
  }

  /**
   * @param signal of the one who asks: once it is aborted, nothing is waited for any more
   * @throws Problem `busy`; the signal's reason
   */
  async pass<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    if (this.#atWork < this.#limits.atWork) this.#atWork++;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Whoever leaves gives the place on. */
  async #turn(signal: AbortSignal): Promise<void> {
    const { waiting, waitMs } = this.#limits;
    if (this.#waiting.size >= waiting) throw busy(`${waiting} requests of this kind wait already`);
    const turn = Promise.withResolvers<void>();
    const giveUp = (why: unknown) => {
      this.#waiting.delete(turn);
      turn.reject(why);
    };
    const gone = () => giveUp(signal.reason);
    const timer = setTimeout(() => giveUp(busy(`Its turn has not come within ${waitMs / 1000} s`)), waitMs).unref();
    signal.addEventListener('abort', gone);
    this.#waiting.add(turn);
    try {
      await turn.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    }
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#atWork--;
      return;
    }
    this.#waiting.delete(next);
    next.resolve();
  }
}

function busy(why: string): Problem {
  return new Problem('busy', `${why}: ask again later, or for fewer calls.`, {}, { 'retry-after': '10' });
}
