import Database from 'better-sqlite3';
import { CallEvaluatorError, type ErrorCode } from '../errors.ts';

/** Whatever was thrown while working on `file`, as the one error that tells what to do. */
export function storeError(error: unknown, file: string): CallEvaluatorError {
  if (error instanceof CallEvaluatorError) return error;
  const { code, remedy } = diagnose(error);
  const found = error instanceof Error ? error.message : String(error);
  return new CallEvaluatorError(code, `${remedy.replaceAll('FILE', () => file)} (${found})`, { cause: error });
}

function diagnose(error: unknown): { code: ErrorCode; remedy: string } {
  switch (primaryCode(error)) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
    case 'SQLITE_PROTOCOL': // lost the race for the WAL's locks too often
      return {
        code: 'store_busy',
        remedy: 'Another process holds the lock of FILE. Nothing was lost: try again, or end that process.',
      };
    case 'SQLITE_FULL':
      return {
        code: 'store_full',
        remedy:
          'The disk of FILE is full. Nothing that was acknowledged is lost: free some space there, then try again.',
      };
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return {
        code: 'store_readonly',
        remedy:
          'FILE cannot be opened for writing. Make sure that its folder exists, that it is a file, and that this user may write to both.',
      };
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return {
        code: 'store_corrupt',
        remedy:
          'FILE is damaged or is no SQLite database. Restore it from a backup, or save what can be read: sqlite3 FILE .recover',
      };
    case 'SQLITE_IOERR':
      return {
        code: 'store_failed',
        remedy:
          'The system refused to read or write FILE: a quota, a limit on file sizes (ulimit -f), or a failing disk. Nothing that was acknowledged is lost: mend that, then try again.',
      };
    default:
      return { code: 'store_failed', remedy: 'The database FILE failed.' };
  }
}

/** SQLITE_IOERR_WRITE is a kind of SQLITE_IOERR. */
function primaryCode(error: unknown): string | undefined {
  if (error instanceof Database.SqliteError) return error.code.split('_', 2).join('_');
  // The driver looks for the folder itself, and throws this before SQLite can.
  if (error instanceof TypeError && error.message.includes('directory does not exist')) return 'SQLITE_CANTOPEN';
  return undefined;
}
