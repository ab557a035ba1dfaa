/** What reads many calls: a few at once, and not for clients that have left. */
import { once } from 'node:events';
import { createServer, get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { figuresByHour } from '../../../src/figuresByHour.ts';
import { GATE_LIMITS, Gate, type GateLimits } from '../../../src/server/api/gate.ts';
import { nodeHandler } from '../../../src/server/api/nodeHttp.ts';
import { ROUTES } from '../../../src/server/api/routes.ts';
import type { Store } from '../../../src/store/store.ts';
import { callOf, closeAll, recorded } from './recorded.ts';

afterEach(closeAll);

const HEAVY = ['/v1/summary', '/v1/timeseries', '/v1/compare', '/v1/what-if', '/v1/series'];
const STAYS = new AbortController().signal;
const settled = () => new Promise(setImmediate);

/** Work that ends when the test says so. */
function gated(limits: Partial<GateLimits> = {}) {
  const gate = new Gate({ atWork: 2, waiting: 2, waitMs: 1000, ...limits });
  const begun: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const come = (name: string, signal = STAYS) =>
    gate.pass(signal, () => {
      begun.push(name);
      return new Promise<string>((done, fail) => end.set(name, (error) => (error ? fail(error) : done(name))));
    });
  return { begun, end, come };
}

describe('the gate', () => {
  test('lets few in, the others in their order, and sends the rest away', async () => {
    const { begun, end, come } = gated();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => come(name));
    await expect(come('e')).rejects.toMatchObject({ kind: 'busy', headers: { 'retry-after': '10' } });
    expect(begun).toEqual(['a', 'b']);
    end.get('b')!(new Error('broken'));
    await expect(b).rejects.toThrow('broken');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    end.get('a')!();
    end.get('c')!();
    expect(await Promise.all([a, c])).toEqual(['a', 'c']);
    end.get('d')!();
    expect(await d).toBe('d');
    void [come('f'), come('g')];
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'f', 'g']);
  });

  test('lets none wait for long, and gives no place to one who has gone', async () => {
    const { begun, end, come } = gated({ atWork: 1, waitMs: 5 });
    const first = come('first');
    await expect(come('late')).rejects.toMatchObject({ kind: 'busy' });
    const client = new AbortController();
    const gone = come('gone', client.signal);
    const next = come('next');
    client.abort();
    await expect(gone).rejects.toBe(client.signal.reason);
    end.get('first')!();
    await first;
    await settled();
    end.get('next')!();
    await next;
    await expect(come('not there', client.signal)).rejects.toBe(client.signal.reason);
    expect(begun).toEqual(['first', 'next']);
  });
});

test('routes that read many calls share it; others are answered all the same', async () => {
  expect(ROUTES.filter(({ heavy }) => heavy).map(({ path }) => path)).toEqual(HEAVY);
  const { get, evaluator } = await recorded(['support-call']);
  const { promise, resolve } = Promise.withResolvers<void>();
  const summarize = evaluator.summarize.bind(evaluator);
  const spy = vi
    .spyOn(evaluator, 'summarize')
    .mockImplementation((...asked) => promise.then(() => summarize(...asked)));
  const { atWork, waiting } = GATE_LIMITS;
  const taken = Array.from({ length: atWork + waiting }, () => get('/v1/summary'));
  for (const path of HEAVY) {
    const { status, headers, body } = await get(path);
    expect([status, headers.get('retry-after'), body.type]).toEqual([503, '10', 'urn:problem:call-evaluator:busy']);
  }
  expect((await get('/v1/calls')).status).toBe(200);
  expect(spy).toHaveBeenCalledTimes(atWork);
  resolve();
  expect(new Set((await Promise.all(taken)).map(({ status }) => status))).toEqual(new Set([200]));
  const { paths } = (await get('/openapi.json')).body;
  for (const path of HEAVY) {
    expect(paths[path].get.responses).toHaveProperty('503');
    expect(paths[path].get.description).toContain('Retry-After');
  }
});

describe('once a client has left', () => {
  test('its request is read no further, and is no fault', async () => {
    const lines: unknown[] = [];
    const error = vi.fn();
    const log = { info: (line: unknown) => lines.push(line), error, warn() {}, debug() {} };
    const { evaluator, api } = await recorded([], { log });
    for (let i = 0; i < 20; i++)
      await evaluator.processEvents(callOf(`RM_${i}`, `room-${i}`, 1_795_233_600 + i * 3600));
    const server = createServer(nodeHandler(api.fetch)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const request = httpGet({ port, path: '/v1/series?room=*' }).on('error', () => {});
    let read = 0;
    const getMetrics = evaluator.getMetrics.bind(evaluator);
    vi.spyOn(evaluator, 'getMetrics').mockImplementation(async (...asked) => {
      if (++read === 3) request.destroy();
      await sleep(5);
      return getMetrics(...asked);
    });
    await vi.waitFor(() => expect(lines).toMatchObject([{ route: '/v1/series', status: 499 }]), { interval: 5 });
    expect(read).toBeLessThan(10);
    expect(error).not.toHaveBeenCalled();
    server.close();
  });

  test('no further hour is read', async () => {
    const client = new AbortController();
    const readPage = vi.fn(async () => {
      if (readPage.mock.calls.length === 3) client.abort();
      return null;
    });
    const listCalls = vi.fn(async () => []);
    const store = { hoursWithCalls: async () => [1, 2, 3, 4, 5, 6], readPage, listCalls } as unknown as Store;
    const selection = { limit: 1 } as Parameters<typeof figuresByHour>[0]['selection'];
    const figuresNow = async () => null;
    const hours = figuresByHour({ store, selection, configHash: '', now: 0, signal: client.signal, figuresNow });
    const walk = async () => {
      for await (const _ of hours);
    };
    await expect(walk()).rejects.toThrow('This operation was aborted');
    expect([readPage.mock.calls.length, listCalls.mock.calls.length]).toEqual([3, 2]);
  });

  test('the library stops as well, with the reason of the signal', async () => {
    const { evaluator } = await recorded(['support-call']);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(evaluator.summarize({}, { signal })).rejects.toThrow('enough');
    await expect(evaluator.summarize({ room: '*' }, { signal })).rejects.toThrow('enough');
    await expect(evaluator.compare({ baseline: { agent: 'a' }, candidate: {} }, { signal })).rejects.toThrow('enough');
    await expect(evaluator.whatIf({ options: { noShowAfter: 1 } }, undefined, { signal })).rejects.toThrow('enough');
    await expect(evaluator.getSeries({ room: '*' }, { signal })).rejects.toThrow('enough');
    await expect(evaluator.getSeries({ roomName: 'x' }, { signal: 1 as never })).rejects.toThrow(
      'Option signal: expected an AbortSignal; found 1.',
    );
  });
});
