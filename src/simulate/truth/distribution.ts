/** The contract's rule 7, by hand: linear interpolation between closest ranks. */
export function distribution(samples: readonly number[]): Record<string, number | null> {
  const sorted = [...samples].sort((one, other) => one - other);
  const count = sorted.length;
  if (count === 0) return { count: null, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const percentile = (share: number) => {
    const rank = share * (count - 1);
    const low = Math.floor(rank);
    const high = Math.min(low + 1, count - 1);
    return sorted[low]! + (rank - low) * (sorted[high]! - sorted[low]!);
  };
  return {
    count,
    min: sorted[0]!,
    mean: sorted.reduce((sum, sample) => sum + sample, 0) / count,
    p50: percentile(0.5),
    p90: percentile(0.9),
    p95: percentile(0.95),
    p99: percentile(0.99),
    max: sorted.at(-1)!,
  };
}
