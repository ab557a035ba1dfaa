import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Post } from './courier.ts';
import type { Answer } from './rules.ts';

/** LiveKit would wait for ever. Who waits for a report does not. */
const PATIENCE_MS = 60_000;

/** POSTs as LiveKit sends its webhooks (webhooks.md, 1), over connections that are kept. */
export function httpPost(url: URL, connections: number): { post: Post; close(): void } {
  const secure = url.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: connections });
  const request = secure ? httpsRequest : httpRequest;
  const target = { ...urlToHttpOptions(url), method: 'POST', agent, timeout: PATIENCE_MS };
  const post: Post = (body, token) =>
    new Promise((resolve) => {
      const began = performance.now();
      const sent: ClientRequest = request({
        ...target,
        headers: {
          authorization: token,
          'content-type': 'application/webhook+json',
          'user-agent': 'LiveKit',
          'content-length': Buffer.byteLength(body),
        },
      });
      sent.on('response', (response) => {
        response.on('end', () => resolve(answerOf(response, performance.now() - began)));
        response.on('error', (error) => resolve(noAnswer(error)));
        response.resume();
      });
      sent.on('timeout', () => {
        resolve({ status: null, why: `no answer in ${PATIENCE_MS / 1000} s`, hung: true });
        sent.destroy();
      });
      sent.on('error', (error) => resolve(noAnswer(error)));
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}

function answerOf({ statusCode, headers }: IncomingMessage, took: number): Answer {
  return { status: statusCode!, retryAfter: retryAfter(headers['retry-after']), took };
}

function noAnswer(error: NodeJS.ErrnoException): Answer {
  return { status: null, why: error.code ?? error.message };
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
