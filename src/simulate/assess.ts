import type { CallMetrics } from '../metrics/callMetrics.ts';
import type { Verdict } from '../metrics/verdict.ts';
import { webhooksOf } from './emit.ts';
import { type Finding, findingOn, JUDGED_PATHS, type JudgedValue } from './finding.ts';
import { callOf } from './plan.ts';
import type { Simulation } from './simulation.ts';

/** What the server under test says of a call; null: it does not know it. */
export type AskMetrics = (roomSid: string) => Promise<CallMetrics | null>;

/** How far a server's numbers are off, over many calls. */
export interface Assessment {
  calls: Record<Finding['of'], number>;
  metrics: ({ path: string; meanAbsoluteError: number | null } & Record<Verdict, number>)[];
  /** The first of the values that are wrong without saying so: defects of the server. */
  outside: JudgedValue[];
  /** The first of the calls that it should know. */
  unknown: string[];
}

const ASKED_AT_ONCE = 8;

/** Compares what a server says of every call of a run with what really happened. */
export async function assess({ plan, begin, tally }: Simulation, ask: AskMetrics): Promise<Assessment> {
  const findings = new Findings();
  const waiting = plan.calls.keys();
  const work = async () => {
    for (const index of waiting) {
      const call = callOf(plan, index, begin);
      const emitted = webhooksOf(call);
      const left = emitted.filter((_, webhook) => tally.arrived(index, webhook));
      findings.add(findingOn(call, emitted, left, left.length > 0 ? await ask(call.room.sid) : null));
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, work));
  return findings.summed();
}

const LISTED = 20;

class Findings {
  readonly #calls: Assessment['calls'] = { judged: 0, stillOpen: 0, untold: 0, unheard: 0, unknown: 0 };
  readonly #metrics = new Map(JUDGED_PATHS.map((path) => [path as string, new Errors()]));
  readonly #outside: JudgedValue[] = [];
  readonly #unknown: string[] = [];

  add(finding: Finding): void {
    this.#calls[finding.of]++;
    if (finding.of === 'unknown' && this.#unknown.length < LISTED) this.#unknown.push(finding.roomSid);
    if (finding.of !== 'judged') return;
    for (const value of finding.values) {
      this.#metrics.get(value.path)!.add(value);
      if (value.verdict === 'outside' && this.#outside.length < LISTED) this.#outside.push(value);
    }
  }

  summed(): Assessment {
    const metrics = [...this.#metrics].map(([path, errors]) => ({ path, ...errors.summed() }));
    return { calls: this.#calls, metrics, outside: this.#outside, unknown: this.#unknown };
  }
}

/** Of one metric. */
class Errors {
  readonly #verdicts: Record<Verdict, number> = { exact: 0, withinBounds: 0, outside: 0 };
  #measured = 0;
  #sum = 0;

  add({ verdict, found, truth }: JudgedValue): void {
    this.#verdicts[verdict]++;
    if (typeof found !== 'number' || typeof truth !== 'number') return;
    this.#measured++;
    this.#sum += Math.abs(found - truth);
  }

  summed() {
    const mean = this.#measured === 0 ? null : this.#sum / this.#measured;
    return { ...this.#verdicts, meanAbsoluteError: mean === null ? null : Math.round(mean * 1000) / 1000 };
  }
}
