/** What is to be compared: two choices of calls, which figures, and what a candidate has to keep; a query, checked. */
import { z } from 'zod';
import { instant, shown } from './arguments.ts';
import { checked, near, wrongOption } from './badOption.ts';
import { CALL_FILTER, type CallFilter } from './callQuery.ts';
import { CallEvaluatorError } from './errors.ts';
import { type Budget, LIMITS } from './fleet/compare/budget.ts';
import { COMPARABLES, comparableAt } from './fleet/compare/comparable.ts';
import { type CompareOptions, isComparable } from './fleet/compare.ts';
import { type SummaryOptions, summaryOptionsSchema } from './fleet/summaryOptions.ts';
import { type SummarySelection, summarySelectionOf } from './summaryQuery.ts';

/** What stands beside `baseline` and `candidate` holds for both: calls are not grouped. */
export interface CompareQuery
  extends CallFilter,
    Pick<SummaryOptions, 'serviceLevel' | 'shortAbandon' | 'containment' | 'exactUpTo'> {
  /** Which calls, beside what is said of both. */
  baseline?: CallFilter;
  candidate?: CallFilter;
  /** Paths of figures, such as responseLatency.p95, or patterns such as `joinLatency.*`; by default the main ones. */
  figures?: readonly string[];
  /** By path of a figure: `{ 'responseLatency.p95': { max: 1.5, maxIncrease: 0.2 } }`. */
  budget?: Budget;
}

export interface ComparePlan {
  baseline: SidePlan;
  candidate: SidePlan;
  options: CompareOptions;
}

interface SidePlan {
  selection: SummarySelection;
  /** As JSON has it. */
  asked: Record<string, unknown>;
}

/** What the values may be, others say. */
const anything = z.unknown().optional();
const { serviceLevel, shortAbandon, containment, exactUpTo } = summaryOptionsSchema.shape;
const SUMMARY = { serviceLevel, shortAbandon, containment, exactUpTo };
const OWN = { baseline: anything, candidate: anything, figures: anything, budget: anything };
const names = [...Object.keys(CALL_FILTER), ...Object.keys(SUMMARY), ...Object.keys(OWN)];
const schema = z.strictObject(Object.fromEntries(names.map((name) => [name, anything])));
const sideSchema = z.strictObject(CALL_FILTER);

/** @throws CallEvaluatorError `bad_option` that names the part of the query */
export function comparePlan(query: CompareQuery): ComparePlan {
  checked(query, { schema, example: ['baseline', 'agent'] });
  const { baseline = {}, candidate = {}, figures, budget, ...common } = query;
  return {
    baseline: sidePlan(common, baseline),
    candidate: sidePlan(common, candidate),
    options: {
      ...(figures !== undefined && { figures: figuresAsked(figures) }),
      ...(budget !== undefined && { budget: budgetAsked(budget) }),
    },
  };
}

function sidePlan(common: CompareQuery, side: CallFilter): SidePlan {
  checked(side, { schema: sideSchema, example: ['agent', 'nova-1'] });
  const metadata = { ...common.metadata, ...side.metadata };
  const query = { ...given(common), ...given(side), ...(Object.keys(metadata).length > 0 && { metadata }) };
  const selection = summarySelectionOf(query);
  const filter = Object.entries(query).filter(([name]) => Object.hasOwn(CALL_FILTER, name));
  return { selection, asked: Object.fromEntries(filter.map(([name, value]) => [name, told(name, value)])) };
}

const given = (query: object) => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

/** Instants as ISO 8601. */
function told(name: string, value: unknown): unknown {
  return name === 'since' || name === 'until' ? new Date(instant(value as Date)!).toISOString() : value;
}

function figuresAsked(figures: unknown): readonly string[] {
  const isList = Array.isArray(figures) && figures.every((figure) => typeof figure === 'string');
  if (!isList || figures.length === 0) throw wrongOption(['figures'], shown(figures));
  for (const figure of figures) if (!isComparable(figure)) throw noFigure('figures', figure);
  return figures;
}

/** @throws CallEvaluatorError `bad_option` that names the figure or the limit, and the nearest right one */
export function budgetAsked(budget: unknown): Budget {
  if (!isRecord(budget) || Object.keys(budget).length === 0)
    throw refused('budget', `it takes limits by figure, such as ${EXAMPLE}; found ${shown(budget)}.`);
  for (const [figure, limits] of Object.entries(budget)) {
    if (comparableAt(figure) === undefined) throw noFigure('budget', figure);
    if (!isRecord(limits) || Object.keys(limits).length === 0)
      throw refused('budget', `${figure} takes limits, such as { max: 1.5 }; found ${shown(limits)}.`);
    for (const [limit, value] of Object.entries(limits)) assertLimit(figure, limit, value);
  }
  return budget as Budget;
}
const EXAMPLE = "{ 'responseLatency.p95': { max: 1.5 } }";

function assertLimit(figure: string, limit: string, value: unknown): void {
  if (!(LIMITS as readonly string[]).includes(limit))
    throw refused('budget', `${figure} has no limit ${shown(limit)}. ${meant(limit, LIMITS)}`);
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw refused('budget', `${figure}: ${limit} is a number from 0 on; found ${shown(value)}.`);
}

const FIGURES = COMPARABLES.map(({ path }) => path);

function noFigure(option: string, figure: string): CallEvaluatorError {
  return refused(option, `there is no figure ${shown(figure)} to compare. ${meant(figure, FIGURES)}`);
}

function meant(word: string, known: readonly string[]): string {
  const nearest = near(word, known);
  return nearest ? `Did you mean ${nearest}?` : `There are ${known.join(', ')}.`;
}

const refused = (option: string, why: string) => new CallEvaluatorError('bad_option', `${option}: ${why}`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]';
