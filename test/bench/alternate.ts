/** The method: what is compared runs in turns within one process, and each round gives one ratio. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/**
 * Has everybody run once to warm up, then `rounds` times in turns, in the other order every other round.
 * @param runs each returns what is to be compared of it (mostly seconds), so that its preparations do not count
 * @param options `warmUp`: false where each run starts a process of its own
 */
export async function alternate<Name extends string>(
  rounds: number,
  runs: Record<Name, () => number | Promise<number>>,
  { warmUp = true } = {},
): Promise<Record<Name, number[]>> {
  const names = Object.keys(runs) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      collectGarbage(); // nobody pays for the garbage of another
      const result = await runs[name]();
      if (round > 0) found[name].push(result);
    }
  }
  return found;
}

export async function secondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The milliseconds of each of many. */
export async function timesOf<Item>(items: readonly Item[], work: (item: Item) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (const item of items) {
    const start = performance.now();
    await work(item);
    times.push(performance.now() - start);
  }
  return times;
}

/** Round by round. Of two durations it is the ratio of `b`'s speed to `a`'s. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, round) => value / b[round]!);
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** "51.2 k/s" */
export function speed(count: number, seconds: readonly number[]): string {
  return `${(count / median(seconds) / 1000).toFixed(1)} k/s`;
}

/** "0.017 ms" */
export function ms(milliseconds: number): string {
  return `${milliseconds.toPrecision(2)} ms`;
}
