/** A file that is there as a whole or not at all: written under a name for the time being, and given its own at the end. */
import { realpathSync, rmSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { CallEvaluatorError } from '../errors.ts';

const ENOUGH = 64 * 1024;

export class WholeFile {
  readonly #path: string;
  readonly #partial: string | null;
  readonly #handle: FileHandle;
  #pending = '';
  bytes = 0;

  private constructor(path: string, partial: string | null, handle: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** @throws CallEvaluatorError `bad_option`: it cannot be written */
  static async open(path: string): Promise<WholeFile> {
    return said(path, async () => {
      const there = statSync(path, { throwIfNoEntry: false });
      if (there?.isDirectory()) throw new Error('it is a folder');
      if (there && !there.isFile()) return new WholeFile(path, null, await open(path, 'w')); // a pipe, /dev/null
      const place = there ? realpathSync(path) : path; // of a link, what it leads to
      const partial = `${place}.${process.pid}.part`;
      return new WholeFile(place, partial, await open(partial, 'wx', modeOf(there)));
    });
  }

  /** What is awaited holds the work back while the disk is slow. */
  text(text: string): Promise<void> | undefined {
    this.#pending += text;
    return this.#pending.length >= ENOUGH ? this.#flush() : undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await said(this.#path, () => this.#handle.writeFile(bytes)); // all of it, which write() does not promise
    this.bytes += bytes.byteLength;
  }

  /** It is complete. What was there before under its name is gone. */
  async keep(): Promise<void> {
    await this.#flush();
    await said(this.#path, async () => {
      if (this.#partial !== null) await this.#handle.sync(); // before the name: after a crash it would be of an empty file
      await this.#handle.close();
      if (this.#partial !== null) await rename(this.#partial, this.#path);
    });
  }

  /** Leaves nothing of it. Also for the end of the process, which waits for no promise. */
  drop(): void {
    if (this.#partial !== null) rmSync(this.#partial, { force: true });
    this.#handle.close().catch(() => {}); // it may be closed already
  }

  #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    return this.write(Buffer.from(text));
  }
}

/** Nobody is to read the new file who might not read the one before. */
function modeOf(there: Stats | undefined): number {
  return there ? there.mode & 0o777 : 0o666;
}

async function said<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CallEvaluatorError(
      'bad_option',
      `${path} cannot be written (${(error as Error).message}): make room, or name another file with --out.`,
    );
  }
}
