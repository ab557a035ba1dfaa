/** What a file in questions/ is: something measured beside its ceiling, round by round in one run. */

export interface Bench {
  rounds: number;
  /** How much of something: the size for `--quick`, for every day, and for `--full`. */
  size(quick: number, usual: number, full?: number): number;
  /** Only under `--full`. */
  full: boolean;
  /** A path in the question's own temporary folder, which goes when it is answered. */
  file(name: string): string;
}

export interface Answer {
  question: string;
  /** Measured against the ceiling, one a round. Empty where there are only figures to tell. */
  ratios: number[];
  goal: { atLeast: number } | { atMost: number } | null;
  /** Absolute figures: orientation, for they depend on the machine and its load. */
  figures: string;
}

export type Question = (bench: Bench) => Promise<Answer[]>;

/** A bench that measures nothing is worse than none. */
export function expectCount(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`);
}
