import Database from 'better-sqlite3';
import { CallEvaluatorError } from '../errors.ts';
import { migrate } from './migrations.ts';
import { storeError } from './sqliteErrors.ts';
import { sqliteStore } from './sqliteStore.ts';
import type { Store } from './store.ts';

const BUSY_TIMEOUT_MS = 5_000;
/** SQLite's own waiting for a lock holds up the whole process. Once it is open, the store waits for longer ones itself. */
const HELD_UP_MS = 10;

/** Opens the store in `file` and makes it where there is none. ':memory:' forgets all when it is closed. */
export function openSqlite(options: { file: string }): Store {
  return sqliteStore(connect(options.file));
}

/** A connection with the schema and the settings that the store relies on. */
export function connect(file: string): Database.Database {
  // SQLite takes '' for a temporary file that vanishes at the end.
  if (file.trim() === '') throw new CallEvaluatorError('bad_option', "file: give a path, or ':memory:'.");
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('page_size = 8192'); // means something only before the first table
    migrate(db);
    writeAhead(db);
    db.pragma('synchronous = FULL'); // what append resolves is on disk
    db.pragma('wal_autocheckpoint = 4000'); // pages: 32 MB
    db.pragma('cache_size = -65536'); // KiB
    db.pragma(`busy_timeout = ${HELD_UP_MS}`);
    return db;
  } catch (error) {
    db?.close();
    throw storeError(error, file);
  }
}

/** Of two processes that switch a new file to WAL at once, SQLite tells one "busy" without waiting for the other. */
function writeAhead(db: Database.Database): void {
  const giveUpAt = performance.now() + BUSY_TIMEOUT_MS;
  while (true) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > giveUpAt) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); // the only synchronous sleep there is
    }
  }
}
