/** What a page of many calls tells: of a period, by a unit of time, and by whatever else was asked. */
import type { Summaries } from '../fleet/callSummary.ts';
import type { PeriodUnit } from '../fleet/period.ts';
import type { Clock } from './instantText.ts';
import { setShare } from './shownNumber.ts';

/** When a page was made, and by what. */
export interface Made {
  at: number;
  /** Of call-evaluator. */
  version: string;
}

export interface PeriodReport {
  /** Epoch ms; undefined: from the first call, to the last. */
  from: number | undefined;
  until: number | undefined;
  clock: Clock;
  unit: PeriodUnit;
  /** By the unit alone. */
  overTime: Summaries;
  /** By what was asked, where that is something else. */
  groups: Summaries | null;
  /** Which calls are meant, beyond the period: an option and its value each. */
  filter: readonly (readonly [name: string, value: string])[];
  /** What was set of how calls are measured. */
  measured: readonly (readonly [name: string, value: string])[];
  made: Made;
}

/** October 2026 */
export function titleOf({ from, until, clock }: Pick<PeriodReport, 'from' | 'until' | 'clock'>): string {
  if (from !== undefined && until !== undefined) return clock.period(from, until);
  if (from !== undefined) return `since ${clock.moment(from)}`;
  return until === undefined ? 'all calls' : `until ${clock.moment(until)}`;
}

const DAY = 86_400_000;

/** As many periods as can be told apart in a chart. */
export function unitFor(ms: number): PeriodUnit {
  if (ms <= 2 * DAY) return 'hour';
  if (ms <= 92 * DAY) return 'day';
  return ms <= 731 * DAY ? 'week' : 'month';
}

/** By which rules the figures were made, in sentences. */
export function rulesOf({ overTime: { definitions }, clock }: PeriodReport): string[] {
  const { serviceLevel, shortAbandon, containment, confidence, relativeError, small } = definitions;
  const early = shortAbandon > 0 ? ` Who gave up within ${shortAbandon} s is in neither.` : '';
  const tags = containment.escalationTags.map((tag) => `“${tag}”`).join(', ');
  return [
    `A call belongs to the period in which it started, by the clocks of ${clock.timeZone}.`,
    `Service level: answered within ${serviceLevel.threshold} s of ${DENOMINATORS[serviceLevel.denominator]}; the target is ${setShare(serviceLevel.target)}.${early}`,
    `Containment: escalated is a call with ${containment.secondHuman ? 'a second human or ' : ''}one of the tags ${tags || '(none)'}${containment.minDuration > 0 ? `; calls of less than ${containment.minDuration} s together are left out` : ''}.`,
    `Percentiles are of the samples of all calls pooled, never averaged; beyond ${definitions.exactUpTo.toLocaleString('en')} samples they are off by at most ${setShare(relativeError)} of themselves. Under ${small} samples they are said to be of few.`,
    `Limits are where the truth lies as far as the calls’ own bounds tell; of a group by end reason, agent or kind, they do not count which calls are in it. Intervals (${setShare(confidence)}) are another thing: what so few calls tell of the rate behind them.`,
  ];
}

const DENOMINATORS = {
  answeredOrAbandonedLate: 'those answered or abandoned after that',
  offered: 'those offered',
  answered: 'those answered',
};
