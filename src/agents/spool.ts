/**
 * Reports that a server did not get before their agent ended, as files, until the next agent on this machine sends them.
 * Two agents may send the same one: it counts once.
 */
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SpoolLimits {
  files: number;
  bytes: number;
  ageMs: number;
}
const LIMITS: SpoolLimits = { files: 2_000, bytes: 64 * 1024 * 1024, ageMs: 7 * 24 * 3600_000 };

/** `<epoch ms>-<uuid>.json`; until it is written as a whole, `.part`. */
const NAME = /^(\d{13})-[\da-f-]{36}\.(json|part)$/;

export class Spool {
  readonly #folder: string;
  readonly #limits: SpoolLimits;

  /** @param url whose reports they are: no other server gets them */
  constructor(spoolDir: string, url: string, limits = LIMITS) {
    this.#folder = join(spoolDir, createHash('sha256').update(url).digest('hex').slice(0, 16));
    this.#limits = limits;
  }

  /** @throws where it cannot be written */
  async keep(report: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (!(await this.#isOurs())) throw new Error(`${this.#folder} belongs to somebody else`);
    await this.#tidy(report.length);
    const path = join(this.#folder, `${Date.now()}-${randomUUID()}`);
    await writeFile(`${path}.part`, report, { mode: 0o600, flag: 'wx' });
    await rename(`${path}.part`, `${path}.json`);
  }

  /** Some of the files, in any order, so that agents that start at once seldom send the same. */
  async some(count: number): Promise<string[]> {
    if (!(await this.#isOurs())) return [];
    const names = (await this.#tidy()).filter((name) => name.endsWith('.json'));
    const first = Math.floor(Math.random() * names.length);
    return [...names.slice(first), ...names.slice(0, first)].slice(0, count);
  }

  /** @returns null: another agent has sent it meanwhile */
  read(name: string): Promise<string | null> {
    return readFile(join(this.#folder, name), 'utf8').catch(() => null);
  }

  remove(name: string): Promise<void> {
    return rm(join(this.#folder, name), { force: true });
  }

  /** Among the temporary files anybody can make a folder of that name, and what lies in it would be sent by our key. */
  async #isOurs(): Promise<boolean> {
    const found = await lstat(this.#folder).catch(() => null);
    if (!found?.isDirectory()) return false;
    const user = process.getuid?.(); // Windows has no such thing; there each user has temporary files of his own
    return user === undefined || (found.uid === user && (found.mode & 0o022) === 0);
  }

  /** Too old ones go, and the oldest of too many. @returns the names of those that are left, the oldest first */
  async #tidy(coming = 0): Promise<string[]> {
    const oldest = Date.now() - this.#limits.ageMs;
    const found = await Promise.all(
      (await readdir(this.#folder))
        .filter((name) => NAME.test(name))
        .sort()
        .map(async (name) => ({ name, size: await this.#sizeOf(name), at: Number(NAME.exec(name)![1]) })),
    );
    let files = found.length + (coming > 0 ? 1 : 0);
    let bytes = found.reduce((sum, { size }) => sum + size, coming);
    const left: string[] = [];
    for (const { name, size, at } of found) {
      if (at >= oldest && files <= this.#limits.files && bytes <= this.#limits.bytes) {
        left.push(name);
        continue;
      }
      await this.remove(name);
      files--;
      bytes -= size;
    }
    return left;
  }

  #sizeOf(name: string): Promise<number> {
    return stat(join(this.#folder, name)).then(
      ({ size }) => size,
      () => 0, // gone meanwhile
    );
  }
}
