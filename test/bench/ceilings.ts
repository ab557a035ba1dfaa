/** What the machine can do at best: the same work without the product. */
import { closeSync, openSync, readSync } from 'node:fs';
import { connect } from '../../src/store/sqlite.ts';
import type { NewEvent } from '../../src/store/store.ts';

/** Bare inserts into the product's table, under its settings. */
export function rawStore(file: string) {
  const db = connect(file);
  const add = db.prepare(`
    insert into events (room, fact, id, type, at, received_at, sha256, room_name, body)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const numbers = new Map<string, number>();
  const numberOf = (roomSid: string) => {
    const number = numbers.get(roomSid) ?? numbers.size + 1;
    numbers.set(roomSid, number);
    return number;
  };
  const insert = (rows: readonly NewEvent[]) => {
    for (const { roomSid, fact, id, type, at, receivedAt, sha256, body } of rows)
      add.run(numberOf(roomSid), fact, id, type, at, receivedAt, sha256, null, body);
  };
  const count = db.prepare<[], number>('select count(*) from events').pluck();
  return {
    /** In one transaction. */
    insert: db.transaction(insert).immediate,
    count: () => count.get()!,
    close: () => db.close(),
  };
}

const CHUNK = 128 * 1024;

/** The lines of a file, a chunk's at a time. */
export function* linesOf(file: string): Generator<string[]> {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(2 * CHUNK);
  let kept = 0;
  for (let read = -1; read !== 0; ) {
    read = readSync(descriptor, buffer, kept, CHUNK, null);
    const whole = buffer.lastIndexOf('\n', kept + read - 1, 'latin1') + 1;
    if (read === 0 || whole === 0) break;
    yield buffer.toString('utf8', 0, whole - 1).split('\n');
    buffer.copyWithin(0, whole, kept + read);
    kept = kept + read - whole;
  }
  closeSync(descriptor);
}
