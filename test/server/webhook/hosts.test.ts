/** In real servers, as the README mounts it, over the wire, signed by LiveKit's own SDK. */

import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { fetchWebhook } from '../../../src/server/webhook/fetch.ts';
import { nodeWebhook } from '../../../src/server/webhook/node.ts';
import { type Receive, receiver } from '../../../src/server/webhook/receive.ts';
import { doorOf } from './door.ts';
import { HOSTS, type Host, listen, listenHono } from './hosts.ts';
import { post } from './post.ts';
import { FORGERIES, good, KEY, KEYS, SECRET, sign, webhook } from './signed.ts';

const OPTIONS = { keys: KEYS, maxBody: 100_000, bodyTimeout: 5, onTrouble: () => {} };

beforeAll(() => {
  vi.stubEnv('LIVEKIT_API_KEY', KEY);
  vi.stubEnv('LIVEKIT_API_SECRET', SECRET);
});
afterAll(() => vi.unstubAllEnvs());

describe.each(Object.entries(HOSTS))('%s', (_, start) => {
  let evaluator: CallEvaluator;
  let host: Host;
  beforeAll(async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {}); // of what is refused
    ({ evaluator, ...host } = await start());
  });
  afterAll(async () => {
    await host.close();
    await evaluator.close();
    vi.restoreAllMocks();
  });

  test('stores, knows again, quarantines: 200', async () => {
    const sent = await good();
    const { id, room } = JSON.parse(sent.body);
    expect(await post(host.url, sent)).toMatchObject({ status: 200, body: { status: 'stored', id } });
    expect(await post(host.url, sent)).toMatchObject({ status: 200, body: { status: 'duplicate', id } });
    expect(await evaluator.getEvents(room.sid)).toMatchObject([{ id, body: sent.body }]);
    const odd = await post(host.url, await good('{"event":"participant_left","a":"ü"}'));
    expect(odd).toMatchObject({ status: 200, body: { status: 'quarantined', reason: { field: 'participant' } } });
  });

  test.each([
    'application/webhook+json',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
  ])('takes %s', async (type) => {
    const sent = await good(webhook().replace('support', 'café, "one"  two'));
    expect(await post(host.url, sent, { 'content-type': type })).toMatchObject({ status: 200 });
  });

  test('takes Bearer, and a body in pieces', async () => {
    const body = webhook().replace('"support"', JSON.stringify('x'.repeat(90_000)));
    const sent = { authorization: `Bearer ${await sign(body)}`, body };
    expect(await post(host.url, sent, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 200 });
  });

  test.each(FORGERIES)('refuses %s', async (_, check, make) => {
    const before = await evaluator.counts();
    const { status, headers, body } = await post(host.url, await make(webhook()));
    expect(status).toBe(401);
    expect(body).toMatchObject({ check });
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await evaluator.counts()).toEqual(before);
  });

  test('knows two Authorization headers whichever is right', async () => {
    const body = webhook();
    for (const authorization of [
      [await sign(body), 'Basic abc'],
      ['Basic abc', await sign(body)],
    ])
      expect(await post(host.url, { authorization, body })).toMatchObject({ status: 401 });
  });

  test('413 for what is too large, by its own account or not; the next is taken', async () => {
    const body = 'x'.repeat(34_000_000);
    const sent = { authorization: await sign(body), body };
    expect(await post(host.url, sent)).toMatchObject({ status: 413 });
    expect(await post(host.url, sent, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 413 });
    expect(await post(host.url, await good())).toMatchObject({ status: 200 });
  });

  test('503 when the store is closed', async () => {
    await evaluator.close();
    const { status, headers } = await post(host.url, await good());
    expect(status).toBe(503);
    expect(headers['retry-after']).toMatch(/^[12]$/);
    expect(evaluator.ingestCounters()).toMatchObject({ unavailable: [{ code: 'closed', count: 1 }] });
  });
});

