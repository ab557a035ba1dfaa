/** Clients that are slow, huge or false, by the hundred, and LiveKit beside them. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { distribution } from '../../src/metrics/distribution.ts';
import { httpPost } from '../../src/simulate/httpPost.ts';
import type { Answer } from '../../src/simulate/rules.ts';
import { FORGERIES, webhook } from '../server/webhook/signed.ts';
import { type Heard, headOf, rawClient } from './rawClient.ts';
import { ownFolder, serve, sign } from './server.ts';

const folder = ownFolder();

const MIB = 1024 * 1024;
const HUGE = 100 * MIB;
/** Of one body that is gathered, and of as many as may be at once (src/server/webhook). */
const LARGEST_BODY = 32 * MIB;
const MOST_HELD = 8 * LARGEST_BODY;

describe.concurrent('beside LiveKit', () => {
  test('300 clients that trickle or say nothing: all are cut, and it is answered meanwhile', async ({ expect }) => {
    const server = await serve(join(folder, 'slow.db'));
    await server.post(webhook());
    const before = server.peakMemory();
    const head = headOf({ Authorization: sign('x'.repeat(1_000)), 'Content-Length': '1000' });
    const KINDS = {
      silent: { head: '', drip: '' },
      'headers trickle': { head: head.slice(0, 50), drip: 'x' },
      'body trickles': { head, drip: 'x' },
    };
    let open = 0;
    const began = performance.now();
    const heard = Object.fromEntries(
      Object.entries(KINDS).map(([kind, { head, drip }]) => [
        kind,
        times(100, async () => {
          open++;
          const { status } = await rawClient(server.port, head, dripping(drip));
          open--;
          return status;
        }),
      ]),
    );
    const good = [await server.post(webhook())];
    expect(open).toBe(300); // it was not waited for them
    while (open > 0) {
      await wait(50);
      good.push(await server.post(webhook()));
    }
    const cutAfter = (performance.now() - began) / 1000;
    expect(statuses(good)).toEqual([200]);
    for (const [kind, status] of [
      ['silent', 408],
      ['headers trickle', 408],
      ['body trickles', 503],
    ] as const)
      expect(new Set(await Promise.all(heard[kind]!))).toEqual(new Set([status]));
    const grown = server.peakMemory() - before;
    expect(grown).toBeLessThan(100);
    print(`300 slow clients: the last was cut after ${cutAfter.toFixed(1)} s, memory +${grown.toFixed(0)} MiB`, good);
  });

  test('bodies of 100 MB, announced or not: 413, or 401 where nobody vouches; neither waited for nor kept', async ({
    expect,
  }) => {
    const server = await serve(join(folder, 'huge.db'));
    await server.post(webhook());
    const before = server.peakMemory();
    const authentic = { Authorization: sign('x') };
    const forged = { Authorization: sign('x').slice(0, -5).concat('AAAAA') };
    const announced = { 'Content-Length': String(HUGE) };
    const chunked = { 'Transfer-Encoding': 'chunked' };

    for (const [status, authorization] of [
      [413, authentic],
      [401, forged],
    ] as const) {
      const { status: found } = await rawClient(server.port, headOf({ ...authorization, ...announced }), nothing());
      expect(found).toBe(status); // of the body not one byte was sent
    }

    const flood = async (status: number, headers: Record<string, string>, mostWritten: number) => {
      const heard = await rawClient(server.port, headOf(headers), huge('Transfer-Encoding' in headers));
      expect([status, 503]).toContain(heard.status); // 503: too many at once
      expect(heard.written).toBeLessThan(mostWritten);
      return heard;
    };
    let over = false;
    const flooding = Promise.all([
      ...times(1, () => flood(413, { ...authentic, ...announced }, HUGE / 2)),
      ...times(4, () => flood(413, { ...authentic, ...chunked }, LARGEST_BODY + HUGE / 2)),
      ...times(1, () => flood(401, { ...forged, ...announced }, HUGE / 2)),
      ...times(1, () => flood(401, { ...forged, ...chunked }, HUGE / 2)),
    ]).finally(() => {
      over = true;
    });
    const good: Answer[] = [];
    while (!over) good.push(await server.post(webhook()));
    const heard = await flooding;
    expect(statuses(good)).toEqual([200]);
    const grown = server.peakMemory() - before;
    print(`${heard.length} bodies of 100 MB (${counted(heard)}): memory +${grown.toFixed(0)} MiB`, good);
    expect(grown).toBeLessThan((2 * MOST_HELD) / MIB);
  });

  test('a thousand forgeries a second: they are refused and counted, and it is not', async ({ expect }) => {
    const server = await serve(join(folder, 'forged.db'));
    const made = await Promise.all(FORGERIES.map(async ([, check, make]) => ({ check, ...(await make(webhook())) })));
    const forgeries = made.filter(({ authorization }) => typeof authorization === 'string');
    const forger = httpPost(new URL(`${server.url}/webhook`), 64);
    const alone = await each(10, 40, () => server.post(webhook()));
    const began = performance.now();
    const [good, refused] = await Promise.all([
      each(10, 60, () => server.post(webhook())),
      each(1, 400, (n) => {
        const { authorization, body } = forgeries[n % forgeries.length]!;
        return forger.post(body, authorization as string);
      }),
    ]);
    forger.close();
    const rate = refused.length / ((performance.now() - began) / 1000);
    expect(statuses([...alone, ...good])).toEqual([200]);
    expect(statuses(refused)).toEqual([401]);
    const { webhooks } = await server.ingest();
    expect(webhooks.stored).toBe(alone.length + good.length);
    expect(new Set(webhooks.forgeries.map(({ check }) => check))).toEqual(new Set(forgeries.map(({ check }) => check)));
    expect(webhooks.forgeries.reduce((sum, { count }) => sum + count, 0)).toBe(refused.length);
    print('alone', alone);
    print(`beside ${rate.toFixed(0)} forgeries a second`, good);
  });
});

async function* dripping(drip: string): AsyncGenerator<string> {
  for (;;) {
    await wait(500);
    yield drip;
  }
}

async function* nothing(): AsyncGenerator<string> {}

async function* huge(chunked: boolean): AsyncGenerator<Buffer> {
  const part = Buffer.alloc(MIB, ' ');
  const whole = chunked ? Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), part, Buffer.from('\r\n')]) : part;
  for (let sent = 0; sent < HUGE; sent += MIB) yield whole;
}

/** Begins one every so many ms, however long they take, as far as the machine is fast enough. */
async function each<T>(everyMs: number, count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const began = performance.now();
  const begun: Promise<T>[] = [];
  while (begun.length < count) {
    const due = Math.min(count, Math.floor((performance.now() - began) / everyMs) + 1);
    while (begun.length < due) begun.push(work(begun.length));
    await wait(1);
  }
  return Promise.all(begun);
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const statuses = (answers: readonly Answer[]): (number | null)[] => [...new Set(answers.map(({ status }) => status))];

const counted = (heard: readonly Heard[]): string =>
  Object.entries(Object.groupBy(heard, ({ status }) => String(status)))
    .map(([status, all]) => `${all!.length} x ${status}`)
    .join(', ');

function print(what: string, good: readonly Answer[]): void {
  const { count, p50, p99, max } = distribution(good.map((one) => (one.status === null ? Number.NaN : one.took!)))!;
  console.info(
    `${what}: ${count} webhooks answered in ${p50.toFixed(1)} ms (p99 ${p99.toFixed(1)}, max ${max.toFixed(1)})`,
  );
}
