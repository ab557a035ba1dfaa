/** LiveKit's clock and this machine's are minutes apart. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callOf } from '../server/api/recorded.ts';
import { KEY, webhook } from '../server/webhook/signed.ts';
import { expectCleanMetrics, load } from './load.ts';
import { ownFolder, serve, sign } from './server.ts';

const folder = ownFolder();

const MINUTE = 60_000;
const nowIn = (ahead: number) => Date.now() + ahead;

test('LiveKit’s clock is 5 minutes behind: all is taken, and measured by LiveKit’s clock', async () => {
  const server = await serve(join(folder, 'behind.db'));
  const { calls, letters } = load({ calls: 20, seed: 8, ahead: -5 * MINUTE });
  for (const { body } of letters) expect((await server.post(body, sign(body, nowIn(-5 * MINUTE)))).status).toBe(200);
  await expectCleanMetrics(server, calls);
  const { lag, webhooks } = await server.ingest();
  expect(webhooks.forgeries).toEqual([]);
  expect(lag!.min).toBeGreaterThanOrEqual(300); // there it shows
});

test('LiveKit’s clock is 5 minutes ahead: all is refused, and said to be for the clock', async () => {
  const server = await serve(join(folder, 'ahead.db'));
  const { letters } = load({ calls: 1, seed: 8, ahead: 5 * MINUTE });
  for (const { body } of letters) expect((await server.post(body, sign(body, nowIn(5 * MINUTE)))).status).toBe(401);
  const { history, webhooks } = await server.ingest();
  expect(history.events).toBe(0);
  expect(webhooks.forgeries).toEqual([{ check: 'not_yet_valid', key: KEY, count: letters.length }]);
  expect(server.log()).toMatch(/"status":401,"code":"not-verified","check":"not_yet_valid".*webhook refused/);
});

test('a token is good for its 5 minutes, and a minute more before and after', async () => {
  const server = await serve(join(folder, 'leeway.db'));
  const statusOf = async (minutes: number) => {
    const body = webhook();
    return (await server.post(body, sign(body, nowIn(minutes * MINUTE)))).status;
  };
  expect(await Promise.all([-6.5, -5.5, 0.5, 1.5].map(statusOf))).toEqual([401, 200, 200, 401]);
  const { forgeries } = (await server.ingest()).webhooks;
  expect(new Set(forgeries.map(({ check }) => check))).toEqual(new Set(['expired', 'not_yet_valid']));
});

test('of events of a clock 5 minutes behind or ahead, open rooms stay open, and end when LiveKit says so', async () => {
  const server = await serve(join(folder, 'open.db'));
  const post = async (event: object) => expect((await server.post(JSON.stringify(event))).status).toBe(200);
  for (const [name, skew] of [
    ['behind', -300],
    ['ahead', 300],
  ] as const) {
    const began = Math.floor(Date.now() / 1000) + skew - 30;
    // Somebody is in the one; the other is empty, and LiveKit waits for its timeouts.
    const rooms = { [`RM_held_${name}`]: 2, [`RM_empty_${name}`]: 3 };
    for (const [sid, heard] of Object.entries(rooms)) {
      const events = callOf(sid, sid, began);
      for (const event of events.slice(0, heard)) await post(event);
      expect(await server.metrics(sid)).toMatchObject({ status: 'active' });
      for (const event of events.slice(heard)) await post(event);
      expect(await server.metrics(sid)).toMatchObject({
        status: 'finished',
        startedAt: new Date(began * 1000).toISOString(),
        duration: 41,
        callDuration: 20,
      });
    }
  }
});
