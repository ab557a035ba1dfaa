import { CallEvaluator } from '../../../src/evaluator.ts';
import type { Incoming } from '../../../src/intake.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { rawStore } from '../ceilings.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW, rowOf } from '../workload.ts';

const BATCH = 1_000;

/** Ingest in bulk, with live machines and metrics, beside bare inserts of the same rows. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const count = size(4_000, 40_000);
  const texts = [...inBatches(manyCalls(count / EVENTS_A_CALL), BATCH)];
  const objects = texts.map((batch) => batch.map((text) => JSON.parse(text) as object));
  const rows = texts.map((batch) => batch.map(rowOf));
  let run = 0;

  const raw = async () => {
    const store = rawStore(file(`${run++}.db`));
    const took = await secondsOf(() => rows.forEach(store.insert));
    expectCount('rows', store.count(), count);
    store.close();
    return took;
  };
  const product = (batches: readonly (readonly Incoming[])[]) => async () => {
    const evaluator = new CallEvaluator({ database: file(`${run++}.db`), clock: () => NOW });
    const took = await secondsOf(async () => {
      for (const batch of batches) await evaluator.processEvents(batch);
    });
    const { events, rooms } = await evaluator.counts();
    expectCount('events', events, count);
    expectCount(
      'measured',
      (await evaluator.listCalls({ limit: 10_000 })).calls.filter((call) => call.endedAt).length,
      rooms,
    );
    await evaluator.close();
    return took;
  };
  const took = await alternate(rounds, { raw, texts: product(texts), objects: product(objects) });
  const ceiling = `raw ${speed(count, took.raw)}`;
  return [
    {
      question: 'processEvents, 1,000 texts / raw insert of 1,000',
      ratios: ratios(took.raw, took.texts),
      goal: { atLeast: 0.6 },
      figures: `${speed(count, took.texts)}, ${ceiling}`,
    },
    {
      question: 'processEvents, 1,000 parsed / raw insert of 1,000',
      ratios: ratios(took.raw, took.objects),
      goal: { atLeast: 0.6 },
      figures: `${speed(count, took.objects)}, ${ceiling}`,
    },
  ];
}
