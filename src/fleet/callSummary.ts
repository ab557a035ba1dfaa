/** The shape of summaries: their TypeScript type and their schema, both made from the registry. */
import { z } from 'zod';
import { REASONS } from './basis.ts';
import { CONFIDENCE } from './confidence.ts';
import { RELATIVE_ERROR } from './sketch.ts';
import { SMALL } from './spread.ts';
import type { SummaryText } from './summaryFigure.ts';
import { type SummarySettings, summaryOptionsSchema } from './summaryOptions.ts';
import { SUMMARY_FIGURES } from './summaryRegistry.ts';

type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Shown<F> = F extends { path: infer Path extends string; shown(...of: never[]): infer Value }
  ? { [key in Path]: Value }
  : never;

/** Which calls a summary is of. */
export interface GroupKey {
  /** By what calls are grouped: a label of time, a word, or null where calls have none. Of all calls: empty. */
  key: Record<string, string | null>;
  /** ISO 8601: where the group is a period, or the whole has one. */
  from: string | null;
  until: string | null;
}
type AllFigures = Together<Shown<(typeof SUMMARY_FIGURES)[number]>>;
export type FigurePath = keyof AllFigures;
export type CallSummary<Path extends FigurePath = FigurePath> = { group: GroupKey } & Pick<AllFigures, Path>;

/** @typeParam Path the figures that were asked for */
export interface Summaries<Path extends FigurePath = FigurePath> {
  /** What was set, what was not at its default; and what holds for all figures. */
  definitions: SummarySettings & { confidence: number; relativeError: number; small: number };
  /** By time, then by word. */
  groups: CallSummary<Path>[];
  /** Calls of the groups beyond `maxGroups`; null: there are none. */
  others: CallSummary<Path> | null;
  total: CallSummary<Path>;
}

const groupSchema = z.object({
  key: z.record(z.string(), z.string().nullable()),
  from: z.iso.datetime({ precision: 3 }).nullable(),
  until: z.iso.datetime({ precision: 3 }).nullable(),
});

export const SUMMARIES_CONSTANTS = { confidence: CONFIDENCE, relativeError: RELATIVE_ERROR, small: SMALL };

/** The zod schema of Summaries. */
export function summariesSchema(): z.ZodType {
  const shape = (SUMMARY_FIGURES as readonly SummaryText[]).map(
    ({ path, unit, formula, nullWhen, schema }) =>
      [path, schema.describe(`[${unit}] ${formula}${nullWhen === 'never' ? '' : ` Null: ${nullWhen}.`}`)] as const,
  );
  const callSummary = z.object({ group: groupSchema, ...Object.fromEntries(shape) });
  const why = Object.entries(REASONS).map(([reason, said]) => `${reason}: ${said}`);
  return z.object({
    definitions: summaryOptionsSchema.extend({
      confidence: z.number(),
      relativeError: z.number(),
      small: z.int().describe('samples'),
    }),
    groups: z.array(callSummary),
    others: callSummary
      .nullable()
      .describe('calls of the groups beyond maxGroups, in each that it is of; null: there are none'),
    total: callSummary.describe(`Reasons for which calls are left out of figures. ${why.join('; ')}`),
  });
}
