/** Which calls a summary is of, and how they are summed up: a query, checked. */
import { z } from 'zod';
import { checked } from './badOption.ts';
import { CALL_FILTER, type CallFilter, type CallSelection, selectionOf } from './callQuery.ts';
import type { FigurePath } from './fleet/callSummary.ts';
import { type SummaryOptions, summaryOptionsSchema } from './fleet/summaryOptions.ts';
import { SUMMARY_FIGURES } from './fleet/summaryRegistry.ts';
import { startedWithin } from './startedWithin.ts';

/** Calls belong to the period in which they started, and `since` and `until` say which that is. */
export type SummaryQuery = CallFilter &
  Omit<SummaryOptions, 'from' | 'until'> & {
    /** Only these are made, which takes less time; all by default. */
    figures?: readonly FigurePath[];
  };

const schema = z.strictObject({
  ...CALL_FILTER,
  ...summaryOptionsSchema.omit({ from: true, until: true }).shape,
  figures: z.array(z.enum(SUMMARY_FIGURES.map(({ path }) => path))).optional(),
});
const FILTERS = Object.keys(CALL_FILTER);

export interface SummarySelection extends CallSelection {
  options: SummaryOptions;
  figures: readonly FigurePath[] | undefined;
  /** Nothing but a period is asked for. */
  all: boolean;
}

/** @throws CallEvaluatorError `bad_option` that names the part of the query */
export function summarySelectionOf(asked: SummaryQuery): SummarySelection {
  const { figures, ...query } = checked(asked, { schema, example: ['room', 'support-*'] });
  const isFilter = ([key]: [string, unknown]) => FILTERS.includes(key);
  const given = Object.entries(asked);
  const selection = selectionOf(Object.fromEntries(given.filter(isFilter)));
  const { from, until } = selection;
  return {
    ...selection,
    figures,
    ...startedWithin(selection),
    all: given.every(
      ([key, value]) => value === undefined || !isFilter([key, value]) || key === 'since' || key === 'until',
    ),
    options: { ...Object.fromEntries(Object.entries(query).filter((one) => !isFilter(one))), from, until },
  };
}
