/** Servers of every kind that a webhook route can be mounted in. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { type FetchWebhook, fetchWebhook } from '../../../src/server/webhook/fetch.ts';
import { nodeWebhook } from '../../../src/server/webhook/node.ts';
import type { Receive } from '../../../src/server/webhook/receive.ts';

export interface Host {
  url: string;
  close(): Promise<unknown>;
}
type Start = (receive: Receive) => Promise<Host>;

const ANY = { type: () => true, limit: '32mb' };

export const HOSTS: Record<string, Start> = {
  'node:http': (receive) => listen(createServer(nodeWebhook(receive))),
  'Express 5': (receive) => listen(expressApp().post('/webhook', nodeWebhook(receive))),
  'Express 5, express.raw': (receive) => listen(expressApp().post('/webhook', express.raw(ANY), nodeWebhook(receive))),
  'Express 5, express.text': (receive) =>
    listen(expressApp().post('/webhook', express.text(ANY), nodeWebhook(receive))),
  'Fastify 5': (receive) => listenFastify(receive, (app) => app.addContentTypeParser('*', (_, __, done) => done(null))),
  'Fastify 5, parseAs buffer': (receive) =>
    listenFastify(receive, (app) =>
      app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body)),
    ),
  Hono: (receive) => {
    const handler = fetchWebhook(receive);
    return listenHono(new Hono().post('/webhook', (c) => handler(c.req.raw)));
  },
  'Next.js route handler': (receive) => {
    const route = { POST: fetchWebhook(receive) };
    return listen(createServer(asNext(route.POST)));
  },
};

/** A server of one's own, whose other routes take JSON. */
export function expressApp() {
  const app = express();
  app.post('/other', express.json(), (request, response) => void response.json(request.body));
  return app;
}

export function listenFastify(receive: Receive, parse: (scope: FastifyInstance) => void): Promise<Host> {
  const app = fastify();
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    parse(scope);
    scope.post('/webhook', nodeWebhook(receive));
  });
  app.post('/other', async (request) => request.body);
  return app.listen({ port: 0 }).then((url) => ({ url: `${url}/webhook`, close: () => app.close() }));
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
  const close = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/webhook`, close };
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
