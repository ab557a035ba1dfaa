import { CallEvaluator } from '../../../src/evaluator.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { alternate, median, ms, ratios, secondsOf, speed } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { EVENTS_A_CALL, endOf, inBatches, longCall, manyCalls, NOW, rowOf } from '../workload.ts';

const BATCH = 1_000;

/** What becomes dearer as a call, or the store, grows. */
export async function ask(bench: Bench): Promise<Answer[]> {
  const events = bench.size(20_000, 200_000);
  const inOrder = [...longCall(0, events)];
  const answers = [
    await ofCall(bench, inOrder, 'in order'),
    await ofCall(bench, mixed(inOrder), 'shuffled'),
    await ofEnded(bench, inOrder),
  ];
  if (bench.full) answers.push(await ofStore(bench));
  return answers;
}

function mixed(texts: readonly string[]): string[] {
  const step = 77_711; // no factor in common with the length: every one once
  return texts.map((_, i) => texts[(i * step) % texts.length]!);
}

async function ofCall({ rounds, file }: Bench, texts: readonly string[], order: string): Promise<Answer> {
  const batches = [...inBatches(texts, BATCH)];
  const others = [...inBatches(longCall(1, 5 * BATCH), BATCH)];
  const first: number[] = [];
  const last: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const evaluator = new CallEvaluator({ database: file(`${order}-${round}.db`), clock: () => NOW });
    for (const batch of others) await evaluator.processEvents(batch); // warms up, and makes the file and its log
    const took: number[] = [];
    for (const batch of batches) took.push(await secondsOf(() => evaluator.processEvents(batch)));
    expectCount('events', (await evaluator.counts()).events, texts.length + 5 * BATCH);
    await evaluator.close();
    first.push(took.at(0)!);
    last.push(took.at(-1)!);
  }
  const perEvent = (seconds: number[]) => ms((median(seconds) * 1000) / BATCH);
  return {
    question: `an event ${order} as its call grows to ${texts.length.toLocaleString('en')}: last / first 1,000`,
    ratios: ratios(last, first),
    goal: { atMost: 1.5 },
    figures: `${perEvent(last)}, first ${perEvent(first)}`,
  };
}

/** A late event changes what was final: the call is measured again, whole. */
async function ofEnded({ rounds, file }: Bench, texts: readonly string[]): Promise<Answer> {
  const late = texts.slice(-1 - rounds);
  const evaluator = new CallEvaluator({ database: file('ended.db'), clock: () => NOW });
  for (const batch of inBatches(texts.slice(0, -late.length), BATCH)) await evaluator.processEvents(batch);
  await evaluator.processEvent(endOf(0));
  const { one } = await alternate(rounds, { one: () => secondsOf(() => evaluator.processEvent(late.pop()!)) });
  await evaluator.close();
  return {
    question: `one event late for a finished call of ${texts.length.toLocaleString('en')}`,
    ratios: [],
    goal: null,
    figures: ms(median(one) * 1000),
  };
}

async function ofStore({ rounds, file }: Bench): Promise<Answer> {
  const added = 10_000;
  let call = 0;
  const more = (count: number) => {
    const calls = count / EVENTS_A_CALL;
    call += calls;
    return inBatches(manyCalls(calls, call - calls), BATCH).map((batch) => batch.map(rowOf));
  };
  const stores = { large: openSqlite({ file: file('large.db') }), small: openSqlite({ file: file('small.db') }) };
  for (const rows of more(1_000_000)) await stores.large.append(rows, [], []);
  for (const rows of more(150_000)) await stores.small.append(rows, [], []);
  const add = (store: ReturnType<typeof openSqlite>) => async () => {
    const batches = [...more(added)];
    return secondsOf(async () => {
      for (const rows of batches) await store.append(rows, [], []);
    });
  };
  const took = await alternate(rounds, { small: add(stores.small), large: add(stores.large) });
  expectCount('events', (await stores.large.counts()).events, 1_000_000 + added * (rounds + 1));
  await stores.large.close();
  await stores.small.close();
  return {
    question: 'append to a store of 1,000,000 / of 150,000 events',
    ratios: ratios(took.small, took.large),
    goal: { atLeast: 0.7 },
    figures: `${speed(added, took.large)}, ${speed(added, took.small)}`,
  };
}
