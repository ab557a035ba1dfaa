/** Servers of every kind that a webhook route can be mounted in: as the README has them, and with parsers of raw bodies. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import type { Hono } from 'hono';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { FetchWebhook } from '../../../src/server/webhook/fetch.ts';
import type { NodeWebhook } from '../../../src/server/webhook/node.ts';
import { blockOf, listening, load } from '../../readme.ts';

export interface Host {
  url: string;
  close(): Promise<unknown>;
}
interface HostOf extends Host {
  evaluator: CallEvaluator;
}

const ANY = { type: () => true, limit: '64mb' };

/** All of them with the keys of the environment. */
export const HOSTS: Record<string, () => Promise<HostOf>> = {
  'node:http': () => fromReadme('node:http'),
  'Express 5': () => fromReadme('Express 5'),
  'Express 5, express.raw': () => mount((webhook) => listen(express().post('/webhook', express.raw(ANY), webhook))),
  'Express 5, express.text': () => mount((webhook) => listen(express().post('/webhook', express.text(ANY), webhook))),
  'Fastify 5': () => fromReadme('Fastify 5'),
  'Fastify 5, parseAs buffer': () =>
    mount(async (webhook) => {
      const app = fastify({ bodyLimit: 64 * 1024 * 1024 });
      app.removeAllContentTypeParsers();
      app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
      app.post('/webhook', webhook);
      const url = await app.listen({ port: 0 });
      return { url: `${url}/webhook`, close: () => app.close() };
    }),
  Hono: () => fromReadme('Hono'),
  'Next.js route handler': async () => {
    const route = await load<{ evaluator: CallEvaluator; POST: FetchWebhook }>(blockOf('ts', 'Next.js'));
    await route.POST(new Request('http://localhost/')); // the first one opens it
    return { evaluator: route.evaluator, ...(await listen(createServer(asNext(route.POST)))) };
  },
};

async function fromReadme(name: string): Promise<HostOf> {
  const block = blockOf('ts', name);
  const { result, server, url } = await listening(() => load<{ evaluator: CallEvaluator }>(block));
  return { url: `${url}/webhook`, close: () => closed(server), evaluator: result.evaluator };
}

async function mount(start: (webhook: NodeWebhook) => Promise<Host>): Promise<HostOf> {
  const evaluator = new CallEvaluator();
  return { evaluator, ...(await start(evaluator.webhook())) };
}

export function listenHono(app: Hono): Promise<Host> {
  return new Promise((settle) => {
    const server = serve({ fetch: app.fetch, port: 0 }, ({ port }) => settle(hostOf(server as Server, port)));
  });
}

export function listen(handler: Server | RequestListener): Promise<Host> {
  const server = typeof handler === 'function' ? createServer(handler) : handler;
  return new Promise((settle) => {
    server.listen(0, '127.0.0.1', () => settle(hostOf(server, (server.address() as AddressInfo).port)));
  });
}

function hostOf(server: Server, port: number): Host {
  return { url: `http://127.0.0.1:${port}/webhook`, close: () => closed(server) };
}

function closed(server: Server): Promise<unknown> {
  return new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
}

/** As Next.js hands requests to route handlers, on Node.js. */
function asNext(handler: FetchWebhook): RequestListener {
  return async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const headers = new Headers();
    for (const [name, values] of Object.entries(incoming.headersDistinct))
      for (const value of values!) headers.append(name, value);
    const { method = 'GET' } = incoming;
    const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream);
    const url = `http://${incoming.headers.host}${incoming.url}`;
    const response = await handler(new Request(url, { method, headers, body, duplex: 'half' }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  };
}
