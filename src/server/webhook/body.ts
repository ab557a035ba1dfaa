/** The bytes of a request's body: bounded in size, in time, and in memory over all requests together. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** Why there are none. `read_before`: somebody else has taken them from the request. */
export type BodyFault = 'too_large' | 'too_slow' | 'cut_off' | 'no_memory' | 'read_before';

export interface BodyLimits {
  /** Bytes of one body. */
  largest: number;
  /** How long one may take to arrive, ms. */
  within: number;
  memory: BodyMemory;
}

/** How much may be held of all bodies that are on their way or not yet on disk. */
export class BodyMemory {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  take(bytes: number): boolean {
    if (this.#held + bytes > this.#most) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

/** One body, as it comes in. */
export class Gathering {
  readonly #limits: Omit<BodyLimits, 'within'>;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(limits: Omit<BodyLimits, 'within'>) {
    this.#limits = limits;
  }

  add(chunk: Uint8Array): BodyFault | null {
    if (this.#length + chunk.length > this.#limits.largest) return 'too_large';
    if (!this.#limits.memory.take(chunk.length)) return 'no_memory';
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return null;
  }

  get bytes(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#length);
  }

  drop(): void {
    this.#limits.memory.release(this.#length);
    this.#chunks = [];
    this.#length = 0;
  }
}

/** More than may come, by its own account. What a request says is not believed any further than that. */
const announcesTooMuch = (length: string | null | undefined, { largest }: BodyLimits) => Number(length ?? 0) > largest;

/** The body of a request of node:http, which nobody has read yet. */
export function readStream(
  stream: Readable,
  contentLength: string | undefined,
  limits: BodyLimits,
): Promise<Uint8Array | BodyFault> {
  if (announcesTooMuch(contentLength, limits)) return Promise.resolve('too_large');
  return new Promise((settle) => {
    const gathering = new Gathering(limits);
    const finish = (fault: BodyFault | null) => {
      clearTimeout(timer);
      stream.off('data', take).off('end', ended).off('close', cutOff); // what fails after this has no one to tell
      if (fault) gathering.drop();
      settle(fault ?? gathering.bytes);
    };
    const take = (chunk: Uint8Array | string) => {
      const fault = gathering.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      if (fault) finish(fault);
    };
    const ended = () => finish(null);
    const cutOff = () => finish('cut_off');
    const timer = setTimeout(finish, limits.within, 'too_slow');
    stream
      .on('data', take)
      .once('end', ended)
      .once('close', cutOff)
      .on('error', () => {});
    if (stream.destroyed) cutOff();
  });
}

/** The body of a Request of fetch. */
export async function readRequest(request: Request, limits: BodyLimits): Promise<Uint8Array | BodyFault> {
  if (request.bodyUsed || request.body?.locked) return 'read_before';
  if (announcesTooMuch(request.headers.get('content-length'), limits)) return 'too_large';
  const gathering = new Gathering(limits);
  const reader = request.body?.getReader();
  const late = deadline(limits.within);
  let fault: BodyFault | null = null;
  try {
    while (reader && fault === null) {
      const part = await Promise.race([reader.read(), late.passed]);
      if (part === PASSED) fault = 'too_slow';
      else if (part.done) break;
      else fault = gathering.add(part.value);
    }
  } catch {
    fault = 'cut_off';
  } finally {
    late.clear();
  }
  if (fault === null) return gathering.bytes;
  gathering.drop();
  reader?.releaseLock();
  return fault;
}

/** So long the rest of a body that nobody wants is let in, and thrown away, for its sender to find the answer. ms */
const LINGER = 2_000;

export function discardStream(stream: IncomingMessage): void {
  if (stream.complete || stream.destroyed) return;
  stream.resume();
  const cut = setTimeout(() => stream.destroy(), LINGER);
  stream.once('close', () => clearTimeout(cut));
}

export async function discardRequest(request: Request): Promise<void> {
  const late = deadline(LINGER);
  try {
    if (request.body === null || request.body.locked) return;
    const reader = request.body.getReader();
    let part: Awaited<ReturnType<typeof reader.read>> | typeof PASSED;
    do part = await Promise.race([reader.read(), late.passed]);
    while (part !== PASSED && !part.done);
    await reader.cancel();
  } catch {
    // it is gone: so much the better
  } finally {
    late.clear();
  }
}

const PASSED = Symbol('the time has passed');

function deadline(ms: number): { passed: Promise<typeof PASSED>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<typeof PASSED>();
  const timer = setTimeout(resolve, ms, PASSED);
  return { passed: promise, clear: () => clearTimeout(timer) };
}

/** A body that a framework has read already, and kept as it came. */
export function takeWhole(body: Uint8Array | string, limits: BodyLimits): Uint8Array | BodyFault {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const gathering = new Gathering(limits);
  return gathering.add(bytes) ?? gathering.bytes;
}
