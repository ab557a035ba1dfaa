/** Whether what is said of a call with events lost can be trusted as far as it says. */
import type { CallMetrics } from '../../src/index.ts';
import { boundOf } from '../../src/metrics/verdict.ts';
import { valueAt } from '../../src/simulate/compare.ts';
import { judge } from '../../src/simulate/judge.ts';
import type { Truth } from '../../src/simulate/truth/truth.ts';

/** One sentence for each value that is not the true one, without saying so. */
export function untrue(metrics: CallMetrics, truth: Truth): string[] {
  const endLost = metrics.evidence.gaps.some(({ missing }) => missing === 'room_finished');
  return Object.entries(truth.values).flatMap(([path, expected]) => {
    // By the contract it says that the end was not seen.
    if (endLost && path === 'status') return [];
    if (judge(path, metrics, truth) !== 'outside') return [];
    const [found, bound, real] = [valueAt(metrics, path), boundOf(path, metrics.evidence), expected].map((value) =>
      JSON.stringify(value),
    );
    return [`${path}: ${found} within ${bound}, true is ${real}`];
  });
}
