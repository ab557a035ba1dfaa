import fc from 'fast-check';
import { test } from 'vitest';

const { LAW_RUNS, LAW_SEED } = process.env;
const seed = LAW_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(LAW_SEED);
/** So much that only a run that hangs takes longer. */
const LONGEST_RUN_MS = 2000;

/**
 * A law that holds for whatever is drawn. `LAW_RUNS` says how often it is tried, instead of the few times that `npm test`
 * has time for; `LAW_SEED` draws again what a failure has told the seed of.
 */
export function law<Drawn>(
  name: string,
  drawn: { [Key in keyof Drawn]: fc.Arbitrary<Drawn[Key]> },
  holds: (drawn: Drawn) => Promise<void>,
  { runs }: { runs: number },
): void {
  const numRuns = LAW_RUNS === undefined ? runs : Number(LAW_RUNS);
  const timeout = 60_000 + numRuns * LONGEST_RUN_MS;
  test(name, { timeout }, async () => {
    await fc.assert(fc.asyncProperty(fc.record<Drawn>(drawn), holds), { numRuns, seed });
    if (LAW_RUNS !== undefined) console.info(`${numRuns} runs, seed ${seed}: ${name}`);
  });
}
