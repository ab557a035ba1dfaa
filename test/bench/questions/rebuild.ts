import { CallEvaluator } from '../../../src/evaluator.ts';
import { foldHistory } from '../../../src/live.ts';
import { measure } from '../../../src/metrics/measure.ts';
import { parseOptions } from '../../../src/options.ts';
import { connect, openSqlite } from '../../../src/store/sqlite.ts';
import { alternate, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, inBatches, manyCalls, NOW } from '../workload.ts';

/** All calls measured anew from the store, as after an upgrade. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const count = size(10_000, 100_000);
  const calls = count / EVENTS_A_CALL;
  const database = file('calls.db');
  const evaluator = new CallEvaluator({ database, clock: () => NOW });
  for (const batch of inBatches(manyCalls(calls), 1_000)) await evaluator.processEvents(batch);
  await evaluator.close();

  const iterate = (sql: string) => async () => {
    const db = connect(database);
    const bodies = db.prepare<[], string>(sql).pluck();
    const took = await secondsOf(() => {
      let parsed = 0;
      for (const body of bodies.iterate()) if ((JSON.parse(body) as { event: string }).event) parsed++;
      expectCount('parsed', parsed, count);
    });
    db.close();
    return took;
  };
  const rebuild = async () => {
    const store = openSqlite({ file: database });
    const { measuring } = parseOptions({});
    const took = await secondsOf(async () => {
      let finished = 0;
      for await (const roomSid of roomsOf(store)) {
        const room = foldHistory((await store.readRoom(roomSid))!);
        const metrics = measure(room.call, NOW, room, measuring);
        if (metrics.status === 'finished' && JSON.stringify(metrics)) finished++;
      }
      expectCount('finished', finished, calls);
    });
    await store.close();
    return took;
  };
  let grace = 2;
  const relist = async () => {
    grace += 0.001; // another configuration: no saved result holds
    const again = new CallEvaluator({ database, clock: () => NOW, leftFirstGrace: grace });
    const took = await secondsOf(async () => {
      let finished = 0;
      for (let after: string | undefined, more = true; more; ) {
        const { calls: page, next } = await again.listCalls({ limit: 1_000, ...(after && { after }) });
        finished += page.filter(({ status }) => status === 'finished').length;
        more = next !== null;
        after = next ?? undefined;
      }
      expectCount('finished', finished, calls);
    });
    await again.close();
    return took;
  };
  const took = await alternate(rounds, {
    byRoom: iterate('select body from events order by room'),
    inOrder: iterate('select body from events order by seq'),
    rebuild,
    relist,
  });
  const figures = `by room + parse ${speed(count, took.byRoom)}, by arrival + parse ${speed(count, took.inOrder)}`;
  return [
    {
      question: 'rebuild: readRoom + fold + measure / iterate by room + parse',
      ratios: ratios(took.byRoom, took.rebuild),
      goal: { atLeast: 0.5 },
      figures: `${speed(count, took.rebuild)}, ${figures}`,
    },
    {
      question: 'rebuild: listCalls under other options, saved / the same',
      ratios: ratios(took.byRoom, took.relist),
      goal: { atLeast: 0.5 },
      figures: speed(count, took.relist),
    },
  ];
}

async function* roomsOf(store: ReturnType<typeof openSqlite>): AsyncGenerator<string> {
  let page = await store.listCalls({ limit: 1_000 });
  while (page.length > 0) {
    for (const { roomSid } of page) yield roomSid;
    page = await store.listCalls({ after: page.at(-1)!, limit: 1_000 });
  }
}
