/** The contract's Distribution (metrics.md rule 7). */
import { z } from 'zod';
import { numberSchema } from './metric.ts';
import { round } from './round.ts';

export interface Distribution {
  count: number;
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

export const distributionSchema = z.object({
  count: numberSchema('n'),
  min: numberSchema('s'),
  mean: numberSchema('mean'),
  p50: numberSchema('s'),
  p90: numberSchema('s'),
  p95: numberSchema('s'),
  p99: numberSchema('s'),
  max: numberSchema('s'),
});

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Of unrounded samples; null when there is none. Percentiles by linear interpolation between closest ranks (numpy's default). */
export function distribution(samples: readonly number[]): Distribution | null {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => {
    const rank = (sorted.length - 1) * share;
    const low = sorted[Math.floor(rank)]!;
    const high = sorted[Math.ceil(rank)]!;
    return low === high ? low : low + (rank - Math.floor(rank)) * (high - low);
  };
  return {
    count: sorted.length,
    min: sorted[0]!,
    mean: sorted.reduce((sum, x) => sum + x, 0) / sorted.length,
    p50: at(PERCENTILES.p50),
    p90: at(PERCENTILES.p90),
    p95: at(PERCENTILES.p95),
    p99: at(PERCENTILES.p99),
    max: sorted.at(-1)!,
  };
}

/** As it is shown. */
export function shownDistribution(samples: readonly number[]): Distribution | null {
  const found = distribution(samples);
  return (
    found && {
      count: found.count,
      min: round(found.min, 's'),
      mean: round(found.mean, 'mean'),
      p50: round(found.p50, 's'),
      p90: round(found.p90, 's'),
      p95: round(found.p95, 's'),
      p99: round(found.p99, 's'),
      max: round(found.max, 's'),
    }
  );
}
