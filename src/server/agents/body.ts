/** The body of an upload, inflated: bounded as it comes and as it unfolds, for 16 MB of gzip can hold 16 GB. */
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { type BodyFault, type BodyMemory, readStream } from '../webhook/body.ts';

/** Bytes on the wire, and inflated: an agent sends a batch every 5 s, of a few KB up to a few hundred. */
export const LARGEST_UPLOAD = 16 * 1024 * 1024;
export const LARGEST_INFLATED = 64 * 1024 * 1024;
const WITHIN_MS = 30_000;
const CHUNK = 64 * 1024;

export type UploadFault = BodyFault | 'bad_gzip' | 'unknown_encoding';

/** @param memory what is returned is held there until it is released */
export function readUpload(request: IncomingMessage, memory: BodyMemory): Promise<Uint8Array | UploadFault> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  const within = WITHIN_MS;
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
      return readStream(request, length, { largest: LARGEST_UPLOAD, within, memory });
    case 'gzip':
      return inflate(request, memory);
    default:
      return Promise.resolve('unknown_encoding');
  }
}

async function inflate(request: IncomingMessage, memory: BodyMemory): Promise<Uint8Array | UploadFault> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_UPLOAD) return 'too_large';
  const inflating = createGunzip({ chunkSize: CHUNK });
  let why: UploadFault | null = null;
  let received = 0;
  const stop = (fault: UploadFault) => {
    why ??= fault;
    inflating.destroy();
  };
  const count = (chunk: Uint8Array) => {
    received += chunk.length;
    if (received > LARGEST_UPLOAD) stop('too_large');
  };
  const closed = () => {
    if (!request.complete) stop('cut_off'); // pipe() would wait for the rest
  };
  inflating.once('error', () => stop('bad_gzip'));
  request.on('data', count).once('close', closed).pipe(inflating);
  const body = await readStream(inflating, undefined, { largest: LARGEST_INFLATED, within: WITHIN_MS, memory });
  request.off('data', count).off('close', closed).unpipe(inflating);
  inflating.destroy();
  return typeof body === 'string' ? (why ?? body) : body;
}
