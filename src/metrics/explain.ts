/** Why a value is what it is: its definition, the events that decided it, and what was missing. */
import { z } from 'zod';
import type { Boundary } from '../call/boundary.ts';
import type { Call } from '../call/call.ts';
import { resolve } from '../call/resolve.ts';
import { byText } from './byText.ts';
import type { CallMetrics, Evidence } from './callMetrics.ts';
import { shownGap } from './evidence.ts';
import type { CustomMetric, Measuring } from './measure.ts';
import type { Metric } from './metric.ts';
import { type Astray, descriptionOf, follow, lies, type Place, pathsBelow, unitOf } from './paths.ts';
import { METRICS } from './registry.ts';
import { iso } from './round.ts';
import { Scene } from './scene.ts';
import { assertPath, unknownPath } from './unknownPath.ts';

export interface Explanation {
  path: string;
  /** null where it cannot be known, or this call has none: `nullWhen` says when. */
  value: unknown;
  /** The metric that the value is or belongs to: `needs`, `source` and `events` are those of it. null for a group of metrics. */
  metric: string | null;
  unit: string;
  formula: string;
  nullWhen: string;
  source: string;
  /** Event types without which it is inferred or unknown. */
  needs: readonly string[];
  /** The limits between which the truth lies, where the value rests on an inference. */
  bounds: Evidence['bounds'][string] | null;
  /** A lost event could turn it. */
  uncertain: boolean;
  /** How many events decided it. */
  eventCount: number;
  /** These events, the first hundred of them. */
  events: { id: string; at: string; tells: 'start' | 'end' | 'telemetry' }[];
  /** How many boundaries that it rests on were lost. */
  missingCount: number;
  /** What was missing, and what stood in for it; the first hundred. */
  missing: Evidence['gaps'];
}

/** An explanation is for people: a call of thousands has thousands of events. */
const SHOWN = 100;

type Definition = Pick<Explanation, 'metric' | 'unit' | 'formula' | 'nullWhen' | 'source' | 'needs'>;

/** Every path that explain() knows, with its unit; `*` stands for what differs from call to call. */
export function knownPaths(all: readonly Metric[] = METRICS): { path: string; unit: string }[] {
  return all.flatMap((metric) =>
    [...pathsBelow(metric.path, metric.schema)].map(({ path, schema }) => ({
      path,
      unit: path === metric.path ? metric.unit : unitOf(schema),
    })),
  );
}

/**
 * @param path of a metric (`callDuration`), of a part of one (`endReason.class`,
 *   `participants.list[identity=ana].presentSeconds`), of a group (`agent`), or of a metric of the user's own (`custom.csat`)
 * @throws CallEvaluatorError `unknown_path`, naming what was meant or what there is
 */
export function explain(call: Call, metrics: CallMetrics, path: string, now: number, options: Measuring): Explanation {
  assertPath(path);
  const all: readonly Metric[] = [...METRICS, ...options.custom.map(asMetric)];
  const { parts, definition, place } = find(metrics, path, all);
  const scene = new Scene(resolve(call, now, options), options);
  const boundaries = decidedBy(scene, parts, place.identity);
  const events = [...eventsOf(boundaries), ...uploadsOf(scene, parts)];
  const missing = missingOf(scene, metrics, parts, boundaries);
  const { bounds, uncertain } = metrics.evidence;
  return {
    path,
    value: place.value,
    ...definition,
    bounds: bounds[place.path] ?? null,
    uncertain: uncertain.some((said) => lies(said, place.path) || lies(place.path, said)),
    eventCount: events.length,
    events: events.slice(0, SHOWN),
    missingCount: missing.length,
    missing: missing.slice(0, SHOWN),
  };
}

interface Found {
  /** The metric, or those of the group. */
  parts: readonly Metric[];
  definition: Definition;
  place: Place;
}

function find(metrics: CallMetrics, path: string, all: readonly Metric[]): Found {
  const metric = all.find((known) => lies(path, known.path));
  if (metric === undefined) {
    const parts = path === '' ? [] : all.filter((known) => lies(known.path, path));
    if (parts.length === 0) throw unknownPath(path, pathsOf(all), null);
    return { parts, definition: groupOf(parts), place: plainPlace(metrics, path, z.unknown()) };
  }
  const place = follow(plainPlace(metrics, metric.path, metric.schema), path.slice(metric.path.length));
  if (isAstray(place)) throw unknownPath(path, pathsOf(all), place);
  return { parts: [metric], definition: path === metric.path ? definitionOf(metric) : partOf(metric, place), place };
}

