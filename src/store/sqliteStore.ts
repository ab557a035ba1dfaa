import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { CallEvaluatorError } from '../errors.ts';
import { filePresence } from './filePresence.ts';
import { storeError } from './sqliteErrors.ts';
import { reader } from './sqliteReader.ts';
import { writer } from './sqliteWriter.ts';
import type { Store } from './store.ts';

/** How long the lock of another process is waited for. */
const PATIENCE_MS = 5_000;
const BETWEEN_TRIES_MS = 10;

/**
 * The store over a connection (sqlite.ts) that is its own from now on. Every method does its work before it returns; those
 * that write, unless another process holds the lock: then they wait for it, and this process goes on.
 */
export function sqliteStore(db: Database, { patience = PATIENCE_MS } = {}): Store {
  const assertPresent = filePresence(db);
  const attempt = <T>(work: () => T): T => {
    if (!db.open) throw new CallEvaluatorError('closed', `The store ${db.name} was closed; open it again.`);
    try {
      return work();
    } catch (error) {
      throw storeError(error, db.name);
    }
  };
  const writePatiently = async <T>(work: () => T): Promise<T> => {
    const giveUpAt = performance.now() + patience;
    for (;;) {
      try {
        return attempt(() => {
          assertPresent();
          return work();
        });
      } catch (error) {
        if ((error as CallEvaluatorError).code !== 'store_busy' || performance.now() >= giveUpAt) throw error;
      }
      await wait(BETWEEN_TRIES_MS);
    }
  };
  return attempt(() => {
    const { arrivalsOf, ...read } = reader(db);
    const { readRoom, roomsNamed, readCall, lastMeasured, listCalls, listQuarantined, counts } = read;
    const { append, releaseQuarantined, writePage } = writer(db, arrivalsOf);
    const dataVersion = db.prepare<[], number>('pragma data_version').pluck();
    let lastLook = dataVersion.get();

    return {
      append: (...batch) => writePatiently(() => append(...batch)),
      readRoom: async (roomSid) => attempt(() => readRoom(roomSid)),
      roomsNamed: async (roomName) => attempt(() => roomsNamed(roomName)),
      readCall: async (roomSid) => attempt(() => readCall(roomSid)),
      lastMeasured: async (roomSid) => attempt(() => lastMeasured(roomSid)),
      listCalls: async (page) => attempt(() => listCalls(page)),
      hoursWithCalls: async (period) => attempt(() => read.hoursWithCalls(period)),
      readPage: async (...page) => attempt(() => read.readPage(...page)),
      writePage: (...page) => writePatiently(() => writePage(...page)),
      listQuarantined: async (...page) => attempt(() => listQuarantined(...page)),
      releaseQuarantined: (seqs) => writePatiently(() => releaseQuarantined(seqs)),
      counts: async () => attempt(counts),
      changedElsewhere: () =>
        attempt(() => {
          const before = lastLook;
          lastLook = dataVersion.get();
          return lastLook !== before;
        }),
      assertWritable: () =>
        writePatiently(() => {
          // setting the version to what it is writes the first page
          db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
        }),
      close: async () => {
        if (!db.open) return;
        try {
          db.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // A full or read-only disk. Nothing is lost: what cannot be moved stays in the -wal file until the next opening.
        } finally {
          db.close();
        }
      },
    };
  });
}
