/** What the numbers of a page mean, from the registries: every page that shows a number shows its definition, too. */
import { REASONS, type Reason } from '../fleet/basis.ts';
import type { FigurePath } from '../fleet/callSummary.ts';
import { SUMMARY_FIGURES } from '../fleet/summaryRegistry.ts';
import { evidenceSchema } from '../metrics/callMetrics.ts';
import type { Metric } from '../metrics/metric.ts';
import { descriptionOf, lies, pathsBelow, unitOf } from '../metrics/paths.ts';
import { METRICS } from '../metrics/registry.ts';
import { inWords } from './inWords.ts';

export interface Definition {
  /** Unique on a page: of a figure of many calls, or of a metric of one. */
  id: string;
  path: string;
  title: string;
  unit: string;
  formula: string;
  nullWhen: string;
  source: string;
}

const ALL: readonly Metric[] = METRICS;

/** Of figures of summaries, in the registry's order; then of the metrics of single calls that they speak of. */
export function figureDefinitions(shown: Iterable<FigurePath>): Definition[] {
  const paths = new Set<string>(shown);
  const figures = SUMMARY_FIGURES.filter(({ path }) => paths.has(path)).map(
    ({ path, unit, formula, nullWhen, source }): Definition => ({
      ...{ id: `figure-${path}`, path, title: inWords(path) },
      ...{ unit: unitInWords(unit), formula, nullWhen, source },
    }),
  );
  const text = figures.map(({ formula }) => formula).join(' ');
  return [...figures, ...metricDefinitions(ALL.filter(({ path }) => isNamedIn(text, path)).map(({ path }) => path))];
}

/** `calls` is a word like others; `callDuration` and `agent.joinLatency` are names. */
const isName = (path: string) => /[.A-Z]/.test(path);
function isNamedIn(text: string, path: string): boolean {
  return isName(path) && new RegExp(`(?<![\\w.])${path.replaceAll('.', '\\.')}(?![\\w]|\\.\\w)`).test(text);
}

/** Of metrics of a call and of parts of them, each once, in the registry's order. */
export function metricDefinitions(shown: Iterable<string>): Definition[] {
  const found = new Map<string, Definition>();
  for (const path of shown) {
    const definition = definitionOf(path);
    if (definition) found.set(definition.id, definition);
  }
  return [...found.values()].sort((a, b) => placeOf(a.path) - placeOf(b.path));
}

const placeOf = (path: string) => {
  const place = ALL.findIndex((metric) => lies(path, metric.path));
  return place < 0 ? ALL.length : place;
};

/** Of a value of a call: of the smallest part of a metric that has a description and holds it. null: of the user's own. */
export function definitionOf(path: string): Definition | null {
  const metric = ALL.find((one) => lies(path, one.path));
  if (metric === undefined) return evidenceDefinition(path);
  const { nullWhen, source } = metric;
  const whole = { path: metric.path, unit: metric.unit, formula: metric.formula, nullWhen };
  let own = whole;
  for (const { path: part, schema } of pathsBelow(metric.path, metric.schema)) {
    const description = part === metric.path ? undefined : descriptionOf(schema);
    if (description !== undefined && lies(path, part))
      own = { path: part, unit: unitOf(schema), formula: description, nullWhen: '' };
  }
  // a part's null has its own words in its description
  const when = own === whole ? nullWhen : nullWhen === 'never' ? '' : `${nullWhen}, and as it says`;
  return {
    ...own,
    unit: unitInWords(own.unit),
    id: `call-${own.path}`,
    title: titleOf(own.path),
    nullWhen: when,
    source,
  };
}

/** `participants.unique`: Participants: unique. */
function titleOf(path: string): string {
  const [first, ...rest] = path.split('.').map(inWords);
  return [first, ...rest.map((word) => word.toLowerCase())].join(': ');
}

const EVIDENCE = 'evidence.';

function evidenceDefinition(path: string): Definition | null {
  const key = path.startsWith(EVIDENCE) ? path.slice(EVIDENCE.length) : '';
  if (!Object.hasOwn(evidenceSchema.shape, key)) return null;
  const formula = evidenceSchema.shape[key as keyof typeof evidenceSchema.shape].description;
  if (formula === undefined) return null;
  const unit = key === 'completeness' ? 'share' : key === 'resolution' ? 's' : 'map';
  const text = { unit, formula: `${formula}.`, nullWhen: 'never', source: 'our own definition' };
  return { id: `call-${path}`, path, title: inWords(key), ...text };
}

/** The registries' short words. */
const UNITS: Record<string, string> = {
  n: 'count',
  s: 'seconds',
  share: 'share',
  score: '0 to 100',
  flag: 'yes or no',
  map: 'counts by word',
  'map, min': 'minutes by kind',
  'map, money': 'money by currency',
  'Distribution, s': 'distribution, seconds',
  'Distributions, s': 'distributions, seconds',
};
const unitInWords = (unit: string) => UNITS[unit] ?? unit;

/** Why calls are in none of a figure: 12 still on, 3 … */
export function leftOutText(leftOut: Partial<Record<Reason, number>>): string {
  return Object.entries(leftOut)
    .map(([reason, calls]) => `${calls.toLocaleString('en')} ${inWords(reason).toLowerCase()}`)
    .join(', ');
}

/** What the words of `leftOutText` mean, of those that come in these. */
export function reasonsIn(those: Iterable<Partial<Record<Reason, number>>>): [word: string, meaning: string][] {
  const seen = new Set(Iterator.from(those).flatMap((leftOut) => Object.keys(leftOut)));
  return Object.entries(REASONS)
    .filter(([reason]) => seen.has(reason))
    .map(([reason, meaning]) => [inWords(reason), meaning]);
}
