/** NDJSON -> its lines. */
import { isUtf8 } from 'node:buffer';
import { LARGEST_BODY } from '../intake.ts';

/** One event's JSON as it stood in a file. `line` counts from 1: lines of NDJSON, else the values of a JSON file. */
export type InputLine =
  | { file: string; line: number; text: string }
  /** Not UTF-8, or so long that only its beginning was kept: then `cutFrom` is the length in bytes that it had. */
  | { file: string; line: number; bytes: Uint8Array; cutFrom?: number };

export const NEWLINE = 0x0a;
const KEPT_OF_LONGER = 64 * 1024;

/** NDJSON: a broken line spoils nothing but itself. Whole chunks are decoded and split at once: 10 x faster than line by line. */
export async function* splitLines(chunks: AsyncGenerator<Buffer>, file: string): AsyncGenerator<InputLine[]> {
  const open = new OpenRecord();
  let line = 0;
  for await (const chunk of chunks) {
    const first = chunk.indexOf(NEWLINE);
    if (first === -1) {
      open.push(chunk);
      continue;
    }
    open.push(chunk.subarray(0, first));
    const batch: InputLine[] = [];
    open.close(file, ++line, batch);
    const last = chunk.lastIndexOf(NEWLINE);
    if (last > first) line = pushLines(chunk.subarray(first + 1, last), file, line, batch);
    open.push(chunk.subarray(last + 1));
    if (batch.length > 0) yield batch;
  }
  const batch: InputLine[] = [];
  open.close(file, ++line, batch);
  if (batch.length > 0) yield batch;
}

/** Adds the lines of a block that ends with its last line; answers the number of that line. */
export function pushLines(block: Buffer, file: string, line: number, batch: InputLine[]): number {
  if (isUtf8(block)) {
    for (const text of block.toString().split('\n')) pushText(text, file, ++line, batch);
    return line;
  }
  for (let from = 0; from <= block.length; ) {
    const newline = block.indexOf(NEWLINE, from);
    const to = newline === -1 ? block.length : newline;
    pushBytes(block.subarray(from, to), file, ++line, batch);
    from = to + 1;
  }
  return line;
}

function pushText(raw: string, file: string, line: number, batch: InputLine[]): void {
  const text = raw.trim(); // also the carriage return of CRLF and a byte order mark
  if (text !== '') batch.push({ file, line, text });
}

function pushBytes(bytes: Buffer, file: string, line: number, batch: InputLine[]): void {
  if (isUtf8(bytes)) pushText(bytes.toString(), file, line, batch);
  else batch.push({ file, line, bytes: Buffer.from(bytes) }); // a copy: a view would keep its whole chunk in memory
}

/** The bytes of a record whose end has not been read yet. Of one that is too long only the beginning is kept. */
export class OpenRecord {
  #pieces: Buffer[] = [];
  #length = 0;

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    const fits = this.#length <= LARGEST_BODY;
    this.#length += piece.length;
    if (this.#length <= LARGEST_BODY) this.#pieces.push(piece);
    else if (fits) this.#pieces = [Buffer.from(Buffer.concat([...this.#pieces, piece]).subarray(0, KEPT_OF_LONGER))];
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  close(file: string, line: number, batch: InputLine[]): void {
    const bytes = this.bytes();
    if (this.#length > LARGEST_BODY) batch.push({ file, line, bytes, cutFrom: this.#length });
    else pushBytes(bytes, file, line, batch);
    this.#pieces = [];
    this.#length = 0;
  }
}
