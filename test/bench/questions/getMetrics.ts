import { setTimeout } from 'node:timers/promises';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { connect } from '../../../src/store/sqlite.ts';
import { alternate, median, ms, percentile, ratios, timesOf } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, endOf, inBatches, longCall, manyCalls, NOW, openCalls, roomSid } from '../workload.ts';

/** Asking for one call: finished and measured, or to be folded from its history. */
export async function ask(bench: Bench): Promise<Answer[]> {
  return [await ofFinished(bench), await ofHistory(bench), ...(await ofLong(bench))];
}

async function filled(database: string, events: Iterable<string>): Promise<CallEvaluator> {
  // one live room: whoever is asked for is folded from history
  const evaluator = new CallEvaluator({ database, clock: () => NOW, liveRooms: 1, staleAfter: 1e9 });
  for (const batch of inBatches(events, 1_000)) await evaluator.processEvents(batch);
  return evaluator;
}

/** Rooms in an order that is neither that of time nor of the index. */
function scattered(calls: number): string[] {
  return Array.from({ length: calls }, (_, i) => roomSid((i * 7_919) % calls));
}

async function ofFinished({ rounds, size, file }: Bench): Promise<Answer> {
  const calls = size(500, 5_000);
  const database = file('finished.db');
  const evaluator = await filled(database, manyCalls(calls));
  await setTimeout(100); // measured calls are saved a turn after their events
  const db = connect(database);
  const bare = db
    .prepare<[string], string>('select metrics from calls join results on call = calls.seq where room_sid = ?')
    .pluck();
  const times = { product: [] as number[], bare: [] as number[] };
  const p99 = (kept: number[], found: number[]) => {
    kept.push(...found);
    return percentile(found, 0.99);
  };
  const rooms = scattered(calls);
  const took = await alternate(rounds, {
    bare: async () => p99(times.bare, await timesOf(rooms, (sid) => JSON.parse(bare.get(sid)!))),
    product: async () => p99(times.product, await timesOf(rooms, (sid) => evaluator.getMetrics(sid))),
  });
  expectCount('events', (await evaluator.getMetrics(rooms[0]!))!.evidence.inputs.eventCount, EVENTS_A_CALL);
  db.close();
  await evaluator.close();
  return {
    question: 'getMetrics, finished: p99 / bare select + parse',
    ratios: ratios(took.product, took.bare),
    goal: { atMost: 3 },
    figures: `p50 ${ms(median(times.product))}, p99 ${ms(median(took.product))}; bare ${ms(median(times.bare))}, ${ms(median(took.bare))}`,
  };
}

async function ofHistory({ rounds, size, file }: Bench): Promise<Answer> {
  const calls = size(500, 2_000);
  const database = file('open.db');
  const evaluator = await filled(database, openCalls(calls));
  const db = connect(database);
  const bare = db
    .prepare<[string], string>('select body from events where room = (select seq from calls where room_sid = ?)')
    .pluck();
  const rooms = scattered(calls);
  const took = await alternate(rounds, {
    bare: async () => median(await timesOf(rooms, (sid) => bare.all(sid).map((body) => JSON.parse(body)))),
    product: async () => median(await timesOf(rooms, (sid) => evaluator.getMetrics(sid))),
  });
  expectCount('events', (await evaluator.getMetrics(rooms[0]!))!.evidence.inputs.eventCount, EVENTS_A_CALL);
  expectCount('bodies', bare.all(rooms[0]!).length, EVENTS_A_CALL);
  db.close();
  await evaluator.close();
  return {
    question: 'getMetrics, 20 events from history: p50 / read + parse',
    ratios: ratios(took.product, took.bare),
    goal: { atMost: 1.6 },
    figures: `p50 ${ms(median(took.product))}, read + parse ${ms(median(took.bare))}`,
  };
}

async function ofLong({ rounds, size, file }: Bench): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const events of [20, 2_000, size(20_000, 200_000)]) {
    const evaluator = await filled(file(`${events}.db`), longCall(0, events));
    await evaluator.processEvents([...longCall(1, 20)]);
    const [room, other] = [roomSid(0), roomSid(1)];
    const once = async () => (await timesOf([room], (sid) => evaluator.getMetrics(sid)))[0]!;
    const took = await alternate(rounds, {
      async history() {
        await evaluator.getMetrics(other); // takes the one place in memory
        return once();
      },
      live: once,
    });
    expectCount('events', (await evaluator.getMetrics(room))!.evidence.inputs.eventCount, events);
    await evaluator.processEvent(endOf(0));
    await evaluator.getMetrics(room);
    await evaluator.getMetrics(other);
    const { finished } = await alternate(rounds, { finished: once });
    await evaluator.close();
    answers.push({
      question: `getMetrics of a call of ${events.toLocaleString('en')} events`,
      ratios: [],
      goal: null,
      figures: `from history ${ms(median(took.history))}, in memory ${ms(median(took.live))}, finished ${ms(median(finished))}`,
    });
  }
  return answers;
}
