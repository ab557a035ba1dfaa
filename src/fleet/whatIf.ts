/**
 * The same calls summed up twice: by the options that hold, and by others. Which single values of which calls are others is
 * counted and listed. Calls may come in any order: the answer is the same.
 */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import type { Summaries } from './callSummary.ts';
import { contactOf } from './contact.ts';
import type { CallFigures } from './figures.ts';
import { Summarizer } from './summary.ts';
import type { SummaryOptions } from './summaryOptions.ts';
import { type CallChange, ChangeList, type PathChanges } from './whatIf/changeList.ts';
import { contactChanges, metricChanges } from './whatIf/changes.ts';

/** What was set, beside what holds otherwise. */
export interface WhatIfSetting {
  option: string;
  before: unknown;
  after: unknown;
}

export interface WhatIf {
  set: WhatIfSetting[];
  /** Calls that were measured again from their events; 0 where nothing was set of how calls are measured. */
  measured: number;
  before: Summaries;
  after: Summaries;
  /**
   * Values of calls that are others, by the calls' start: of each path the first hundred. Beside those of CallMetrics, how a call
   * counts in `serviceLevel.rate` and other figures: true, counted; false, of those it is a share of; null, neither.
   */
  changed: CallChange[];
  /** All of them, counted: calls with any, values, and by path, `*` for what differs from call to call. */
  changes: { calls: number; values: number; byPath: PathChanges[] };
}

/** The walk that finds calls goes a little beyond the period in which they start. */
export const isWithin = (startedAt: number, { from, until }: Pick<SummaryOptions, 'from' | 'until'>): boolean =>
  (from === undefined || startedAt >= from) && (until === undefined || startedAt < until);

/** A call by either options. Its metrics, where they were measured again. */
export interface MeasuredTwice {
  before: CallFigures;
  after: CallFigures;
  metrics?: { before: CallMetrics; after: CallMetrics };
}

export class WhatIfTally {
  readonly #before: Summarizer;
  readonly #after: Summarizer;
  readonly #changes = new ChangeList();
  #measured = 0;

  constructor(before: SummaryOptions, after: SummaryOptions) {
    this.#before = new Summarizer(before);
    this.#after = new Summarizer(after);
  }

  add({ before, after, metrics }: MeasuredTwice): void {
    const { settings } = this.#before;
    if (!isWithin(before.startedAt, settings)) return;
    if (metrics) this.#measured++;
    this.#before.add(before);
    this.#after.add(after);
    const counts = contactChanges(contactOf(before, settings), contactOf(after, this.#after.settings));
    const values = metrics ? metricChanges(metrics.before, metrics.after) : [];
    this.#changes.add(before.roomSid, before.startedAt, [...values, ...counts]);
  }

  result(set: WhatIfSetting[]): WhatIf {
    return {
      set,
      measured: this.#measured,
      before: this.#before.result(),
      after: this.#after.result(),
      changed: this.#changes.listed,
      changes: this.#changes.counted,
    };
  }
}
