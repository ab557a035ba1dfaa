import { CallEvaluator } from '../../../src/evaluator.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW } from '../workload.ts';

/** LiveKit delivers again what was not acknowledged in time: repeats must be cheap. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const count = size(4_000, 40_000);
  const batches = [...inBatches(manyCalls(count / EVENTS_A_CALL), 1_000)];
  let run = 0;
  let evaluator: CallEvaluator;
  const takeAll = () =>
    secondsOf(async () => {
      for (const batch of batches) await evaluator.processEvents(batch);
    });
  const fresh: number[] = [];
  const { repeats } = await alternate(rounds, {
    async repeats() {
      evaluator = new CallEvaluator({ database: file(`${run++}.db`), clock: () => NOW });
      fresh.push(await takeAll());
      const took = await takeAll();
      const { events, duplicates } = await evaluator.counts();
      expectCount('events', events, count);
      expectCount('duplicates', duplicates, count);
      await evaluator.close();
      return took;
    },
  });
  fresh.shift(); // of the warm-up
  return [
    {
      question: 'duplicates / new events',
      ratios: ratios(fresh, repeats),
      goal: { atLeast: 2 },
      figures: `${speed(count, repeats)}, new ${speed(count, fresh)}`,
    },
  ];
}
