import { CallEvaluator } from '../../../src/evaluator.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { rawStore } from '../ceilings.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW, rowOf } from '../workload.ts';

/** Durable ingest one by one: by 64 callers that each wait for the receipt, and by a single one. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const many = size(4_000, 40_000);
  const few = size(1_000, 8_000);
  const texts = [...manyCalls(many / EVENTS_A_CALL)];
  const rows = texts.map(rowOf);
  let run = 0;

  const raw = (count: number, batch: number) => async () => {
    const batches = [...inBatches(rows.slice(0, count), batch)];
    const store = rawStore(file(`${run++}.db`));
    const took = await secondsOf(() => batches.forEach(store.insert));
    expectCount('rows', store.count(), count);
    store.close();
    return took;
  };
  const product = (count: number, callers: number) => async () => {
    const evaluator = new CallEvaluator({ database: file(`${run++}.db`), clock: () => NOW });
    let next = 0;
    const call = async () => {
      while (next < count) await evaluator.processEvent(texts[next++]!);
    };
    const took = await secondsOf(() => Promise.all(Array.from({ length: callers }, call)));
    expectCount('events', (await evaluator.counts()).events, count);
    await evaluator.close();
    return took;
  };
  const took = await alternate(rounds, {
    raw100: raw(many, 100),
    by64: product(many, 64),
    raw1: raw(few, 1),
    by1: product(few, 1),
  });
  return [
    {
      question: 'processEvent, 64 at once / raw insert of 100',
      ratios: ratios(took.raw100, took.by64),
      goal: { atLeast: 0.5 },
      figures: `${speed(many, took.by64)} durable, raw ${speed(many, took.raw100)}`,
    },
    {
      question: 'processEvent, one after another / raw insert of 1',
      ratios: ratios(took.raw1, took.by1),
      goal: { atLeast: 0.8 },
      figures: `${speed(few, took.by1)} durable, raw ${speed(few, took.raw1)}`,
    },
  ];
}
