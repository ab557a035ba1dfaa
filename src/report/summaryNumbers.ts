/** Every number of a summary by its path, with its unit, its limits and the calls that it rests on. */
import type { Trust } from '../fleet/basis.ts';
import type { CallSummary, FigurePath } from '../fleet/callSummary.ts';
import { type DistributionFigure, type Figure, isDistributionFigure, isFigure, type Rate } from '../fleet/figure.ts';
import { SUMMARY_FIGURES } from '../fleet/summaryRegistry.ts';
import type { Limits, ShownUnit } from './shownNumber.ts';

export interface SummaryNumber extends Limits, Trust {
  /** `serviceLevel.rate`, `responseLatency.p95`, `endReasons.human_hangup` */
  path: string;
  /** The figure of the registry that defines it. */
  figure: FigurePath;
  unit: ShownUnit;
  /** Of money. */
  currency?: string;
  /** Wilson's 95 % interval of a rate, the sign test's of a median. */
  interval: readonly [number, number] | null;
  /** Of so few samples that the next one may change it much. */
  few: boolean;
}

export function numbersOf(summary: CallSummary): SummaryNumber[] {
  return SUMMARY_FIGURES.flatMap(({ path, unit }) => below(summary[path], { figure: path, path, unit }));
}

interface Where {
  figure: FigurePath;
  path: string;
  /** The registry's word for it. */
  unit: string;
}

function below(node: unknown, where: Where): SummaryNumber[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('models' in node) return usageOf(node as CallSummary['usage'], where);
  if (isDistributionFigure(node)) return leavesOf(node, where);
  if (isFigure(node)) return [numberOf(node, where)];
  return Object.entries(node).flatMap(([key, child]) => below(child, { ...where, path: `${where.path}.${key}` }));
}

function numberOf({ value, low, high, n, complete, leftOut, ...more }: Figure, { figure, path, unit }: Where) {
  const shown = unitOf(unit);
  const number: SummaryNumber = { path, figure, unit: shown, value, low, high, n, complete, leftOut, ...NO_DOUBT };
  if (shown === 'money') number.currency = path.slice(figure.length + 1);
  number.interval = (more as Partial<Rate>).interval ?? null;
  return number;
}

const NO_DOUBT = { interval: null, few: false };
const LEAVES = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

function leavesOf({ value, low, high, n, complete, leftOut }: DistributionFigure, { figure, path }: Where) {
  return LEAVES.map(
    (leaf): SummaryNumber => ({
      path: `${path}.${leaf}`,
      figure,
      unit: leaf === 'count' ? 'n' : 's',
      value: value?.[leaf] ?? null,
      low: low[leaf],
      high: high[leaf],
      n,
      complete,
      leftOut,
      interval: leaf === 'p50' ? (value?.medianInterval ?? null) : null,
      few: leaf.startsWith('p') && value !== null && (value.small || (value.thin as string[]).includes(leaf)),
    }),
  );
}

const AMOUNTS = {
  inputTokens: 'n',
  cachedInputTokens: 'n',
  outputTokens: 'n',
  audioSeconds: 's',
  characters: 'n',
  requests: 'n',
  cost: 'money',
} as const satisfies Record<string, ShownUnit>;

/** What was not told has no limits, and nobody knows how much that is. */
function usageOf({ models, n, complete, leftOut }: CallSummary['usage'], { figure, path }: Where): SummaryNumber[] {
  return models.flatMap((model) =>
    Object.entries(AMOUNTS).flatMap(([amount, unit]): SummaryNumber[] => {
      const value = model[amount as keyof typeof AMOUNTS];
      if (value === null) return [];
      const name = [model.kind, model.provider, model.model].filter((word) => word !== null).join('/');
      const limits = { value, low: value, high: null };
      const trust = { n, complete, leftOut, ...NO_DOUBT };
      const money = unit === 'money' && { currency: model.currency ?? '' };
      return [{ path: `${path}.${name}.${amount}`, figure, unit, ...limits, ...trust, ...money }];
    }),
  );
}

/** The units of the registry: a map's is that of what is in it. */
function unitOf(unit: string): ShownUnit {
  const last = unit.replace(/^.*, /, '');
  if (last === 'map') return 'n';
  return last === 'object' ? 'share' : (last as ShownUnit);
}
