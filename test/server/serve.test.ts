/** The server over the wire. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../../src/evaluator.ts';
import type { Log } from '../../src/server/api/options.ts';
import { Reconciler } from '../../src/server/repair/reconciler.ts';
import { type CallServer, createServer, type ServerOptions } from '../../src/server/serve.ts';
import { callOf, TOKEN } from './api/recorded.ts';
import { post } from './webhook/post.ts';
import { good, KEYS, sign } from './webhook/signed.ts';

interface Line {
  level: keyof Log;
  message: string;
  [field: string]: unknown;
}
const opened: { server: CallServer; evaluator: CallEvaluator }[] = [];
afterEach(async () => {
  for (const { server, evaluator } of opened.splice(0)) {
    await server.close();
    await evaluator.close();
  }
});

function make(options: ServerOptions = {}) {
  const evaluator = new CallEvaluator();
  const lines: Line[] = [];
  const at = (level: keyof Log) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const server = createServer(evaluator, { env: {}, keys: KEYS, token: TOKEN, log, ...options });
  opened.push({ server, evaluator });
  return { server, evaluator, lines };
}

async function serve(options: ServerOptions = {}) {
  const made = make(options);
  const { url } = await made.server.listen(0);
  const get = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
  return { ...made, url, get };
}

async function signed(event: object) {
  const body = JSON.stringify(event);
  return { authorization: await sign(body), body };
}

test('what LiveKit POSTs can be asked for', async () => {
  const { url, get } = await serve();
  for (const event of callOf('RM_a', 'support'))
    expect(await post(`${url}/webhook`, await signed(event))).toMatchObject({
      status: 200,
      body: { status: 'stored' },
    });
  const { calls } = (await (await get('/v1/calls')).json()) as { calls: object[] };
  expect(calls).toMatchObject([{ roomSid: 'RM_a', status: 'finished', duration: 41 }]);
  const ingest = await (await get('/v1/ingest')).json();
  expect(ingest).toMatchObject({
    events: { stored: 4 },
    webhooks: { received: 4, stored: 4, forgeries: [], keys: [{ key: Object.keys(KEYS)[0], count: 4 }] },
  });
});

test('forgeries are refused, counted, and logged once in a while', async () => {
  const { url, get, lines } = await serve();
  for (let i = 0; i < 20; i++) {
    const { body } = await good();
    expect((await post(`${url}/webhook`, { authorization: 'forged', body })).status).toBe(401);
  }
  const { webhooks } = (await (await get('/v1/ingest')).json()) as { webhooks: { forgeries: object[] } };
  expect(webhooks.forgeries).toEqual([{ check: 'malformed_token', key: 'other', count: 20 }]);
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([
    { level: 'warn', message: 'webhook refused', status: 401, code: 'not-verified', check: 'malformed_token' },
  ]);
});

test('webhooks have a path of their own', async () => {
  const { url } = await serve({ webhookPath: '/hooks/livekit' });
  expect((await post(`${url}/hooks/livekit`, await good())).status).toBe(200);
  expect((await post(`${url}/hooks/livekit?project=a`, await good())).status).toBe(200);
  expect((await post(`${url}/webhook`, await good())).status).toBe(404);
  expect((await fetch(`${url}/hooks/livekit`)).status).toBe(405);
});

test('without keys it says at the path of webhooks what is missing, so that LiveKit sends again', async () => {
  const { url } = await serve({ keys: {} });
  const { status, headers, body } = await post(`${url}/webhook`, await good());
  expect([status, headers['retry-after']]).toEqual([503, '8']);
  expect(body.detail).toContain('LIVEKIT_API_KEY');
});

test('a request is a line in the log, without what it names', async () => {
  const { get, lines } = await serve();
  await get('/v1/calls?room=ana-and-ben&agent=carla');
  await get('/v1/calls/RM_secret/explain?path=duration');
  await get('/nothing/of/the/kind');
  expect(lines).toEqual([
    { level: 'info', message: 'answered', method: 'GET', route: '/v1/calls', status: 200, ms: expect.any(Number) },
    {
      level: 'info',
      message: 'answered',
      method: 'GET',
      route: '/v1/calls/{roomSid}/explain',
      status: 404,
      ms: expect.any(Number),
    },
    { level: 'info', message: 'answered', method: 'GET', route: 'unknown', status: 404, ms: expect.any(Number) },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/ana|carla|secret|nothing|invented/);
});

describe('what no browser sends', () => {
  async function raw(text: string): Promise<string> {
    const { server } = await serve();
    const socket = connect((server.http.address() as { port: number }).port, '127.0.0.1');
    socket.end(text);
    return (await socket.setEncoding('utf8').toArray()).join('');
  }

  test.each([
    ['a URL of slashes', 'GET //evil.example/v1/calls HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
    ['a whole URL', 'GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', 200],
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a NUL in the path', 'GET /v1/calls/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n', 401],
    [
      'two tokens',
      `GET /v1/calls HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
      401,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ])('is answered: %s', async (_, text, status) => {
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('a body where none belongs is not waited for', async () => {
    const { url } = await serve();
    const sending = request(`${url}/v1/calls`, { method: 'POST', headers: { 'content-length': 1e9 } });
    sending.on('error', () => {});
    sending.write('x');
    const [response] = await once(sending, 'response');
    expect([response.statusCode, response.headers.connection]).toEqual([405, 'close']);
    sending.destroy();
  });
});

describe('the live stream', () => {
  test('goes over the wire', async () => {
    const { get, evaluator } = await serve();
    const response = await get('/v1/live');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let told = (await reader.read()).value!;
    await evaluator.processEvents(callOf('RM_a', 'support'));
    while (!told.includes('callFinished')) told += (await reader.read()).value;
    expect(told).toContain('"roomSid":"RM_a"');
    await reader.cancel();
    const streams = async () =>
      ((await (await get('/v1/ingest')).json()) as { live: { streams: number } }).live.streams;
    await vi.waitFor(async () => expect(await streams()).toBe(0));
  });
});

describe('listening', () => {
  test('is on this machine alone unless reading is protected', async () => {
    const { server } = make({ keys: {}, token: '' });
    await expect(server.listen(0, '0.0.0.0')).rejects.toThrow(/anybody could read your calls.*CALL_EVALUATOR_TOKEN/);
    await expect(server.listen(0, '::')).rejects.toThrow(/anybody could read/);
    expect((await server.listen(0, 'localhost')).url).toMatch(/^http:\/\/localhost:\d+$/);
    const open = make({ keys: {} });
    expect((await open.server.listen(0, '0.0.0.0')).url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  });

  test.each([
    ['a port that is taken', async (port: number) => [port, '127.0.0.1'], /Port \d+ of 127\.0\.0\.1 is taken/],
    ['an address of another machine', async () => [0, '203.0.113.7'], /no address of this machine/],
  ])('says what is wrong with %s', async (_, where, message) => {
    const { server } = await serve();
    const [port, host] = (await where((server.http.address() as { port: number }).port)) as [number, string];
    await expect(make().server.listen(port, host)).rejects.toThrow(message);
  });

  test.each(['webhook', '/', '/v1/webhook', '/metrics', '/web hook'])('%j is no path for webhooks', (webhookPath) => {
    expect(() => make({ webhookPath })).toThrow(/cannot be the path of webhooks/);
  });
});

describe('stopping', () => {
  test('answers what is under way, ends streams, and takes nothing new', async () => {
    const { server, evaluator, url, get } = await serve();
    const stream = (await get('/v1/live')).body!.getReader();
    const body = JSON.stringify(callOf('RM_a', 'support')[0]);
    // a webhook of which half has come
    const sending = request(`${url}/webhook`, {
      method: 'POST',
      headers: { authorization: await sign(body), 'content-length': Buffer.byteLength(body) },
    });
    sending.write(body.slice(0, 50));
    await wait(50);
    const closed = server.close();
    sending.end(body.slice(50));
    const [response] = await once(sending, 'response');
    response.resume();
    expect(response.statusCode).toBe(200);
    await closed;
    for (let done = false; !done; ) done = (await stream.read()).done;
    await expect(get('/healthz')).rejects.toThrow('fetch failed');
    expect((await evaluator.counts()).events).toBe(1); // the evaluator is still open
  });

  test('does not wait for idle connections, and waits a while for those that send nothing', async () => {
    const { server, url } = await serve();
    await (await fetch(`${url}/healthz`)).text(); // kept alive
    const port = (server.http.address() as { port: number }).port;
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('in the middle of many webhooks loses none of which it said that they are stored', async () => {
    const { server, evaluator, url } = await serve();
    const many = await Promise.all(Array.from({ length: 400 }, () => good()));
    const answers = many.map((one) =>
      post(`${url}/webhook`, one).then(
        ({ status }) => status,
        () => 0, // its connection was not taken any more
      ),
    );
    await Promise.race(answers);
    await server.close();
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status !== 0 && status !== 200)).toEqual([]);
    expect((await evaluator.counts()).events).toBe(statuses.filter((status) => status === 200).length);
  });

  test('closes beside the questions to LiveKit, not after them', async () => {
    const stopped = Promise.withResolvers<void>();
    vi.spyOn(Reconciler.prototype, 'stop').mockReturnValueOnce(stopped.promise);
    const { server, url } = await serve({ reconcile: 'http://localhost:7880' });
    const closed = server.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
    stopped.resolve();
    await closed;
    vi.restoreAllMocks();
  });

  test('before it has listened is no fault', async () => {
    await make().server.close();
  });
});
