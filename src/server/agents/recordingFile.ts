/** The sound of one session, as it comes in: on disk under a name for the time being, then under its own or not at all. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { link, lstat, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RecordingName } from './recordingName.ts';

export class RecordingFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: WriteStream;
  readonly #closed: Promise<void>;

  /** Takes it no faster than the disk does. If that takes no more, the rest flows past: what else the form tells is wanted all the same. */
  constructor(folder: string, name: string, sound: Readable) {
    this.#folder = folder;
    this.#path = join(folder, name);
    this.#file = createWriteStream(this.#path, { flags: 'wx', mode: 0o600, flush: true });
    this.#closed = new Promise((settle) => this.#file.once('close', settle));
    this.#file.once('error', () => {
      sound.resume();
      void this.drop(); // at once, for the disk may be full
    });
    sound.pipe(this.#file);
  }

  /**
   * What is there already stays: the same session's sound comes again where an answer was lost, and whoever else says that he
   * is that session destroys nothing.
   * @returns where it is, within the folder; null: there was no sound in it
   * @throws Error of the file system
   */
  async keepAs({ room, job }: RecordingName): Promise<string | null> {
    await this.#closed;
    if (this.#file.errored) throw this.#file.errored;
    if (this.#file.bytesWritten === 0) return null;
    const folder = join(this.#folder, room);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const isOwn = (await lstat(folder)).isDirectory(); // and no link, which may lead anywhere
    if (!isOwn) throw new Error(`${folder} is no folder of its own: remove it, for the sound of that room to be kept.`);
    await link(this.#path, join(folder, `${job}.ogg`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(this.#path, { force: true });
    await flush(folder);
    await flush(this.#folder);
    return `${room}/${job}.ogg`;
  }

  /** Unless it has been kept, nothing of it is left when this resolves. */
  async drop(): Promise<void> {
    this.#file.destroy();
    await this.#closed;
    await rm(this.#path, { force: true }).catch(() => {}); // the next start will try again
  }
}

/** Names are on disk when their folder is. Not every file system can be told so. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
