import { closeSync, openSync, writeFileSync } from 'node:fs';
import { CallEvaluatorError } from '../errors.ts';

const ENOUGH = 64 * 1024;

/** Written at once, since a clock that is dreamt waits for no disk. */
export class LineFile {
  readonly #file: number;
  #pending = '';

  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new CallEvaluatorError(
        'bad_option',
        `${path} cannot be written (${(error as Error).message}): name another file.`,
      );
    }
  }

  add(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= ENOUGH) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeFileSync(this.#file, this.#pending);
    this.#pending = '';
  }
}
