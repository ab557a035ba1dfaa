/**
 * gzip, member by member. Not by createGunzip: where something else follows a member, it drops what it has just inflated,
 * of a small file all.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { CallEvaluatorError } from '../errors.ts';

const CHUNK = 128 * 1024;
const STEP = 16 * 1024;
const MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * Throws `unreadable_input` where the data is damaged or cut.
 * @param onGarbage told of something else after the end, before which all is whole
 */
export async function* gunzip(
  chunks: AsyncGenerator<Buffer>,
  file: string,
  onGarbage: (error: CallEvaluatorError) => void,
): AsyncGenerator<Buffer> {
  const input = new Input(chunks);
  const damaged = (cause: Error) =>
    new CallEvaluatorError(
      'unreadable_input',
      `${file} is a damaged gzip file (${cause.message}): what came before the damage was read, the rest is lost. Fetch it again.`,
      { cause },
    );
  try {
    do yield* member(input);
    while ((await input.peek(2)).subarray(0, 2).equals(MAGIC));
  } catch (error) {
    throw error instanceof CallEvaluatorError ? error : damaged(error as Error);
  }
  if (!(await onlyZerosFollow(input))) onGarbage(damaged(new Error('garbage after its end')));
}

async function* member(input: Input): AsyncGenerator<Buffer> {
  await header(input);
  let crc = 0;
  let length = 0;
  for await (const piece of inflated(input)) {
    crc = crc32(piece, crc);
    length += piece.length;
    yield piece;
  }
  const trailer = await input.take(8);
  if (trailer.readUInt32LE(0) !== crc) throw new Error('incorrect data check');
  if (trailer.readUInt32LE(4) !== length % 2 ** 32) throw new Error('incorrect length check');
}

async function header(input: Input): Promise<void> {
  const [, , method, flags = 0] = await input.take(10);
  if (method !== 8) throw new Error('unknown compression method');
  if (flags & 4) await input.take((await input.take(2)).readUInt16LE(0)); // extra field
  if (flags & 8) await input.takeText(); // name
  if (flags & 16) await input.takeText(); // comment
  if (flags & 2) await input.take(2); // check of the header
}

async function* inflated(input: Input): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: CHUNK });
  const pieces: Buffer[] = [];
  let ended = false;
  let failure: Error | undefined;
  // zlib calls nobody back for a write that it fails at, or that goes beyond the end of the compressed data.
  let goOn = () => {};
  inflate.on('data', (piece: Buffer) => pieces.push(piece));
  inflate.on('end', () => {
    ended = true;
    goOn();
  });
  inflate.on('error', (error) => {
    failure = error;
    goOn();
  });
  while (!ended) {
    const step = (await input.some()).subarray(0, STEP); // small: 16 KiB of zeros may inflate to 16 MiB
    const before = inflate.bytesWritten;
    await new Promise<void>((done) => {
      goOn = done;
      inflate.write(step, () => done());
    });
    yield* pieces.splice(0);
    if (failure) throw failure;
    input.skip(inflate.bytesWritten - before);
  }
  inflate.destroy(); // there may be thousands of members
}

/** Padding that some tools write, and no fault. */
async function onlyZerosFollow(input: Input): Promise<boolean> {
  for (let rest = await input.peek(1); rest.length > 0; rest = await input.peek(1)) {
    if (rest.some((byte) => byte !== 0)) return false;
    input.skip(rest.length);
  }
  return true;
}

/** What has been read and not been used yet. Where more is taken than there is, the file was cut. */
class Input {
  readonly #chunks: AsyncGenerator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  /** So many bytes or more; fewer where there are no more. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    }
    return this.#held;
  }

  async some(): Promise<Buffer> {
    const held = await this.peek(1);
    if (held.length === 0) throw new Error('unexpected end of file');
    return held;
  }

  async take(length: number): Promise<Buffer> {
    const taken = (await this.peek(length)).subarray(0, length);
    if (taken.length < length) throw new Error('unexpected end of file');
    this.skip(length);
    return taken;
  }

  /** A text that ends with a zero. */
  async takeText(): Promise<void> {
    while ((await this.take(1))[0] !== 0);
  }

  skip(length: number): void {
    this.#held = this.#held.subarray(length);
  }
}
