/**
 * Is the file that was opened still the one at its path? Who removes or replaces it under a running process has SQLite
 * go on writing into what nobody will find again, without a word.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { CallEvaluatorError } from '../errors.ts';

/** A look costs a few microseconds; what is written within so long after the removal is lost. ms */
const SURE_FOR = 1_000;

/** @returns a check that throws `store_failed` where it is not; looks at most once in a second while all is well */
export function filePresence({ name, memory }: Database): () => void {
  if (memory) return () => {};
  const path = resolve(name); // the process may change its folder later
  const opened = identityOf(path);
  let seenAt = performance.now();
  return () => {
    const now = performance.now();
    if (now - seenAt < SURE_FOR) return;
    if (identityOf(path) !== opened)
      throw new CallEvaluatorError(
        'store_failed',
        `${path} was removed or replaced while it was in use, so nothing more is written. Restart this process, and it goes on with what lies there now; what the file held that is gone comes back only with that file or a backup.`,
      );
    seenAt = now;
  };
}

function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false }); // inodes are larger than what a number holds
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}
