import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import { metricsOf, told, withoutArrival } from '../laws/calls.ts';
import { SCENARIO_NAMES } from '../simulate/index.ts';

/** As in deaths.test.ts: `FAULT_RUNS=50` for more than `npm test` has time for. */
const LIVES = Number(process.env.FAULT_RUNS ?? 4);
const CALLS = 5 * LIVES;
const EVENTS_OF_A_LIFE = 120;
/** From when it is told of events; about when all of them are on disk. */
const LONGEST_LIFE_MS = 220;

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
const database = join(folder, 'calls.db');
afterAll(() => rmSync(folder, { recursive: true }));

test(`after ${LIVES} deaths at any instant, all that was acknowledged is there, and measured as if nobody had died`, async () => {
  const scenarios = SCENARIO_NAMES.filter((name) => name !== 'webinar');
  const calls = Array.from({ length: CALLS }, (_, seed) =>
    told({ seed, mode: 'ms', scenario: scenarios[seed % scenarios.length]!, old: false }),
  );
  // Of a few rooms at a time: of one, a fifth is heard before the next one begins.
  const events = calls
    .flatMap(({ emitted }, n) => emitted.map(({ event }, i) => ({ event, turn: n + (5 * i) / emitted.length })))
    .sort((one, other) => one.turn - other.turn)
    .map(({ event }) => event);

  const acknowledged = new Set<string>();
  let nextLife = begin();
  // a loaded machine may let many die before they have done anything
  for (let death = 1; death <= LIVES || (acknowledged.size <= LIVES && death < 20 * LIVES); death++) {
    const life = nextLife;
    await life.isUp;
    nextLife = begin(); // it gets ready while this one lives
    const left = events.filter(({ id }) => !acknowledged.has(id));
    life.child.stdin.end(JSON.stringify({ database, events: left.slice(0, EVENTS_OF_A_LIFE) }));
    await wait(Math.random() * LONGEST_LIFE_MS);
    life.child.kill('SIGKILL');
    await once(life.child, 'close');
    for (const id of life.lines().slice(1)) acknowledged.add(id);
  }
  nextLife.child.kill('SIGKILL');
  expect(acknowledged.size).toBeGreaterThan(LIVES);
  expect(integrity()).toBe('ok');

  const evaluator = new CallEvaluator({ database });
  const kept = await Promise.all(calls.map(({ call }) => evaluator.getEvents(call.room.sid)));
  const ids = new Set(kept.flat().map(({ id }) => id));
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);

  await evaluator.processEvents(events.filter(({ id }) => !acknowledged.has(id)));
  for (const { call, emitted } of calls) {
    const metrics = await evaluator.getMetrics(call.room.sid, { now: call.now });
    expect(withoutArrival(metrics!)).toBe(withoutArrival(await metricsOf({ call, emitted })));
  }
  await evaluator.close();
});

function begin() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('life.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {}); // it may die before it has heard all
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  // A line that was cut off was not heard.
  return { child, isUp: once(child.stdout, 'data'), lines: () => printed.split('\n').slice(0, -1) };
}

function integrity(): unknown {
  const db = new Database(database);
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}
