import type { Assessment } from './assess.ts';
import type { Outcome } from './rules.ts';
import type { Simulation } from './simulation.ts';

/** What a run says of itself in the end. */
export interface SimulationReport {
  /** With the same options it makes the same calls. */
  seed: number;
  calls: number;
  webhooks: number;
  seconds: number;
  webhooksPerSecond: number;
  /** How far behind its pace the run was at worst: above a second, this machine could not send so many. */
  secondsBehind: number;
  /** Tries of webhooks, also those that the fake network swallowed. */
  requests: number;
  retries: number;
  /** Requests by the status that was answered, or by why there was none. */
  answers: Record<string, number>;
  /** Webhooks by what became of them. */
  outcomes: Record<Outcome, number>;
  /** Null where there was no answer. */
  answerMs: { p50: number; p99: number; max: number } | null;
  /** Null where nobody was asked. */
  truth: Assessment | null;
}

export function reportOn({ plan, tally, seconds }: Simulation, truth: Assessment | null): SimulationReport {
  const answers = [...tally.answers].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    seed: plan.seed,
    calls: plan.calls.length,
    webhooks: plan.webhooks,
    seconds: rounded(seconds),
    webhooksPerSecond: rounded(plan.webhooks / seconds),
    secondsBehind: rounded(tally.behind / 1000),
    requests: answers.reduce((sum, [, count]) => sum + count, 0),
    retries: tally.retries,
    answers: Object.fromEntries(answers),
    outcomes: tally.outcomes,
    answerMs: percentiles(tally.times),
    truth,
  };
}

function percentiles(times: readonly number[]): SimulationReport['answerMs'] {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times).sort();
  const at = (share: number) => rounded(sorted[Math.ceil(share * sorted.length) - 1]!);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
