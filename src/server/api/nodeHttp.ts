/** A fetch handler behind node:http. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Problem } from './problem.ts';

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Never rejects. The signal of the Request follows the connection. */
export function nodeHandler(fetch: (request: Request) => Promise<Response>): NodeHandler {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    const request = requestOf(incoming, gone.signal);
    await send(request === null ? UNREADABLE().response : await fetch(request), incoming, outgoing);
  };
}

const UNREADABLE = () =>
  new Problem('bad-request', 'The URL, the Host header or the method is none that a browser or curl would send.');

/** Without its body: nothing is told to this server but by webhooks. */
function requestOf(
  { method, url = '', headers, headersDistinct }: IncomingMessage,
  signal: AbortSignal,
): Request | null {
  try {
    const fields = Object.entries(headersDistinct).flatMap(([name, values]) => values!.map((value) => [name, value]));
    const base = url.startsWith('/') ? `http://${headers.host}` : '';
    return new Request(base + url, { method, headers: fields as [string, string][], signal });
  } catch {
    return null;
  }
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': chunked } = incoming.headers;
  if (Number(length ?? 0) > 0 || chunked !== undefined) outgoing.setHeader('connection', 'close'); // it is not read
  outgoing.statusCode = response.status;
  outgoing.setHeaders(response.headers);
  if (response.headers.get('content-type') !== 'text/event-stream') {
    outgoing.end(Buffer.from(await response.arrayBuffer()));
    return;
  }
  outgoing.flushHeaders();
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => {}); // either side has gone
}
