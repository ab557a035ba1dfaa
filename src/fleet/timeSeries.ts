/** Figures of summaries over time: for each other group a line of points. */
import { z } from 'zod';
import type { CallSummary, Summaries } from './callSummary.ts';

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
  return found(total, figure) !== undefined;
}

function pointOf(summary: CallSummary, unit: string, figure: string): Point {
  const { key, from, until } = summary.group;
  const { value = null, low = null, high = null, n = 0, complete = null } = found(summary, figure) ?? {};
  return { label: key[unit] ?? '', from: from!, until: until!, value, low, high, n, complete };
}

type Told = Pick<Point, 'value' | 'low' | 'high' | 'n' | 'complete'>;

/** Of a Distribution the last word of the path is one of its leaves. */
export function found(summary: CallSummary, figure: string): Told | undefined {
  const path = figure.split('.');
  const whole = at(summary, path);
  if (isTold(whole) && (whole.value === null || typeof whole.value === 'number')) return whole;
  const leaf = path.pop()!;
  const distribution = at(summary, path);
  if (!isTold(distribution)) return undefined;
  const of = (side: unknown) => (at(side, [leaf]) as number | null | undefined) ?? null;
  const { value, low, high, n, complete } = distribution;
  const isLeaf = Object.hasOwn((low as object | null) ?? {}, leaf);
  return isLeaf ? { value: of(value), low: of(low), high: of(high), n, complete } : undefined;
}

function at(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined,
    node,
  );
}

const isTold = (node: unknown): node is Told & { value: unknown; low: unknown; high: unknown } =>
  typeof node === 'object' && node !== null && 'value' in node && 'n' in node;
