/** An evaluator's door, as CallEvaluator opens it to its routes. */
import type { CallEvaluator } from '../../../src/evaluator.ts';
import { IngestCounts } from '../../../src/server/webhook/counts.ts';
import type { Door } from '../../../src/server/webhook/receive.ts';

export function doorOf(evaluator: CallEvaluator): Door {
  return {
    take: (body) => evaluator.processEvent(body),
    waiting: () => 0,
    now: Date.now,
    counts: new IngestCounts(),
  };
}
