/** The server dies, or is stopped, in the middle of its work. */
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import { seeded } from '../../src/random.ts';
import type { Letter } from '../../src/simulate/plan.ts';
import type { Call } from '../simulate/index.ts';
import { expectCleanMetrics, load, send, without } from './load.ts';
import { ownFolder, type Server, serve, sign } from './server.ts';

const folder = ownFolder();

const { FAULT_RUNS, FAULT_SEED } = process.env;
/** FAULT_RUNS=30 takes half a minute. */
const KILLS = Number(FAULT_RUNS ?? 2);
const SEED = Number(FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CALLS_FOR_A_LIFE = 15;
const MOST_ANSWERS = 150;
const UP_TO_MS_LATER = 8;

const timeout = 60_000 + KILLS * 5_000;
test(`killed ${KILLS} times under load (FAULT_SEED=${SEED}), it keeps all that it answered with 200, and measures it as if it had lived`, {
  timeout,
}, async () => {
  const random = seeded(SEED);
  const database = join(folder, 'killed.db');
  const { calls, letters } = load({ calls: CALLS_FOR_A_LIFE * KILLS, seed: SEED });
  const acknowledged = new Set<Letter>();
  const deaths: string[] = [];
  for (let death = 1; death <= KILLS; death++) {
    const server = await serve(database);
    const before = acknowledged.size;
    const after = { answers: random.int(1, MOST_ANSWERS), ms: random.next() * UP_TO_MS_LATER };
    await send(server, without(letters, acknowledged), acknowledged, {
      onAcknowledged() {
        if (acknowledged.size === before + after.answers) setTimeout(() => server.kill('SIGKILL'), after.ms);
      },
    });
    expect(without(letters, acknowledged)).not.toEqual([]); // it died at work
    await server.end('SIGKILL');
    deaths.push(`${acknowledged.size - before} answers (killed ${after.ms.toFixed(1)} ms after the ${after.answers}.)`);
  }
  if (FAULT_RUNS) console.info(`seed ${SEED}, ${letters.length} webhooks, lives of:\n  ${deaths.join('\n  ')}`);

  const last = await serve(database);
  await send(last, without(letters, acknowledged), acknowledged);
  expect(acknowledged.size).toBe(letters.length);
  await expectCleanMetrics(last, calls);
  await last.end('SIGKILL');
  expect(integrity(database)).toBe('ok');
  expect(missing(database, acknowledged)).toEqual([]);
});

test('stopped by SIGTERM in mid-call it answers what is under way; after that, and after SIGKILL, calls go on as if nothing had been', async () => {
  const database = join(folder, 'restarted.db');
  const { calls, letters } = load({ calls: 12, seed: 7 });
  const [first, second] = [letters.slice(0, letters.length / 2), letters.slice(letters.length / 2)];
  const acknowledged = new Set<Letter>();
  const sendUntil = (signal: NodeJS.Signals, server: Server, some: readonly Letter[]) => {
    const enough = acknowledged.size + Math.floor(some.length / 2);
    const onAcknowledged = () => void (acknowledged.size === enough && server.kill(signal));
    return send(server, some, acknowledged, { onAcknowledged });
  };

  const stopped = await serve(database);
  const [halfSent, ...others] = first as [Letter, ...Letter[]];
  const finish = await sendHalf(stopped, halfSent);
  await sendUntil('SIGTERM', stopped, others);
  expect(await finish()).toBe(200);
  acknowledged.add(halfSent);
  expect(await stopped.exit).toBe(0);
  expect(missing(database, acknowledged)).toEqual([]);
  expect(without(first, acknowledged)).not.toEqual([]);

  const killed = await serve(database);
  await send(killed, without(first, acknowledged), acknowledged);
  await expectStates(killed, calls, first);
  await sendUntil('SIGKILL', killed, second);
  expect(await killed.exit).toBeNull();

  const last = await serve(database);
  await send(last, without(letters, acknowledged), acknowledged);
  await expectCleanMetrics(last, calls);
  expect(missing(database, acknowledged)).toEqual([]);
});

/** A webhook of which half has come. @returns sends the other half, and tells the status of the answer */
async function sendHalf({ port }: Server, { body }: Letter): Promise<() => Promise<number>> {
  const sending = request({
    port,
    path: '/webhook',
    method: 'POST',
    headers: { authorization: sign(body), 'content-length': Buffer.byteLength(body) },
  });
  sending.write(body.slice(0, 50));
  const answered = once(sending, 'response');
  await wait(100);
  return async () => {
    sending.end(body.slice(50));
    const [response] = await answered;
    response.resume();
    return response.statusCode;
  };
}

/** Told of half of all, the server knows who is where: as of the last instant that it was told of. */
async function expectStates(server: Server, calls: readonly Call[], heard: readonly Letter[]): Promise<void> {
  const evaluator = new CallEvaluator();
  await evaluator.processEvents(heard.map(({ body }) => body));
  const at = heard.at(-1)!.at;
  const states = [];
  for (const { room } of calls) {
    const found = await server.get(`/v1/calls/${room.sid}/state?at=${new Date(at).toISOString()}`);
    const expected = await evaluator.getState(room.sid, at);
    expect(found.status).toBe(expected ? 200 : 404);
    if (expected) expect(await found.json()).toEqual(JSON.parse(JSON.stringify(expected)));
    states.push(expected?.status);
  }
  await evaluator.close();
  expect(states).toContain('active'); // it is mid-call
}

function integrity(database: string): unknown {
  const db = new Database(database);
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}

/** What was acknowledged and is not there. */
function missing(database: string, acknowledged: ReadonlySet<Letter>): string[] {
  const db = new Database(database, { readonly: true });
  try {
    const kept = new Set(db.prepare('select id from events').pluck().all());
    return [...acknowledged].map(({ body }) => JSON.parse(body).id).filter((id) => !kept.has(id));
  } finally {
    db.close();
  }
}
