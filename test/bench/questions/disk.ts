import { statSync } from 'node:fs';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { connect } from '../../../src/store/sqlite.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW } from '../workload.ts';

/** Bytes on disk, the same at every run. */
export async function ask({ size, file }: Bench): Promise<Answer[]> {
  const count = size(10_000, 100_000);
  const database = file('calls.db');
  const evaluator = new CallEvaluator({ database, clock: () => NOW });
  for (const batch of inBatches(manyCalls(count / EVENTS_A_CALL), 1_000)) await evaluator.processEvents(batch);
  await evaluator.close();

  const db = connect(database);
  const body = db.prepare<[], number>('select sum(length(cast(body as blob))) from events').pluck().get()!;
  expectCount('events', db.prepare<[], number>('select count(*) from events').pluck().get()!, count);
  const pages = db
    .prepare<[], { name: string; bytes: number }>('select name, sum(pgsize) as bytes from dbstat group by name')
    .all();
  db.close();
  const bytesOf = (pattern: RegExp) =>
    pages.reduce((sum, { name, bytes }) => sum + (pattern.test(name) ? bytes : 0), 0) / count;
  const events = bytesOf(/events/);
  const whole = statSync(database).size / count;
  return [
    {
      question: 'bytes on disk per event, indexes in / its body',
      ratios: [(events * count) / body],
      goal: { atMost: 1.25 },
      figures: `${events.toFixed(0)} B (indexes ${bytesOf(/events_/).toFixed(0)}), body ${(body / count).toFixed(0)} B`,
    },
    {
      question: 'the whole file per event, measured calls in / its body',
      ratios: [(whole * count) / body],
      goal: null,
      figures: `${whole.toFixed(0)} B; calls ${(bytesOf(/calls/) * EVENTS_A_CALL).toFixed(0)} B a call`,
    },
  ];
}
