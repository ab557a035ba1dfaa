import { cut } from '../report/cell.ts';
import type { Misunderstood } from '../webhook/event.ts';

const TOLD_OF_A_FILE = 10;
/** Lines after which no further file is told of. */
const ENOUGH = 100;
const REASONS_SHOWN = 3;
const REASONS_COUNTED = 50;

export interface BadLine {
  file: string;
  line: number;
  reason: Misunderstood;
}

/**
 * Tells of lines that could not be understood: of each file the first in full, and at its end how many more there were
 * and why. When many files have such lines, of the others only how many lines in all.
 */
export class BadLines {
  #file: string | null = null;
  #toldOfFile = 0;
  /** What more there was in this file, by reason. */
  readonly #more = new Map<string, number>();
  #said = 0;
  #unsaid = 0;
  #silent = false;
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = (text) => {
      this.#said++;
      say(text);
    };
  }

  add({ file, line, reason }: BadLine): void {
    if (file !== this.#file) this.#begin(file);
    const field = cut(reason.field, 80);
    const expected = cut(reason.expected, 120);
    if (this.#silent) this.#unsaid++;
    else if (this.#toldOfFile < TOLD_OF_A_FILE) {
      this.#toldOfFile++;
      this.#say(
        `${cut(file, 400)}:${line}: quarantined: ${field}: found ${cut(reason.found, 120)}, expected ${expected}`,
      );
    } else this.#count(`${field}: expected ${expected}`);
  }

  end(): void {
    this.#endFile();
    if (this.#unsaid > 0) this.#say(`and ${this.#unsaid} more quarantined in other files`);
  }

  #begin(file: string): void {
    this.#endFile();
    this.#file = file;
    this.#toldOfFile = 0;
    this.#silent = this.#said >= ENOUGH;
  }

  /** What stands in the lines may be in the reasons: they are not collected without end. */
  #count(why: string): void {
    const key = this.#more.has(why) || this.#more.size < REASONS_COUNTED ? why : 'other reasons';
    this.#more.set(key, (this.#more.get(key) ?? 0) + 1);
  }

  #endFile(): void {
    if (this.#more.size === 0) return;
    const reasons = [...this.#more].sort(([, a], [, b]) => b - a);
    const count = reasons.reduce((sum, [, times]) => sum + times, 0);
    const shown = reasons.slice(0, REASONS_SHOWN).map(([why, times]) => `${times} x ${why}`);
    if (reasons.length > REASONS_SHOWN) shown.push('…');
    this.#say(`${cut(this.#file!, 400)}: and ${count} more quarantined: ${shown.join('; ')}`);
    this.#more.clear();
  }
}
