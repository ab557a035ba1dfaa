import { CallEvaluator } from '../../../src/evaluator.ts';
import { parseOptions } from '../../../src/options.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { alternate, median, ms, ratios, timesOf } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { endOf, inBatches, longCall, NOW, roomSid, rowOf } from '../workload.ts';

const ASKED = 5_000;

/** getMetrics must not depend on how many calls there are. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const few = size(1_000, 10_000);
  const many = size(5_000, 50_000, 200_000);
  const metrics = await someMetrics();
  const take = async (calls: number) => {
    const database = await storeOf(file(`${calls}.db`), calls, metrics);
    const evaluator = new CallEvaluator({ database, clock: () => NOW });
    expectCount('rooms', (await evaluator.counts()).rooms, calls);
    const rooms = Array.from({ length: ASKED }, (_, i) => roomSid((i * 7_919) % calls));
    const run = async () => median(await timesOf(rooms, (sid) => evaluator.getMetrics(sid)));
    return { evaluator, run };
  };
  const [small, large] = [await take(few), await take(many)];
  const took = await alternate(rounds, { small: small.run, large: large.run });
  await small.evaluator.close();
  await large.evaluator.close();
  return [
    {
      question: `getMetrics among ${many.toLocaleString('en')} / ${few.toLocaleString('en')} calls: p50`,
      ratios: ratios(took.large, took.small),
      goal: { atMost: 1.5 },
      figures: `${ms(median(took.large))}, ${ms(median(took.small))}`,
    },
  ];
}

async function someMetrics(): Promise<string> {
  const evaluator = new CallEvaluator({ clock: () => NOW });
  await evaluator.processEvents([...longCall(0, 19), endOf(0)]);
  const metrics = await evaluator.getMetrics(roomSid(0));
  await evaluator.close();
  return JSON.stringify(metrics);
}

/** Calls of one event each, measured: as many rows as of whole calls, in less time. */
async function storeOf(database: string, calls: number, metrics: string): Promise<string> {
  const store = openSqlite({ file: database });
  const { configHash } = parseOptions({}).measuring;
  for (const batch of inBatches(Array(calls).keys(), 1_000)) {
    const rows = batch.map((call) => rowOf(endOf(call)));
    const measured = batch.map((call) => ({
      roomSid: roomSid(call),
      revision: 0,
      configHash,
      arrivals: 1,
      facets: '{}',
      figures: '{}',
      metrics,
    }));
    await store.append(rows, [], measured);
  }
  await store.close();
  return database;
}
