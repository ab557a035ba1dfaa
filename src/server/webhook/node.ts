/** The webhook as a route of node:http and of whatever hands its requests on: Express, Connect, Next.js pages; and of Fastify. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BodyFault, type BodyLimits, discardStream, readStream, takeWhole } from './body.ts';
import type { Receive } from './receive.ts';
import type { Answer } from './trouble.ts';

/** What is used of Fastify's request and reply. */
export interface FastifyRequestLike {
  raw: IncomingMessage;
  body?: unknown;
}
export interface FastifyReplyLike {
  raw: ServerResponse;
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
}

/** Resolves when the answer is on its way; never rejects. */
export interface NodeWebhook {
  (request: IncomingMessage, response: ServerResponse): Promise<void>;
  (request: FastifyRequestLike, reply: FastifyReplyLike): Promise<void>;
}

export function nodeWebhook(receive: Receive): NodeWebhook {
  return async (request: IncomingMessage | FastifyRequestLike, response: ServerResponse | FastifyReplyLike) => {
    const incoming = 'raw' in request ? request.raw : request;
    const answer = await receive({
      method: incoming.method ?? '',
      header: (name) => headerOf(incoming, name),
      body: (limits) => bodyOf(incoming, request, limits),
    });
    if ('raw' in response) reply(response, answer);
    else respond(response, answer);
    discardStream(incoming);
  };
}

/** Node.js itself keeps only the first of two Authorization headers. Adapters of serverless platforms fill in `headers` alone. */
function headerOf({ headersDistinct, headers }: IncomingMessage, name: string): string | null {
  return headersDistinct?.[name]?.join(',') ?? headers[name]?.toString() ?? null;
}

/** The stream if it is still to be had; else what a parser of raw bodies has left of it. */
async function bodyOf(incoming: IncomingMessage, request: object, limits: BodyLimits): Promise<Uint8Array | BodyFault> {
  if (!incoming.readableDidRead) return readStream(incoming, incoming.headers['content-length'], limits);
  const { rawBody, body } = request as { rawBody?: unknown; body?: unknown };
  const whole = [rawBody, body].find((kept) => typeof kept === 'string' || kept instanceof Uint8Array);
  return whole === undefined ? 'read_before' : takeWhole(whole as string | Uint8Array, limits);
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.headersSent) return; // by a time limit of the server's
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** By Fastify's own means: its hooks see it. */
function reply(to: FastifyReplyLike, { status, headers, body }: Answer): void {
  if (to.raw.headersSent) return;
  to.code(status);
  to.headers(headers);
  to.send(body);
}
