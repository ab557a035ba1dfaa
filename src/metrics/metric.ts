/**
 * What a metric is: the one place that holds its name, unit, formula, the events it needs, when it is null, where its
 * definition comes from, its type, and how it is computed and bounded. The README's table, the JSON Schema, explain() and
 * the measurement itself are all made from these.
 */
import { z } from 'zod';
import type { Span } from '../call/boundary.ts';
import { round } from './round.ts';
import type { Scene, View } from './scene.ts';

export type NumberUnit = 's' | 'share' | 'score' | 'mean' | 'n';

/** Where null is never given, it says so in this word; the types follow it. */
type Never = 'never';

interface MetricText<Path extends string = string, NullWhen extends string = string> {
  path: Path;
  /** What it says, in a sentence or two that a user understands. */
  formula: string;
  nullWhen: NullWhen;
  /** Event types without which it is inferred or unknown. */
  needs: readonly string[];
  /** Where the definition comes from: LiveKit, another product where a user can look it up, or ourselves. */
  source: string;
  /** Agents told it in this call: then it rests on none of the events that it otherwise needs. */
  toldByTurns?: (scene: Scene) => boolean;
  /** What agents uploaded decides it, alone or beside other events. */
  toldByUploads?: true;
}

/** A bound of the unrounded value at `path`; infinite where there is no limit. */
export interface Bound {
  path: string;
  unit: NumberUnit;
  value: number | null;
  low: number;
  high: number;
}

export interface Metric<Path extends string = string, Value = unknown> extends MetricText<Path> {
  unit: string;
  schema: z.ZodType<Value>;
  /** The value as it is shown, rounded. */
  compute(scene: Scene): Value;
  /** Bounds of what the metric says, over a core look and a hull look. */
  bounds?(scene: Scene, core: View, hull: View): Iterable<Bound>;
  /** Paths of flags and enums that some placing of the lost boundaries would turn. */
  uncertain?(scene: Scene): Iterable<string>;
  /** The spans whose ends decide it, for explain(). */
  spans?(scene: Scene): Iterable<Span>;
}

const NUMBER: Record<NumberUnit, z.ZodType<number>> = {
  s: z.number().nonnegative(),
  share: z.number().min(0).max(1),
  score: z.number().min(0).max(100),
  mean: z.number().nonnegative(),
  n: z.int().nonnegative(),
};
export const numberSchema = (unit: NumberUnit): z.ZodType<number> => NUMBER[unit];

interface NumberMetric<Path extends string, NullWhen extends string> extends MetricText<Path, NullWhen> {
  unit: NumberUnit;
  /** Null where the metric does not apply, whatever was lost. */
  applies?: (scene: Scene) => boolean;
  /** Unrounded; durations in seconds. */
  of: (scene: Scene) => number | null;
  /** [low, high], unrounded; null where the value cannot but be null. */
  range?: (scene: Scene, core: View, hull: View) => readonly [number, number] | null;
  spans?: Metric['spans'];
}
type NumberOrNull<NullWhen extends string> = NullWhen extends Never ? number : number | null;

/** A metric that is one number. */
export function number<const Path extends string, const NullWhen extends string>({
  applies = () => true,
  of,
  range,
  ...text
}: NumberMetric<Path, NullWhen>): Metric<Path, NumberOrNull<NullWhen>> {
  const raw = (scene: Scene) => (applies(scene) ? of(scene) : null);
  const schema = numberSchema(text.unit);
  const metric: Metric<Path, number | null> = {
    ...text,
    schema: text.nullWhen === 'never' ? (schema as z.ZodType<number | null>) : schema.nullable(),
    compute: (scene) => {
      const value = raw(scene);
      return value === null ? null : round(value, text.unit);
    },
  };
  if (range)
    metric.bounds = function* (scene, core, hull) {
      const found = applies(scene) ? range(scene, core, hull) : null;
      if (found) yield { path: text.path, unit: text.unit, value: raw(scene), low: found[0], high: found[1] };
    };
  return metric as Metric<Path, NumberOrNull<NullWhen>>;
}

/** A number that can only grow when spans grow: its bounds are itself, over the cores and over the hulls. */
export function growing<const Path extends string, const NullWhen extends string>({
  of,
  ...rest
}: Omit<NumberMetric<Path, NullWhen>, 'of' | 'range'> & { of: (view: View) => number }): Metric<
  Path,
  NumberOrNull<NullWhen>
> {
  return number<Path, NullWhen>({
    ...(rest as Omit<NumberMetric<Path, NullWhen>, 'of' | 'range'>),
    of: (scene) => of(scene.point),
    range: (_, core, hull) => [of(core), of(hull)],
  });
}

/** A metric that is a text, a flag or an object; numbers within it are rounded by its own compute. */
export function value<const Path extends string, Schema extends z.ZodType>(
  metric: Omit<Metric<Path, z.infer<Schema>>, 'schema'> & { schema: Schema },
): Metric<Path, z.infer<Schema>> {
  return metric as unknown as Metric<Path, z.infer<Schema>>;
}
