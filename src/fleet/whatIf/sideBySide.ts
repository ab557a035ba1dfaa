/** The numbers of two summaries of the same calls, each beside the other. */
import type { CallSummary, Summaries } from '../callSummary.ts';
import { type Figure, isDistributionFigure, isFigure } from '../figure.ts';
import { SUMMARY_FIGURES } from '../summaryRegistry.ts';

export type Told = Pick<Figure, 'value' | 'low' | 'high'>;

export interface FigureRow {
  /** `serviceLevel.rate`, `responseLatency.p95`, `endReasons.no_answer`. */
  path: string;
  unit: 'n' | 's' | 'share' | 'other';
  before: Told;
  after: Told;
  /** null where one of them has no value. */
  difference: number | null;
  changed: boolean;
}

const NOTHING: Told = { value: null, low: null, high: null };
const PERCENTILES = ['count', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

/** Lists, such as what models used, are left to JSON. @param before, after null: there is no such group */
export function sideBySide(before: CallSummary | null, after: CallSummary | null): FigureRow[] {
  const olds = before ? leavesOf(before) : new Map<string, Told>();
  const news = after ? leavesOf(after) : new Map<string, Told>();
  return [...new Set([...olds.keys(), ...news.keys()])].map((path) => {
    const one = olds.get(path) ?? NOTHING;
    const other = news.get(path) ?? NOTHING;
    return {
      path,
      unit: unitOf(path),
      before: one,
      after: other,
      difference: one.value === null || other.value === null ? null : rounded(other.value - one.value),
      changed: one.value !== other.value || one.low !== other.low || one.high !== other.high,
    };
  });
}

/** The groups of both, each with its other: by end reason or status a call may be in another group, or in one that is new. */
export function groupsOfBoth(before: Summaries, after: Summaries): [CallSummary | null, CallSummary | null][] {
  const id = ({ group }: CallSummary) => JSON.stringify([group.key, group.from]);
  const news = new Map(after.groups.map((group) => [id(group), group]));
  const olds = new Set(before.groups.map(id));
  return [
    ...before.groups.map((group): [CallSummary, CallSummary | null] => [group, news.get(id(group)) ?? null]),
    ...after.groups.filter((group) => !olds.has(id(group))).map((group): [null, CallSummary] => [null, group]),
  ];
}

function leavesOf(summary: CallSummary): Map<string, Told> {
  const leaves = new Map<string, Told>();
  const { group: _, ...figures } = summary;
  for (const [path, node] of Object.entries(figures)) collect(path, node, leaves);
  return leaves;
}

function collect(path: string, node: unknown, leaves: Map<string, Told>): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  if (isFigure(node)) leaves.set(path, node);
  else if (isDistributionFigure(node)) {
    const { value, low, high } = node;
    for (const leaf of PERCENTILES)
      leaves.set(`${path}.${leaf}`, { value: value?.[leaf] ?? null, low: low[leaf], high: high[leaf] });
  } else for (const [key, below] of Object.entries(node)) collect(`${path}.${key}`, below, leaves);
}

function unitOf(path: string): FigureRow['unit'] {
  const [top, below] = path.split('.');
  if (path === 'serviceLevel.rate') return 'share';
  const unit: string = SUMMARY_FIGURES.find((figure) => figure.path === top)?.unit ?? '';
  if (unit === 'Distribution, s') return below === 'count' ? 'n' : 's';
  return unit === 'n' || unit === 's' || unit === 'share' ? unit : unit === 'map' ? 'n' : 'other';
}

/** What subtraction adds in digits. */
const rounded = (difference: number) => Number(difference.toFixed(6));
