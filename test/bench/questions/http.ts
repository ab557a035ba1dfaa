import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { alternate, median, ms, percentile, ratios, secondsOf, speed, timesOf } from '../alternate.ts';
import { rawStore } from '../ceilings.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { Pump, requestOf } from '../webhookPump.ts';
import type { ServerKind } from '../webhookServer.ts';
import { EVENTS_A_CALL, manyCalls, openCalls, rowOf } from '../workload.ts';

const CONNECTIONS = 64;
const OPEN_ROOMS = 10_000;
/** Webhooks to a server before it is measured: of these calls, so that its code is compiled. */
const WARM_UP = { calls: 150, first: 1_000_000 };
const MIB = 1024 * 1024;

/** LiveKit's POST to the 200 that means "on disk": how many a second, how long each takes, and in how much memory. */
export async function ask(bench: Bench): Promise<Answer[]> {
  const { rounds, size, file } = bench;
  const count = size(6_000, 30_000);
  const bodies = [...manyCalls(count / EVENTS_A_CALL)];
  const few = size(2_000, 6_000);
  let run = 0;
  const server = (kind: ServerKind, some: number) => async () => {
    const requests = bodies.slice(0, some).map(requestOf);
    await using one = await start(kind, file(`${run++}.db`));
    const took = await secondsOf(() => one.pump.all(requests));
    if (kind === 'product') expectCount('events', (await one.tells()).events!, WARM_UP.calls * EVENTS_A_CALL + some);
    return took / some;
  };
  const took = await alternate(rounds, {
    product: server('product', count),
    unstored: server('unstored', count),
    receive: server('receive', count),
    commitEach: server('commitEach', few),
  });
  const most = 1 / median(took.product);
  const rate = (seconds: number[]) => speed(1, seconds);
  return [
    {
      question: 'HTTP: durable / verified and decoded only',
      ratios: ratios(took.unstored, took.product),
      goal: { atLeast: 0.65 },
      figures: `${rate(took.product)} durable, ${rate(took.unstored)} not`,
    },
    {
      question: 'HTTP: durable / a commit for each request',
      ratios: ratios(took.commitEach, took.product),
      goal: { atLeast: 3.5 },
      figures: rate(took.commitEach),
    },
    {
      question: 'HTTP: durable / `receive` and nothing stored',
      ratios: ratios(took.receive, took.product),
      goal: { atLeast: 1.2 },
      figures: rate(took.receive),
    },
    await atHalf(bench, most),
    ...(bench.full ? [await steady(bench, most)] : []),
  ];
}

/** At half its greatest rate; the goal is ten commits and 5 ms. */
async function atHalf({ rounds, size, file }: Bench, most: number): Promise<Answer> {
  const seconds = size(2, 5);
  const rate = Math.round(most / 2);
  const total = Math.ceil((rate * seconds) / EVENTS_A_CALL) * EVENTS_A_CALL;
  const found: number[] = [];
  const goals: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = rawStore(file(`commit-${round}.db`));
    const commits = await timesOf([...manyCalls(10)], (text) => store.insert([rowOf(text)]));
    store.close();
    await using one = await start('product', file(`half-${round}.db`));
    const times = await one.pump.steadily([...manyCalls(total / EVENTS_A_CALL)].map(requestOf), rate);
    found.push(times[Math.floor(times.length * 0.99)]!);
    goals.push(10 * median(commits) + 5);
  }
  return {
    question: 'HTTP: p99 at half the greatest rate / (10 commits + 5 ms)',
    ratios: ratios(found, goals),
    goal: { atMost: 1 },
    figures: `${ms(median(found))} at ${(rate / 1000).toFixed(1)} k/s`,
  };
}

/** For two minutes at four fifths of its greatest rate, with ten thousand rooms open beside. */
async function steady({ file }: Bench, most: number): Promise<Answer> {
  const rate = Math.round(most * 0.8);
  const calls = Math.ceil((rate * 120) / EVENTS_A_CALL);
  await using one = await start('product', file('steady.db'));
  const idle = (await one.tells()).rss;
  await one.pump.all(openCalls(OPEN_ROOMS).map(requestOf));
  const opened = (await one.tells()).rss;
  let highest = 0;
  const watch = setInterval(async () => {
    highest = Math.max(highest, (await one.tells()).rss);
  }, 1_000);
  const times = await one.pump.steadily(manyCalls(calls, OPEN_ROOMS).map(requestOf), rate);
  clearInterval(watch);
  expectCount('events', (await one.tells()).events!, (WARM_UP.calls + OPEN_ROOMS + calls) * EVENTS_A_CALL);
  const at = (share: number) => ms(percentile([...times], share));
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
  return {
    question: 'HTTP: two minutes at 80 % of the greatest rate, 10,000 rooms open',
    ratios: [],
    goal: null,
    figures: `${(rate / 1000).toFixed(1)} k/s: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}; memory idle ${mib(idle)}, rooms open ${mib(opened)}, at most ${mib(highest)}`,
  };
}

async function start(kind: ServerKind, database: string) {
  const child = fork(new URL('../webhookServer.ts', import.meta.url), [kind, database], { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  const pump = await Pump.open(port, CONNECTIONS);
  await pump.all(manyCalls(WARM_UP.calls, WARM_UP.first).map(requestOf));
  return {
    pump,
    tells: () => told(child),
    async [Symbol.asyncDispose]() {
      pump.close();
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

async function told(child: ChildProcess): Promise<{ events: number | null; rss: number }> {
  child.send('tell');
  const [found] = await once(child, 'message');
  return found as { events: number | null; rss: number };
}
