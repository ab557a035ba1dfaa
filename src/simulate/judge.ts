/** Whether what is said of a call can be trusted as far as it says. */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { boundOf, isWithin, type Verdict, verdictOn } from '../metrics/verdict.ts';
import { valueAt } from './compare.ts';
import { grainOf, type Truth } from './truth/truth.ts';
import { kindOf, TOLERANCES, type Value } from './truth/values.ts';

/** On the value at one path of the truth, which is to the digits and clocks that it has. */
export function judge(path: string, metrics: CallMetrics, truth: Truth): Verdict {
  const bounds = boundOf(path, metrics.evidence);
  const digits = TOLERANCES[kindOf(path)];
  const unseen = truth.bounded[path];
  if (unseen !== undefined) return bounds !== null && isWithin(bounds, unseen, digits) ? 'withinBounds' : 'outside';
  const found = valueAt(metrics, path) as Value | undefined;
  const expected = truth.values[path]!;
  return verdictOn(path, { found, expected, bounds, digits, grain: grainOf(path, truth) }, metrics);
}
