import { statSync } from 'node:fs';
import { CallEvaluatorError } from '../errors.ts';

/**
 * @param what an export, a page
 * @throws CallEvaluatorError `bad_option`: it would take the place of the database
 */
export function assertNotDatabase(out: string, db: string, what: string): void {
  const [one, two] = [out, db].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev)
    throw new CallEvaluatorError(
      'bad_option',
      `${out} is the database: ${what} would take its place. Name another file.`,
    );
}
