import type { Evidence } from '../metrics/callMetrics.ts';
import { cut } from './cell.ts';

/** What was lost, between which limits it lies, and what stood in for it. */
export function gapText({ subject, sid, missing, resolvedBy, range }: Evidence['gaps'][number]): string {
  return `${cut(missing, 60)} of ${subject} ${cut(sid, 40)}${range ? `: ${between(range)}` : ''}, by ${cut(resolvedBy, 80)}`;
}

/** A question mark where there is no limit. */
export function between(range: readonly [unknown, unknown]): string {
  return range.map((limit) => (limit === null ? '?' : cut(String(limit), 40))).join(' .. ');
}
