/** A server of uploads alone, before a door that keeps what is handed on; and what agents send it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach } from 'vitest';
import { UploadCounts } from '../../../src/server/agents/counts.ts';
import type { TelemetryDoor } from '../../../src/server/agents/door.ts';
import { type UploadOptions, uploadHandler } from '../../../src/server/agents/receive.ts';
import { uploadKind } from '../../../src/server/agents/routes.ts';
import type { UploadTrouble } from '../../../src/server/agents/trouble.ts';
import { keysFrom } from '../../../src/server/webhook/keys.ts';
import type { Upload } from '../../../src/telemetry/upload.ts';
import { KEY, KEYS, tokenOf } from '../webhook/signed.ts';

export const TOKEN = 'invented-token-for-tests-only';

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.closeAllConnections();
});

export async function uploading(door: Partial<TelemetryDoor> = {}, options: Partial<UploadOptions> = {}) {
  const taken: Upload[] = [];
  const troubles: UploadTrouble[] = [];
  const counts = new UploadCounts();
  const handle = uploadHandler(
    {
      async processTelemetry(upload) {
        taken.push(upload);
        return [{ status: 'stored', type: 'agent_telemetry', roomSid: 'RM_1', id: null }];
      },
      load: () => ({ queued: 0 }),
      ...door,
    },
    {
      token: TOKEN,
      keys: keysFrom({ keys: KEYS }),
      now: Date.now,
      counts,
      onTrouble: (trouble) => troubles.push(trouble),
      ...options,
    },
  );
  const server = createServer((incoming, response) => void handle(uploadKind(incoming.url)!, incoming, response));
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, taken, troubles, counts, post: (path: string, sent: Sent) => post(url + path, sent) };
}

export interface Sent {
  headers?: Record<string, string | undefined>;
  body?: string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
interface Answered {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  bytes: Buffer;
  json: { [key: string]: unknown };
}

/** As an agent sends it, unless other headers are given. */
export function post(url: string, { headers = {}, body = '' }: Sent): Promise<Answered> {
  return new Promise((settle, fail) => {
    const all = { authorization: `Bearer ${agentToken()}`, 'content-type': 'application/json', ...headers };
    const given = Object.entries(all).filter(([, value]) => value !== undefined) as [string, string][];
    const sending = request(url, { method: 'POST', headers: Object.fromEntries(given) });
    sending.on('error', fail).on('response', async (response) => {
      const bytes = Buffer.concat(await response.toArray());
      const isJson = response.headers['content-type']?.includes('json');
      settle({
        status: response.statusCode!,
        headers: response.headers,
        bytes,
        json: isJson ? JSON.parse(bytes.toString()) : {},
      });
    });
    if (typeof body === 'string' || body instanceof Uint8Array) sending.end(body);
    else Readable.from(body, { objectMode: false }).pipe(sending);
  });
}

export function agentToken(claims: object = {}, secret?: string): string {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: KEY, nbf: now, exp: now + 21_600, observability: { write: true }, ...claims };
  return tokenOf({ alg: 'HS256' }, all, secret === undefined ? {} : { secret });
}

export interface Captured {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** The uploads of a real agent; they were kept inflated. Its claims are signed anew: its secret is not known. */
export function captured(session = 'node-1.9.0-text'): Captured[] {
  const file = join(import.meta.dirname, `../../telemetry/recorded/${session}.requests.json`);
  const requests = JSON.parse(readFileSync(file, 'utf8')) as (Captured & { b64: string })[];
  return requests.map(({ url, headers, b64 }) => {
    const claims = JSON.parse(Buffer.from(headers.authorization!.split('.')[1]!, 'base64url').toString());
    const authorization = `Bearer ${tokenOf({ alg: 'HS256' }, claims)}`;
    return { url, headers: { ...headers, authorization }, body: Buffer.from(b64, 'base64') };
  });
}

const BOUNDARY = 'between-parts';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
export const partHead = (name: string, type?: string) =>
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`,
  );

/** @param sound how many chunks of 64 KB it has */
export function* formOf(parts: Record<string, string | Uint8Array>, sound = 0): Generator<Uint8Array> {
  for (const [name, body] of Object.entries(parts))
    yield Buffer.concat([partHead(name), Buffer.from(body), Buffer.from('\r\n')]);
  if (sound > 0) {
    yield partHead('audio', 'audio/ogg');
    const chunk = Buffer.alloc(64 * 1024, 'OggS'); // one for all, so that what is held is not the sender's
    for (let i = 0; i < sound; i++) yield chunk;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${BOUNDARY}--\r\n`);
}

/** Bytes of buffers that somebody still needs. */
export function held(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}
