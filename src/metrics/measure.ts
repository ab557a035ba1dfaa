/** Call -> CallMetrics. Pure: what it says follows from the facts, the options and `now`. */
import type { Call } from '../call/call.ts';
import { resolve } from '../call/resolve.ts';
import type { ResolveOptions } from '../call/resolved.ts';
import type { CallMetrics } from './callMetrics.ts';
import { type CustomMetric, measureCustom } from './custom.ts';
import { type Arrivals, evidenceOf, type Fingerprints } from './evidence.ts';
import type { Metric } from './metric.ts';
import type { MeasureOptions } from './options.ts';
import { METRICS, METRICS_VERSION } from './registry.ts';
import { responseLatencies } from './response.ts';
import { Scene } from './scene.ts';

export type { CustomMetric, MeasurableCall } from './custom.ts';
export type { Arrivals } from './evidence.ts';

export interface Measuring extends ResolveOptions, MeasureOptions, Fingerprints {
  custom: readonly CustomMetric[];
}

export interface Measured {
  metrics: CallMetrics;
  /** s, what `response.latency` is the Distribution of: over many calls samples are pooled. */
  responseLatencies: readonly number[];
}

export function measure(call: Call, now: number, arrivals: Arrivals, options: Measuring, revision = 0): CallMetrics {
  return measureWithSamples(call, now, arrivals, options, revision).metrics;
}

export function measureWithSamples(
  call: Call,
  now: number,
  arrivals: Arrivals,
  options: Measuring,
  revision = 0,
): Measured {
  const resolved = resolve(call, now, options);
  const scene = new Scene(resolved, options);
  const metrics = filled(FORM, scene) as unknown as CallMetrics;
  metrics.revision = revision;
  metrics.evidence = evidenceOf(scene, arrivals, options);
  if (options.custom.length > 0) metrics.custom = measureCustom(resolved, metrics, options.custom);
  return { metrics, responseLatencies: responseLatencies(scene) };
}

type Compute = (scene: Scene) => unknown;
/** One level of CallMetrics: what is to stand under each key, and an object that has all of them. */
interface Form {
  places: readonly (readonly [key: string, Compute | Form])[];
  blank: Readonly<Record<string, unknown>>;
}

const toCome: Compute = () => null;
const FORM = formOf([
  [['metricsVersion'], () => METRICS_VERSION],
  [['revision'], toCome],
  ...METRICS.map(({ path, compute }: Metric): [string[], Compute] => [path.split('.'), compute]),
  [['custom'], toCome],
  [['evidence'], toCome],
]);

function formOf(metrics: readonly (readonly [path: readonly string[], Compute])[]): Form {
  const places = [...Map.groupBy(metrics, ([[key]]) => key!)].map(([key, those]) => {
    const [path, compute] = those[0]!;
    return [
      key,
      path.length === 1 ? compute : formOf(those.map(([path, compute]) => [path.slice(1), compute])),
    ] as const;
  });
  return { places, blank: Object.fromEntries(places.map(([key]) => [key, null])) };
}

/** Starts from a copy of the blank: an object that grows key by key is slower to fill, and a long one far slower to write as JSON. */
function filled({ places, blank }: Form, scene: Scene): Record<string, unknown> {
  const level: Record<string, unknown> = Object.assign({}, blank);
  for (const [key, place] of places) level[key] = typeof place === 'function' ? place(scene) : filled(place, scene);
  return level;
}
