import { apart, grainOf, type Truth } from './truth/truth.ts';
import { kindOf, TOLERANCES } from './truth/values.ts';

/** A step of a path: into the list's entry of an identity, or into a field. */
const STEP = /\[identity=(?<identity>.+?)\](?=\.|$)|(?<field>[^.[]+)/g;

/** The value at a metric path of a result; what lies inside a null is null. */
export function valueAt(result: unknown, path: string): unknown {
  let value = result;
  for (const { groups } of path.matchAll(STEP)) {
    const { identity, field } = groups!;
    if (value === null || value === undefined) return value;
    value =
      field === undefined
        ? (value as { identity: string }[]).find((entry) => entry.identity === identity)
        : (value as Record<string, unknown>)[field];
  }
  return value;
}

/** One sentence for each path at which a result is not the truth, to the digits and clocks it has. */
export function differences(result: unknown, truth: Truth): string[] {
  return Object.entries(truth.values).flatMap(([path, expected]) => {
    const found = valueAt(result, path) as typeof expected | undefined;
    const allowed = TOLERANCES[kindOf(path)] + grainOf(path, truth);
    if (found !== undefined && apart(path, found, expected) <= allowed) return [];
    return [`${path}: found ${JSON.stringify(found)}, true is ${JSON.stringify(expected)} (to ${allowed})`];
  });
}
