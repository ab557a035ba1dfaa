import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CallEvaluatorError } from '../errors.ts';

/**
 * @param what an export, a page
 * @throws CallEvaluatorError `bad_option`: it would take the place of the database
 */
export function assertNotDatabase(out: string, db: string, what: string): void {
  const isSame = (path: string) => {
    const [one, two] = [out, path].map((path) => statSync(path, { throwIfNoEntry: false }));
    if (one === undefined || two === undefined) return resolve(out) === resolve(path);
    return one.ino === two.ino && one.dev === two.dev;
  };
  // what is in its log is not in the file yet
  if (['', '-wal', '-shm', '-journal'].some((part) => isSame(`${db}${part}`)))
    throw new CallEvaluatorError(
      'bad_option',
      `${out} is the database, or a part of it: ${what} would take its place. Name another file.`,
    );
}
