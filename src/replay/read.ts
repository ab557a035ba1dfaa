import { createReadStream } from 'node:fs';
import { CallEvaluatorError } from '../errors.ts';
import { gunzip } from './gunzip.ts';
import { findInputs, STDIN, unreadable } from './inputs.ts';
import { type InputLine, splitLines } from './lines.ts';
import { isWholeObject, splitValues } from './values.ts';

export interface ReadOptions {
  /** Called as bytes come off the disk (compressed, where the file is). The total is null where a pipe has no length. */
  onProgress?: (bytes: number, totalBytes: number | null) => void;
}

type Chunks = AsyncGenerator<Buffer>;

const CHUNK = 128 * 1024; // twice as much reads 5 % faster and takes 16 MiB more

/**
 * Reads events from files, folders and standard input in batches, with memory that does not grow with the input. What is
 * inside decides how a file is read, not its name alone: gzip by its magic bytes, a `.json` that holds a line an event by
 * its first line. Throws `unreadable_input` before the first batch when a path cannot be read; a file that breaks off half
 * way (a truncated gzip), or a file of a folder that cannot be read, throws after everything that can be read, there and in
 * the other files, has been yielded.
 */
export async function* readLines(paths: readonly string[], options: ReadOptions = {}): AsyncGenerator<InputLine[]> {
  const inputs = await findInputs(paths);
  const totalBytes = inputs.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  );
  let bytes = 0;
  const count = (more: number) => {
    bytes += more;
    options.onProgress?.(bytes, totalBytes);
  };
  const broken: CallEvaluatorError[] = [];
  for (const { file } of inputs) {
    try {
      yield* readFile(file, count, (error) => broken.push(error));
    } catch (error) {
      if (!(error instanceof CallEvaluatorError)) throw error;
      broken.push(error);
    }
  }
  if (broken.length > 0) throw new CallEvaluatorError('unreadable_input', broken.map((e) => e.message).join('\n'));
}

async function* readFile(
  file: string,
  count: (bytes: number) => void,
  onGarbage: (error: CallEvaluatorError) => void,
): AsyncGenerator<InputLine[]> {
  const raw = await peek(bytesOf(file, count), (head) => head.length >= 2);
  const gzipped = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
  const plain = await peek(gzipped ? gunzip(raw.all, file, onGarbage) : raw.all, (head) => holdsFirstLine(head));
  const head = plain.head.toString();
  yield* (isOnePerLine(file, head) ? splitLines : splitValues)(plain.all, file);
}

async function* bytesOf(file: string, count: (bytes: number) => void): Chunks {
  try {
    const stream = file === STDIN ? process.stdin : createReadStream(file, { highWaterMark: CHUNK });
    for await (const chunk of stream) {
      count(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Looks at the beginning of a stream; `all` is the whole stream again, also of one that breaks off meanwhile. */
async function peek(chunks: Chunks, enough: (head: Buffer) => boolean): Promise<{ head: Buffer; all: Chunks }> {
  let head: Buffer = Buffer.alloc(0);
  let failure: unknown;
  try {
    while (!(head.length >= CHUNK || enough(head))) {
      const next = await chunks.next();
      if (next.done) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
  } catch (error) {
    failure = error;
  }
  async function* all(): Chunks {
    yield head;
    if (failure !== undefined) throw failure;
    yield* chunks;
  }
  return { head, all: all() };
}

const holdsFirstLine = (head: Buffer) => head.toString('latin1').trimStart().includes('\n');
const LINES_BY_NAME = /\.(ndjson|jsonl)(\.gz)?$/i;
const VALUES_BY_NAME = /\.json(\.gz)?$/i;

/** Whether the file holds a line an event (NDJSON, also under another name), or JSON that goes over lines. */
function isOnePerLine(file: string, head: string): boolean {
  if (LINES_BY_NAME.test(file)) return true;
  const first = head.trimStart().split('\n', 1)[0]!.trimEnd(); // a byte order mark is white space to trim()
  if (isWholeObject(first)) return true;
  // Elsewhere (a pipe) a broken first line is likelier than JSON that someone broke into lines by hand.
  return VALUES_BY_NAME.test(file) ? !/^[[{]/.test(first) : !/^(\[|\{$)/.test(first);
}
