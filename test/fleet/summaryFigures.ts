/** Every figure within a summary, those in maps and the leaves of distributions too. */
import type { CallSummary } from '../../src/fleet/callSummary.ts';

export interface Found {
  path: string;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  leftOut: Record<string, number>;
}
const LEAVES = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'];

/** `usage` has no value of its own: its n and leftOut are. */
interface Node {
  value: unknown;
  low: unknown;
  high: unknown;
  n?: number;
  leftOut: Record<string, number>;
}

export function callSummaryFigures(summary: CallSummary): Found[] {
  const found: Found[] = [];
  const visit = (path: string, node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    const { value, low, high, n, leftOut } = node as Node;
    if (n === undefined) for (const [key, inside] of Object.entries(node)) visit(`${path}.${key}`, inside);
    else if (typeof low === 'object' && low !== null)
      for (const leaf of LEAVES) {
        const of = (those: unknown) => (those as Record<string, number> | null)?.[leaf] ?? null;
        found.push({ path: `${path}.${leaf}`, value: of(value), low: of(low), high: of(high), n, leftOut });
      }
    else {
      const of = (one: unknown) => (one ?? null) as number | null;
      found.push({ path, value: of(value), low: of(low), high: of(high), n, leftOut });
    }
  };
  for (const [path, node] of Object.entries(summary)) if (path !== 'group') visit(path, node);
  return found;
}