const isAstray = (found: Place | Astray): found is Astray => 'at' in found;
const pathsOf = (all: readonly Metric[]) => knownPaths(all).map(({ path }) => path);

/** A metric's or a group's own place: no list lies on the way. */
function plainPlace(metrics: CallMetrics, path: string, schema: z.ZodType): Place {
  const value = path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | null | undefined)?.[key], metrics);
  return { path, value: value ?? null, schema, optional: false, identity: null };
}

function asMetric({ id, unit, description }: CustomMetric): Metric {
  return {
    path: `custom.${id}`,
    unit,
    formula: description,
    nullWhen: 'its compute gives null, or throws',
    needs: [],
    source: 'your own',
    schema: z.unknown(),
    compute: () => null,
  };
}

function definitionOf({ path, unit, formula, nullWhen, source, needs }: Metric): Definition {
  return { metric: path, unit, formula, nullWhen, source, needs };
}

/** Its own words where the schema has some; else those of the metric, which are said to be that. */
function partOf(metric: Metric, { schema, optional }: Place): Definition {
  const absent = optional ? ['there is none, or no event told it'] : [];
  const nullWhen = [...(metric.nullWhen === 'never' ? [] : [metric.nullWhen]), ...absent].join('; ');
  return {
    ...definitionOf(metric),
    unit: unitOf(schema),
    formula: descriptionOf(schema) ?? `Part of ${metric.path}: ${metric.formula}`,
    nullWhen: nullWhen || 'never',
  };
}

function groupOf(parts: readonly Metric[]): Definition {
  return {
    metric: null,
    unit: 'object',
    formula: `The group of ${parts.map(({ path }) => path).join(', ')}.`,
    nullWhen: 'never',
    source: [...new Set(parts.map(({ source }) => source))].join('; '),
    needs: [...new Set(parts.flatMap(({ needs }) => needs))],
  };
}

type Decided = readonly [Boundary, 'start' | 'end'];

/** The ends of the metrics' spans; of one person's alone, where the path names one. */
function decidedBy(scene: Scene, parts: readonly Metric[], identity: string | null): Decided[] {
  const own =
    identity === null
      ? null
      : new Set(
          scene.resolved.sessions
            .filter(({ person }) => person.identity === identity)
            .flatMap(({ span, tracks }) => [span, ...tracks.map((track) => track.span)]),
        );
  return parts
    .flatMap((metric) => [...(metric.spans?.(scene) ?? [])])
    .filter((span) => own === null || own.has(span))
    .flatMap((span) => [[span.start, 'start'] as const, ...(span.open ? [] : [[span.end, 'end'] as const])]);
}

function eventsOf(boundaries: readonly Decided[]): Explanation['events'] {
  const seen = new Set<string>();
  const events: Explanation['events'] = [];
  for (const [{ id, at }, tells] of boundaries) {
    if (id === null || seen.has(`${id} ${tells}`)) continue;
    seen.add(`${id} ${tells}`);
    events.push({ id, at: iso(at), tells });
  }
  return events;
}

/** What agents told decides as a whole: no turn is what it is without those around it. */
function uploadsOf(scene: Scene, parts: readonly Metric[]): Explanation['events'] {
  if (!parts.some(({ toldByTurns, toldByUploads }) => toldByUploads || toldByTurns?.(scene))) return [];
  const uploads = new Map([...scene.resolved.call.talks.values()].flatMap(({ uploads }) => [...uploads]));
  return [...uploads]
    .sort(([x, a], [y, b]) => a - b || byText(x, y))
    .map(([id, ms]) => ({ id, at: iso(ms), tells: 'telemetry' }));
}

/** The gaps at the boundaries that decided; of a metric of the user's own, why it gave nothing. */
function missingOf(
  { resolved }: Scene,
  { evidence }: CallMetrics,
  parts: readonly Metric[],
  boundaries: readonly Decided[],
): Explanation['missing'] {
  const decided = new Set(boundaries.map(([boundary]) => boundary));
  const gaps = resolved.gaps.filter(({ boundary }) => boundary !== undefined && decided.has(boundary)).map(shownGap);
  const failed = evidence.gaps.filter(
    ({ subject, missing }) => subject === 'custom' && parts.some(({ path }) => path === missing),
  );
  return [...gaps, ...failed];
}
