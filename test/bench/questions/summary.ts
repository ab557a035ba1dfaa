import Database from 'better-sqlite3';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { FigurePath } from '../../../src/fleet/callSummary.ts';
import { figuresOf } from '../../../src/fleet/figures.ts';
import { storedText } from '../../../src/fleet/storedFigures.ts';
import { parseOptions } from '../../../src/options.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { alternate, median, ms, ratios } from '../alternate.ts';
import { type Answer, type Bench, expectCount } from '../question.ts';
import { endOf, inBatches, manyCalls, NOW, roomSid, rowOf } from '../workload.ts';

const DAY = 86_400_000;
/** Of the days that the calls are spread over, so many are asked about: a month of three. */
const DAYS = 90;
const ASKED = 30;
const BEGIN = NOW - DAYS * DAY;

const TEN: FigurePath[] = [
  ...(['calls', 'offered', 'answered', 'abandonmentRate', 'averageSpeedOfAnswer'] as const),
  ...(['serviceLevel', 'averageHandleTime', 'callDuration', 'joinLatency', 'engagement'] as const),
];

/** A month of calls, by day: against SQL that takes count and percentiles of one column of a narrow table. */
export async function ask({ rounds, size, file }: Bench): Promise<Answer[]> {
  const calls = size(20_000, 200_000, 1_000_000);
  const database = file('calls.db');
  await fill(database, calls);
  const evaluator = new CallEvaluator({ database, clock: () => NOW });
  const period = { since: NOW - ASKED * DAY, until: NOW };
  const summarize = (figures?: FigurePath[]) => async () => {
    const began = performance.now();
    const { total, groups } = await evaluator.summarize({ ...period, by: ['day'], ...(figures && { figures }) });
    expectCount('days', groups.length, ASKED);
    if (figures === undefined) expectCount('calls', total.calls.value!, Math.floor((calls * ASKED) / DAYS));
    return performance.now() - began;
  };
  const took = await alternate(rounds, {
    sql: async () => pureSql(database, period),
    one: summarize(['callDuration']),
    ten: summarize(TEN),
    all: summarize(),
  });
  await evaluator.close();
  const asked = `a month of ${calls.toLocaleString('en')} calls, by day`;
  const figures = (of: number[]) => `${ms(median(of))}, SQL ${ms(median(took.sql))}`;
  return [
    {
      question: `${asked}: one figure / pure SQL of one`,
      ratios: ratios(took.one, took.sql),
      goal: { atMost: 0.6 },
      figures: figures(took.one),
    },
    {
      question: `${asked}: ten figures / pure SQL of one`,
      ratios: ratios(took.ten, took.sql),
      goal: { atMost: 1.5 },
      figures: figures(took.ten),
    },
    {
      question: `${asked}: all figures / pure SQL of one`,
      ratios: ratios(took.all, took.sql),
      goal: null,
      figures: figures(took.all),
    },
  ];
}

/** One measured call, as many times as are wanted, each with an instant and durations of its own. */
export async function fill(database: string, calls: number): Promise<void> {
  const evaluator = new CallEvaluator({ clock: () => NOW });
  await evaluator.processEvents(manyCalls(1));
  const metrics = (await evaluator.getMetrics(roomSid(0)))!;
  await evaluator.close();
  const base = figuresOf(metrics);
  const { configHash } = parseOptions({}).measuring;
  const facets = JSON.stringify({ status: 'finished', agents: [], kinds: [], tags: [], metadata: {} });
  const store = openSqlite({ file: database });
  for (const batch of inBatches(Array(calls).keys(), 1_000)) {
    const at = (call: number) => BEGIN + Math.floor((call * DAYS * DAY) / calls);
    await store.append(
      batch.map((call) => ({ ...rowOf(endOf(call)), at: at(call) })),
      [],
      batch.map((call) => ({
        ...{ roomSid: roomSid(call), revision: 0, configHash, arrivals: 1, facets, metrics: '{}' },
        figures: storedText({
          ...base,
          startedAt: at(call),
          endedAt: at(call) + secondsOf(call) * 1000,
          callDuration: secondsOf(call),
          agentHumanDuration: secondsOf(call),
          joinLatency: (secondsOf(call) % 97) / 10,
        }),
      })),
    );
  }
  await store.close();
  const db = new Database(database);
  db.exec('create table narrow (at integer, sid text, seconds real, primary key (at, sid)) strict, without rowid');
  db.exec('insert into narrow select first_at, room_sid, (seq * 7919) % 1800 from calls');
  db.close();
}

const secondsOf = (call: number) => (call * 7_919) % 1_800;

/** Count and percentiles of each day, as one would write it: the table has nothing but what it needs. */
function pureSql(database: string, { since, until }: { since: number; until: number }): number {
  const db = new Database(database, { readonly: true });
  const began = performance.now();
  const rows = db
    .prepare(`
      with ranked as (
        select at / ${DAY} as day, seconds, row_number() over (partition by at / ${DAY} order by seconds) as rank,
          count(*) over (partition by at / ${DAY}) as n
        from narrow where at >= ? and at < ?)
      select day, max(n), avg(seconds),
        max(iif(rank <= 1 + (n - 1) * 0.5, seconds, null)), max(iif(rank <= 1 + (n - 1) * 0.95, seconds, null)),
        max(iif(rank <= 1 + (n - 1) * 0.99, seconds, null))
      from ranked group by day`)
    .all(BigInt(since), BigInt(until));
  const took = performance.now() - began;
  db.close();
  expectCount('days by SQL', rows.length, ASKED);
  return took;
}
