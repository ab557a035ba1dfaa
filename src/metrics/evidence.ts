/** How far the values can be trusted: what was heard, what was missing, and between which limits the truth lies. */
import { isExact, type Span } from '../call/boundary.ts';
import type { Call } from '../call/call.ts';
import type { Gap, ResolvedCall, ResolveOptions } from '../call/resolved.ts';
import { byText } from './byText.ts';
import type { Evidence } from './callMetrics.ts';
import type { Bound, Metric } from './metric.ts';
import { METRICS, METRICS_VERSION } from './registry.ts';
import { iso, round, roundBound } from './round.ts';
import type { Scene } from './scene.ts';
import { unheard } from './unheard.ts';

/** What tells of the arrival, and cannot be folded from facts. */
export interface Arrivals {
  duplicates: number;
  outOfOrder: number;
  quarantined: number;
}

/** For `evidence.inputs`: the digest is given by the shell, since the core knows no crypto. */
export interface Fingerprints {
  configHash: string;
  digest: (text: string) => string;
}

const NOTHING_UNHEARD = { bounds: {}, uncertain: [] };

export function evidenceOf(
  scene: Scene,
  { duplicates, outOfOrder, quarantined }: Arrivals,
  { digest, configHash, neverSent }: Fingerprints & Pick<ResolveOptions, 'neverSent'>,
): Evidence {
  const { resolved } = scene;
  const unknown = neverSent.length > 0 ? unheard(neverSent, scene) : NOTHING_UNHEARD;
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
    bounds: { ...(resolved.uncertain && boundsOf(scene)), ...unknown.bounds },
    // also where every boundary is exact: a lost leave has taken its reason with it
    uncertain: [
      ...new Set([...(resolved.gaps.length > 0 || resolved.uncertain ? uncertainOf(scene) : []), ...unknown.uncertain]),
    ],
    telemetry: sessionsOf(call),
    inputs: {
      hash: digest([...call.facts.keys()].sort().join('\n')),
      eventCount: distinct,
      metricsVersion: METRICS_VERSION,
      configHash,
    },
  };
}

function sessionsOf({ talks }: Call): Evidence['telemetry'] {
  return [...talks.values()]
    .map(({ jobId, agentName, sdkVersion, closeReason, redacted }) => ({
      jobId: jobId === '' ? null : jobId,
      agentName,
      sdkVersion,
      closeReason,
      redacted,
    }))
    .sort((a, b) => byText(a.jobId ?? '', b.jobId ?? ''));
}

function countAfterFinish({ status, call }: ResolvedCall): number {
  if (status !== 'finished') return 0;
  let count = 0;
  for (const ms of call.facts.values()) if (ms > call.room.finished!.ms) count++;
  return count;
}

function coarsestGrain({ room, sessions, tracks }: ResolvedCall): number {
  let grain = Math.max(room.start.grain, room.end.grain);
  const count = ({ start, end }: Span) => {
    grain = Math.max(grain, start.grain, end.grain);
  };
  for (const { span } of sessions) if (span) count(span);
  for (const { span } of tracks) count(span);
  return grain;
}

/** Without the boundary it is of. */
export function shownGap({ subject, sid, missing, resolvedBy, range }: Gap): Evidence['gaps'][number] {
  return { subject, sid, missing, resolvedBy, range: range && [instantOrNull(range[0]), instantOrNull(range[1])] };
}

function instantOrNull(ms: number): string | null {
  return Number.isFinite(ms) ? iso(ms) : null;
}

function uncertainOf(scene: Scene): string[] {
  const paths: string[] = [];
  for (const metric of METRICS as readonly Metric[])
    if (metric.uncertain) for (const path of metric.uncertain(scene)) paths.push(path);
  return paths;
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
    const moved = new Map<string, Bound>();
    for (const tight of metric.bounds(scene, scene.look('core'), scene.look('hull')))
      if (isMoved(tight)) moved.set(tight.path, tight);
    if (moved.size === 0) continue;
    for (const wide of metric.bounds(scene, scene.look('wideCore'), scene.look('wideHull')))
      if (moved.has(wide.path)) moved.set(wide.path, wide);
    for (const { path, unit, low, high } of moved.values())
      bounds[path] = [roundBound(low, unit, 'low'), roundBound(high, unit, 'high')];
  }
  return bounds;
}

function isMoved({ value, low, high }: Bound): boolean {
  return value === null || low < value - NOTHING || high > value + NOTHING;
}
