import { cut } from '../report/cell.ts';
import type { Misunderstood } from '../webhook/event.ts';

const TOLD_IN_FULL = 20;
const REASONS = 50;
const OTHER = 'other reasons';

export interface BadLine {
  file: string;
  line: number;
  reason: Misunderstood;
}

/** Tells of lines that could not be understood: the first ones in full, then how many for which reason. */
export class BadLines {
  #told = 0;
  #more = new Map<string, number>();
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  add({ file, line, reason }: BadLine): void {
    const { field, found, expected } = reason;
    if (this.#told < TOLD_IN_FULL) {
      this.#told++;
      const where = `${cut(file, 400)}:${line}`;
      this.#say(`${where}: quarantined: ${cut(field, 80)}: found ${cut(found, 120)}, expected ${cut(expected, 120)}`);
      return;
    }
    const why = `${cut(field, 80)}: expected ${cut(expected, 120)}`;
    // What stands in the lines may be in the reasons: they are counted, not collected without end.
    const key = this.#more.has(why) || this.#more.size < REASONS ? why : OTHER;
    this.#more.set(key, (this.#more.get(key) ?? 0) + 1);
  }

  end(): void {
    for (const [why, times] of this.#more) this.#say(`and ${times} more quarantined: ${why}`);
  }
}
