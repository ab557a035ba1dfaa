/** Figures of summaries over time: for each other group a line of points. */
import { z } from 'zod';
import type { CallSummary, Summaries } from './callSummary.ts';
import { toldAt } from './toldAt.ts';

export const timeSeriesSchema = z.object({
  definitions: z.record(z.string(), z.unknown()).describe('as those of a summary'),
  series: z.array(
    z.object({
      figure: z.string(),
      key: z.record(z.string(), z.string().nullable()).describe('what else calls are grouped by'),
      points: z.array(
        z.object({
          label: z.string(),
          from: z.iso.datetime(),
          until: z.iso.datetime(),
          value: z.number().nullable(),
          low: z.number().nullable().describe('the truth is no less; null: no limit known'),
          high: z.number().nullable().describe('the truth is no more; null: no limit known'),
          n: z.int().describe('calls it rests on'),
          complete: z.number().nullable().describe('share of these with a completeness of 1'),
        }),
      ),
    }),
  ),
});
export type TimeSeries = z.infer<typeof timeSeriesSchema>;
type Point = TimeSeries['series'][number]['points'][number];

/**
 * @param summaries by a unit of time first, and maybe by more
 * @param figures `serviceLevel.rate`, `responseLatency.p95`, `participantMinutes.SIP`: figures of CallSummary, parts of them, leaves
 *   of Distributions
 */
export function timeSeriesOf({ definitions, groups }: Summaries, figures: readonly string[]): TimeSeries {
  const [unit, ...others] = definitions.by;
  const lines = Map.groupBy(groups, ({ group }) => JSON.stringify(others.map((one) => group.key[one])));
  return {
    definitions,
    series: figures.flatMap((figure) =>
      [...lines.values()].map((line) => ({
        figure,
        key: Object.fromEntries(others.map((one) => [one, line[0]!.group.key[one] ?? null])),
        points: line.map((summary) => pointOf(summary, unit!, figure)),
      })),
    ),
  };
}

/** Whether a path leads to a number in summaries: of a map, some of its keys may come in no call. */
export function leadsToNumber(total: CallSummary, figure: string): boolean {
  return toldAt(total, figure) !== undefined;
}

function pointOf(summary: CallSummary, unit: string, figure: string): Point {
  const { key, from, until } = summary.group;
  const { value = null, low = null, high = null, n = 0, complete = null } = toldAt(summary, figure) ?? {};
  return { label: key[unit] ?? '', from: from!, until: until!, value, low, high, n, complete };
}
