/** Why a value is what it is: its definition, the events that decided it, and what was missing. */
import type { Boundary } from '../call/boundary.ts';
import type { Call } from '../call/call.ts';
import { resolve } from '../call/resolve.ts';
import type { CallMetrics, Evidence } from './callMetrics.ts';
import type { Measuring } from './measure.ts';
import type { Metric } from './metric.ts';
import { METRICS } from './registry.ts';
import { iso } from './round.ts';
import { Scene } from './scene.ts';

export interface Explanation {
  path: string;
  value: unknown;
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
  /** The events that decided it, in the order of what they tell. */
  events: { id: string; at: string; tells: 'start' | 'end' }[];
  /** What was missing, and what stood in for it. */
  missing: Evidence['gaps'];
}

/** The value at a path such as `participants.list[identity=ana].presentSeconds` or `recording.egresses[0].duration`. */
export function valueAt(metrics: unknown, path: string): unknown {
  let node: unknown = metrics;
  for (const [, key, selector] of path.matchAll(/([^.[\]]+)|\[(.*?)\](?=[.[]|$)/gs)) {
    if (typeof node !== 'object' || node === null) return undefined;
    if (key !== undefined) node = Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
    else if (Array.isArray(node)) node = selected(node, selector!);
    else return undefined;
  }
  return node;
}

function selected(list: readonly unknown[], selector: string): unknown {
  if (/^\d+$/.test(selector)) return list[Number(selector)];
  const equals = selector.indexOf('=');
  const key = selector.slice(0, equals);
  const wanted = selector.slice(equals + 1);
  return list.find(
    (item) => typeof item === 'object' && item !== null && String((item as Record<string, unknown>)[key]) === wanted,
  );
}

/** Every path that explain() knows; a path below one of them (a leaf, a list entry) is known as well. */
export const explainedPaths = (): string[] => METRICS.map(({ path }) => path);

/** null where the path is none of a metric. */
export function explain(
  call: Call,
  metrics: CallMetrics,
  path: string,
  now: number,
  options: Measuring,
): Explanation | null {
  const metric = (METRICS as readonly Metric[]).find(
    (known) => path === known.path || path.startsWith(`${known.path}.`) || path.startsWith(`${known.path}[`),
  );
  const parent = metric ?? (METRICS as readonly Metric[]).find((known) => known.path.startsWith(`${path}.`));
  const value = valueAt(metrics, path);
  if (parent === undefined || value === undefined) return null;
  const scene = new Scene(resolve(call, now, options), options);
  const boundaries = decidedBy(scene, parent, path);
  const { bounds, uncertain } = metrics.evidence;
  const limits = bounds[path] ?? null;
  return {
    path,
    value,
    unit: parent.unit,
    formula: parent.formula,
    nullWhen: parent.nullWhen,
    source: parent.source,
    needs: parent.needs,
    bounds: limits,
    uncertain: uncertain.some((said) => said === path || said.startsWith(`${path}.`) || path.startsWith(`${said}.`)),
    events: eventsOf(boundaries),
    missing: scene.resolved.gaps
      .filter(({ boundary }) => boundary && boundaries.some(([decided]) => decided === boundary))
      .map(({ subject, sid, missing, resolvedBy, range }) => ({
        subject,
        sid,
        missing,
        resolvedBy,
        range: range && [finite(range[0]), finite(range[1])],
      })),
  };
}

type Decided = readonly [Boundary, 'start' | 'end'];

/** The ends of the metric's spans; of one person's alone, where the path names one. */
function decidedBy(scene: Scene, metric: Metric, path: string): Decided[] {
  const identity = /\[identity=(.*?)\](?=[.[]|$)/s.exec(path)?.[1];
  const own =
    identity === undefined
      ? null
      : new Set(
          scene.resolved.sessions
            .filter(({ person }) => person.identity === identity)
            .flatMap(({ span, tracks }) => [span, ...tracks.map((track) => track.span)]),
        );
  return [...(metric.spans?.(scene) ?? [])]
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

function finite(ms: number): string | null {
  return Number.isFinite(ms) ? iso(ms) : null;
}
