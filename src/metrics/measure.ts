/** Call -> CallMetrics. Pure: what it says follows from the facts, the options and `now`. */
import { isExact } from '../call/boundary.ts';
import type { Call } from '../call/call.ts';
import { resolve } from '../call/resolve.ts';
import type { Gap, ResolvedCall, ResolveOptions } from '../call/resolved.ts';
import type { CallMetrics, Evidence } from './callMetrics.ts';
import type { Bound, Metric } from './metric.ts';
import type { MeasureOptions } from './options.ts';
import { METRICS, METRICS_VERSION } from './registry.ts';
import { iso, round, roundBound } from './round.ts';
import { Scene } from './scene.ts';

/** What a user's own metric may look at: every boundary of the call, and the built-in values. Instants in epoch ms. */
export type MeasurableCall = ResolvedCall & { metrics: CallMetrics };

export interface CustomMetric {
  /** Found under `custom.<id>`. */
  id: string;
  unit: string;
  description: string;
  compute(call: MeasurableCall): unknown;
}

/** What tells of the arrival, and cannot be folded from facts. */
export interface Arrivals {
  duplicates: number;
  outOfOrder: number;
  quarantined: number;
}

export interface Measuring extends ResolveOptions, MeasureOptions {
  custom: readonly CustomMetric[];
  configHash: string;
  /** A digest over texts, for `evidence.inputs.hash`; given by the shell, since the core knows no crypto. */
  digest: (text: string) => string;
}

export function measure(call: Call, now: number, arrivals: Arrivals, options: Measuring, revision = 0): CallMetrics {
  const resolved = resolve(call, now, options);
  const scene = new Scene(resolved, options);
  const metrics: Record<string, unknown> = { metricsVersion: METRICS_VERSION, revision };
  for (const [{ compute }, keys] of PLACES) put(metrics, keys, compute(scene));
  metrics.custom = null;
  metrics.evidence = evidenceOf(scene, arrivals, options);
  const measured = metrics as CallMetrics;
  if (options.custom.length > 0) measured.custom = measureCustom(resolved, measured, options.custom);
  return measured;
}

/** Where in CallMetrics each metric stands. */
const PLACES = METRICS.map((metric: Metric) => [metric, metric.path.split('.')] as const);

function put(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let node = target;
  for (let i = 0; i < keys.length - 1; i++) {
    const key = keys[i]!;
    node[key] ??= {};
    node = node[key] as Record<string, unknown>;
  }
  node[keys.at(-1)!] = value;
}

/** A user's metric that throws is null, and said why: it must not take the others down. */
function measureCustom(
  resolved: ResolvedCall,
  metrics: CallMetrics,
  custom: readonly CustomMetric[],
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const call: MeasurableCall = { ...resolved, metrics };
  for (const { id, compute } of custom) {
    try {
      found[id] = plain(compute(call));
    } catch (error) {
      found[id] = null;
      const why = error instanceof Error ? error.message : String(error);
      metrics.evidence.gaps.push({
        subject: 'custom',
        sid: resolved.call.roomSid,
        missing: `custom.${id}`,
        resolvedBy: `its compute threw: ${why}`,
        range: null,
      });
    }
  }
  return found;
}

/** The value as its JSON will show it; throws where JSON cannot. */
function plain(value: unknown): unknown {
  if (value instanceof Promise) throw new Error('it returned a promise, and metrics are computed at once');
  const json = JSON.stringify(value);
  return json === undefined ? null : JSON.parse(json);
}

function evidenceOf(scene: Scene, { duplicates, outOfOrder, quarantined }: Arrivals, options: Measuring): Evidence {
  const { resolved } = scene;
  const { call, boundaries } = resolved;
  const distinct = call.facts.size;
  return {
    completeness: boundaries.expected === 0 ? 1 : round(boundaries.observed / boundaries.expected, 'share'),
    events: {
      received: distinct + duplicates,
      distinct,
      duplicates,
      outOfOrder,
      afterFinish: countAfterFinish(resolved),
      unknownType: call.unknownTypes,
      quarantined,
    },
    resolution: coarsestGrain(resolved) / 1000,
    gaps: resolved.gaps.map(shownGap),
    bounds: resolved.uncertain ? boundsOf(scene) : {},
    // also where every boundary is exact: a lost leave has taken its reason with it
    uncertain:
      resolved.gaps.length > 0 || resolved.uncertain
        ? METRICS.flatMap((metric: Metric) => [...(metric.uncertain?.(scene) ?? [])])
        : [],
    inputs: {
      hash: options.digest([...call.facts.keys()].sort().join('\n')),
      eventCount: distinct,
      metricsVersion: METRICS_VERSION,
      configHash: options.configHash,
    },
  };
}

function countAfterFinish({ status, call }: ResolvedCall): number {
  if (status !== 'finished') return 0;
  let count = 0;
  for (const ms of call.facts.values()) if (ms > call.room.finished!.ms) count++;
  return count;
}

function coarsestGrain({ room, sessions, tracks }: ResolvedCall): number {
  let grain = Math.max(room.start.grain, room.end.grain);
  for (const { span } of [...sessions, ...tracks]) if (span) grain = Math.max(grain, span.start.grain, span.end.grain);
  return grain;
}

function shownGap({ subject, sid, missing, resolvedBy, range }: Gap): Evidence['gaps'][number] {
  return { subject, sid, missing, resolvedBy, range: range && [instantOrNull(range[0]), instantOrNull(range[1])] };
}

function instantOrNull(ms: number): string | null {
  return Number.isFinite(ms) ? iso(ms) : null;
}

/** A value differs from its bound by more than what floating point adds. */
const NOTHING = 1e-9;

/**
 * Bounds of every value that rests on an inference. The tight looks, which take each clock at its word, tell which values
 * do; the wide ones, which count the clocks' grain, tell between which limits the truth lies.
 */
function boundsOf(scene: Scene): Evidence['bounds'] {
  const bounds: Evidence['bounds'] = {};
  const { start, end } = scene.resolved.room;
  if (!isExact(start)) bounds.startedAt = [instantOrNull(start.low), instantOrNull(start.top)];
  if (scene.resolved.status === 'expired' && !isExact(end))
    bounds.endedAt = [instantOrNull(end.low), instantOrNull(end.top)];
  for (const metric of METRICS as readonly Metric[]) {
    if (!metric.bounds) continue;
    const moved = [...metric.bounds(scene, scene.look('core'), scene.look('hull'))].filter(isMoved);
    if (moved.length === 0) continue;
    const wide = new Map<string, Bound>();
    for (const bound of metric.bounds(scene, scene.look('wideCore'), scene.look('wideHull')))
      wide.set(bound.path, bound);
    for (const tight of moved) {
      const { path, unit, low, high } = wide.get(tight.path) ?? tight;
      bounds[path] = [roundBound(low, unit, 'low'), roundBound(high, unit, 'high')];
    }
  }
  return bounds;
}

function isMoved({ value, low, high }: Bound): boolean {
  return value === null || low < value - NOTHING || high > value + NOTHING;
}
