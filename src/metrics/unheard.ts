/** What nobody can know where the sender's filter holds back every event that would tell it (option `neverSent`). */
import type { Evidence } from './callMetrics.ts';
import type { Metric } from './metric.ts';
import { METRICS } from './registry.ts';
import type { Scene } from './scene.ts';

/** Events of which one stands in for another that was lost; without any of a row, little or nothing of its kind is heard of. */
const TELLING = [
  ['participant_joined', 'participant_left'],
  ['track_published', 'track_unpublished'],
  ['egress_started', 'egress_updated', 'egress_ended'],
  ['ingress_started', 'ingress_ended'],
];
/** It spoils only what is told by nothing else: the other counts of sessions leave aborted tries out. */
const ABORTED = 'participant_connection_aborted';
const MOST: Record<string, number | null> = { n: null, s: null, mean: null, share: 1, score: 100 };

/** Bounds of the numbers, and paths of all else. */
export function unheard(neverSent: readonly string[], scene: Scene): Pick<Evidence, 'bounds' | 'uncertain'> {
  const silent = TELLING.filter((row) => row.every((type) => neverSent.includes(type))).flat();
  const noTries = neverSent.includes(ABORTED);
  const isUnknown = ({ needs, toldByTurns }: Metric) =>
    (needs.some((type) => silent.includes(type)) && !toldByTurns?.(scene)) ||
    (noTries && needs.every((type) => type === ABORTED) && needs.length > 0);
  const unknown = (METRICS as readonly Metric[]).filter(isUnknown);
  const numbers = unknown.filter(({ unit }) => unit in MOST);
  return {
    bounds: Object.fromEntries(numbers.map(({ path, unit }) => [path, [0, MOST[unit]!]])),
    uncertain: unknown.filter((metric) => !numbers.includes(metric)).map(({ path }) => path),
  };
}