describe('a body that was parsed before', () => {
  const evaluator = new CallEvaluator();
  const open: Host[] = [];
  afterEach(async () => {
    for (const host of open.splice(0)) await host.close();
  });
  afterAll(() => evaluator.close());
  const receive: Receive = receiver(doorOf(evaluator), OPTIONS);
  const opened = async (starting: Promise<Host>) => {
    const host = await starting;
    open.push(host);
    return host.url;
  };

  const json = express.json({ type: () => true });
  const HOSTS_THAT_PARSE: [string, () => Promise<Host>][] = [
    ['Express, for all routes', () => listen(express().use(json).post('/webhook', nodeWebhook(receive)))],
    [
      'Fastify',
      async () => {
        const app = fastify();
        app.post('/webhook', nodeWebhook(receive));
        const url = await app.listen({ port: 0 });
        return { url: `${url}/webhook`, close: () => app.close() };
      },
    ],
    [
      'Hono',
      () => {
        const handler = fetchWebhook(receive);
        const app = new Hono();
        app.use(async (c, next) => {
          await c.req.json();
          await next();
        });
        return listenHono(app.post('/webhook', (c) => handler(c.req.raw)));
      },
    ],
  ];

  test.each(HOSTS_THAT_PARSE)('%s: 503, so that LiveKit counts it as failed, with the fix', async (_, start) => {
    const url = await opened(start());
    const { status, body } = await post(url, await good(), { 'content-type': 'application/json' });
    expect(status).toBe(503);
    expect(body).toMatchObject({ detail: expect.stringContaining('have this route before app.use(express.json())') });
    const forged = await post(url, { authorization: 'x', body: '{}' }, { 'content-type': 'application/json' });
    expect(forged.status).toBe(401);
  });

  test('by express.json in front, which leaves LiveKit’s own type alone: 200', async () => {
    const url = await opened(listen(express().use(express.json()).post('/webhook', nodeWebhook(receive))));
    expect(await post(url, await good())).toMatchObject({ status: 200 });
  });

  test('with the bytes kept in rawBody: 200', async () => {
    const keeping = express.json({
      type: () => true,
      verify: (request, _, bytes) => Object.assign(request, { rawBody: bytes }),
    });
    const url = await opened(listen(express().use(keeping).post('/webhook', nodeWebhook(receive))));
    expect(await post(url, await good())).toMatchObject({ status: 200 });
  });

  test('and is still a Request, but locked or used', async () => {
    const { authorization, body } = await good();
    const request = () =>
      new Request('http://localhost/webhook', {
        method: 'POST',
        body,
        headers: { authorization: authorization as string },
      });
    const handler = fetchWebhook(receive);
    const used = request();
    await used.text();
    const locked = request();
    locked.body!.getReader();
    for (const read of [used, locked]) expect((await handler(read)).status).toBe(503);
    expect((await handler(request())).status).toBe(200);
  });

  test('the other routes of the same server still parse theirs', async () => {
    const app = express().post('/webhook', nodeWebhook(receive)).use(json);
    app.post('/other', (request, response) => void response.json(request.body));
    const url = await opened(listen(app));
    const other = { authorization: undefined, body: '{"a":1}' };
    expect(await post(url.replace('webhook', 'other'), other)).toMatchObject({ body: { a: 1 } });
  });
});

test('another method: 405', async () => {
  const evaluator = new CallEvaluator();
  const receive = receiver(doorOf(evaluator), OPTIONS);
  const host = await listen(nodeWebhook(receive));
  const answers = [await fetch(host.url), await fetchWebhook(receive)(new Request('http://localhost/'))];
  for (const { status, headers } of answers) expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  await host.close();
  await evaluator.close();
});

test('an answer that a time limit of the server’s has given already is left alone', async () => {
  const evaluator = new CallEvaluator();
  const receive = receiver(doorOf(evaluator), OPTIONS);
  const warn = vi.spyOn(process, 'emitWarning');
  const handler = nodeWebhook(receive);
  const host = await listen((request, response) => {
    response.writeHead(504).end('{}');
    void handler(request, response);
  });
  expect(await post(host.url, await good())).toMatchObject({ status: 504 });
  expect(warn).not.toHaveBeenCalled();
  await host.close();
  await evaluator.close();
});
