/** The single values of a call's metrics: numbers, instants, flags and enums, each at a path as evidence spells it. */
import { z } from 'zod';
import type { CallMetrics } from './callMetrics.ts';
import { bare, nameOfEntries, textOf, unitOf } from './paths.ts';
import { METRICS } from './registry.ts';
import { isInstant, type Value } from './verdict.ts';

export type LeafUnit = 's' | 'share' | 'score' | 'mean' | 'n' | 'instant' | 'flag' | 'enum';

export interface Leaf {
  path: string;
  /** The same for every call: `*` in the place of what differs from call to call. */
  general: string;
  unit: LeafUnit;
  value: Value;
}

type Way =
  | { to: 'leaf'; unit: LeafUnit }
  /** An instant where it is one: some are typed as mere text. */
  | { to: 'text' }
  | { to: 'keys'; ways: readonly (readonly [key: string, Way])[] }
  | { to: 'map'; way: Way }
  | { to: 'list'; name: string; way: Way };

/** Entries of lists that nothing tells apart (`audio.issues`) have no path by which two results could be compared, and none here. */
function wayInto(schema: z.ZodType): Way | null {
  const kind = bare(schema);
  if (kind instanceof z.ZodObject)
    return { to: 'keys', ways: waysInto(Object.entries(kind.shape) as [string, z.ZodType][]) };
  if (kind instanceof z.ZodRecord) return within(kind.valueType as z.ZodType, (way) => ({ to: 'map', way }));
  if (kind instanceof z.ZodArray) {
    const name = nameOfEntries(kind.element as z.ZodType);
    return name === null ? null : within(kind.element as z.ZodType, (way) => ({ to: 'list', name, way }));
  }
  const unit = unitOf(kind);
  if (unit === 'text') return { to: 'text' };
  return unit === 'any' ? null : { to: 'leaf', unit: unit as LeafUnit };
}

function within(schema: z.ZodType, wrap: (way: Way) => Way): Way | null {
  const way = wayInto(schema);
  return way && wrap(way);
}

function waysInto(entries: readonly (readonly [string, z.ZodType])[]): [string, Way][] {
  return entries.flatMap(([key, schema]) => {
    const way = wayInto(schema);
    return way ? [[key, way] as [string, Way]] : [];
  });
}

/** Made when first needed, since most who import this module's neighbours never do. */
let ways: [keys: string[], path: string, Way][] | undefined;

export function leavesOf(metrics: CallMetrics): Leaf[] {
  ways ??= waysInto(METRICS.map(({ path, schema }) => [path, schema as z.ZodType] as const)).map(([path, way]) => [
    path.split('.'),
    path,
    way,
  ]);
  const leaves: Leaf[] = [];
  for (const [keys, path, way] of ways) {
    let value: unknown = metrics;
    for (const key of keys) value = (value as Record<string, unknown> | null | undefined)?.[key];
    collect(leaves, path, path, way, value);
  }
  return leaves;
}

function collect(leaves: Leaf[], path: string, general: string, way: Way, value: unknown): void {
  switch (way.to) {
    case 'leaf':
      leaves.push({ path, general, unit: way.unit, value: (value ?? null) as Value });
      return;
    case 'text':
      if (isInstant(value)) leaves.push({ path, general, unit: 'instant', value });
      return;
    case 'keys':
      for (const [key, below] of way.ways)
        collect(leaves, `${path}.${key}`, `${general}.${key}`, below, (value as Record<string, unknown> | null)?.[key]);
      return;
    case 'map':
      for (const [key, inside] of Object.entries((value as Record<string, unknown> | null) ?? {}))
        collect(leaves, `${path}.${key}`, `${general}.*`, way.way, inside);
      return;
    default: {
      const { name } = way;
      for (const [i, entry] of ((value as unknown[] | null) ?? []).entries())
        collect(leaves, `${path}[${name}=${textOf(entry, name) ?? i}]`, `${general}[${name}=*]`, way.way, entry);
    }
  }
}
