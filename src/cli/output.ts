import { once } from 'node:events';
import { printable } from '../report/printable.ts';

const ENOUGH = 64 * 1024;

/** Lines for stdout, written in large pieces. Awaiting what it answers holds the work back while the reader is slow. */
export class Output {
  #pending = '';

  line(text: string): Promise<void> | undefined {
    this.#pending += `${text}\n`;
    return this.#pending.length >= ENOUGH || process.stdout.isTTY ? this.flush() : undefined;
  }

  /** JSON on one line, as it is for programs; a terminal does not get to obey what is in it. */
  json(text: string): Promise<void> | undefined {
    return this.line(process.stdout.isTTY ? printable(text) : text);
  }

  /** A line of a CSV, the same way. */
  csv(text: string): Promise<void> | undefined {
    return this.line(process.stdout.isTTY ? printable(text) : `${text}\r`);
  }

  flush(): Promise<void> | undefined {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || process.stdout.write(text)) return undefined;
    return once(process.stdout, 'drain').then(() => {});
  }
}
