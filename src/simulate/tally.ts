import type { Ledger } from './courier.ts';
import type { Letter } from './plan.ts';
import { type Answer, OUTCOMES, type Outcome } from './rules.ts';

/** Counts what happens to the webhooks of a run. */
export class Tally implements Ledger {
  /** By status, or by why there is none. */
  readonly answers = new Map<string, number>();
  readonly outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  /** Answer times in ms. */
  readonly times: number[] = [];
  retries = 0;
  /** ms: how far behind its pace the run has been at worst, by its own fault. */
  behind = 0;
  /** By call: which of its webhooks did not arrive. */
  readonly #missing = new Map<number, Set<number>>();

  answered(answer: Answer, tries: number): void {
    const word = answer.status === null ? answer.why : String(answer.status);
    this.answers.set(word, (this.answers.get(word) ?? 0) + 1);
    if (answer.status !== null && answer.took !== null) this.times.push(answer.took);
    if (tries > 1) this.retries++;
  }

  ended({ call, webhook }: Letter, outcome: Outcome): void {
    this.outcomes[outcome]++;
    if (outcome === 'delivered') return;
    const missing = this.#missing.get(call) ?? new Set();
    this.#missing.set(call, missing.add(webhook));
  }

  sentLate(ms: number): void {
    if (ms > this.behind) this.behind = ms;
  }

  /** Whether a call's webhook, counted from 0, is known to the server. */
  arrived(call: number, webhook: number): boolean {
    return !this.#missing.get(call)?.has(webhook);
  }
}
