/**
 * The scratch of a replay: a temporary SQLite file that vanishes with the process, so that memory stays flat whatever
 * the size of the input. Rooms' events are gathered in memory and put aside, the least recently heard of first.
 */
import Database from 'better-sqlite3';
import type { WebhookEvent } from '../webhook/event.ts';

/** Events held in memory before rooms are put aside: about 30 MiB. */
const HELD = 16_000;

export class Scratch {
  readonly #db: Database.Database;
  readonly #rooms = new Map<string, WebhookEvent[]>();
  #held = 0;
  #unassigned = 0;
  readonly #putAside: Database.Statement;
  readonly #putResult: Database.Statement;

  constructor() {
    this.#db = new Database(''); // '' is SQLite's name for a private file that is deleted when it is closed
    this.#db.unsafeMode(); // results are written while fragments are read: other tables, which SQLite allows
    this.#db.pragma('journal_mode = OFF');
    this.#db.pragma('synchronous = OFF');
    this.#db.pragma('cache_size = -16384');
    this.#db.exec(`
      CREATE TABLE fragments (seq INTEGER PRIMARY KEY, room_sid TEXT NOT NULL, room_name TEXT, first_at INTEGER NOT NULL, events TEXT NOT NULL);
      CREATE TABLE unassigned (seq INTEGER PRIMARY KEY, room_name TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL);
      CREATE TABLE quarantined (room_sid TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE results (started_at TEXT NOT NULL, room_sid TEXT NOT NULL, metrics TEXT NOT NULL);
      BEGIN;
    `);
    this.#putAside = this.#db.prepare('INSERT INTO fragments (room_sid, room_name, first_at, events) VALUES (?, ?, ?, ?)');
    this.#putResult = this.#db.prepare('INSERT INTO results VALUES (?, ?, ?)');
  }

  add(event: WebhookEvent): void {
    const { sid, name } = event.room;
    if (sid === null) {
      if (name === null) return; // of no room: there is no call to measure it in
      this.#db.prepare('INSERT INTO unassigned (room_name, at, event) VALUES (?, ?, ?)').run(name, event.at.ms, JSON.stringify(event));
      this.#unassigned++;
      return;
    }
    let events = this.#rooms.get(sid);
    if (events === undefined) events = [];
    else this.#rooms.delete(sid);
    events.push(event);
    this.#rooms.set(sid, events); // now the most recently heard of
    if (++this.#held > HELD) this.#spill(HELD / 2);
  }

  countQuarantined(roomSid: string): void {
    this.#db.prepare('INSERT INTO quarantined VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1').run(roomSid);
  }

  /** Each room's events in order of arrival, and how many payloads of it were quarantined. */
  *rooms(): Generator<{ roomSid: string; events: WebhookEvent[]; quarantined: number }> {
    this.#spill(0);
    this.#db.exec('CREATE INDEX by_room ON fragments (room_sid, seq)');
    if (this.#unassigned > 0) this.#assign();
    const quarantined = this.#db.prepare('SELECT times FROM quarantined WHERE room_sid = ?').pluck();
    const read = this.#db.prepare('SELECT room_sid, events FROM fragments ORDER BY room_sid, seq').raw();
    let roomSid: string | null = null;
    let events: WebhookEvent[] = [];
    const told = () => ({ roomSid: roomSid!, events, quarantined: (quarantined.get(roomSid) as number | undefined) ?? 0 });
    for (const [sid, fragment] of read.iterate() as Iterable<[string, string]>) {
      if (sid !== roomSid) {
        if (roomSid !== null) yield told();
        roomSid = sid;
        events = [];
      }
      for (const event of JSON.parse(fragment)) events.push(event);
    }
    if (roomSid !== null) yield told();
  }

  addResult(startedAt: string, roomSid: string, metrics: string): void {
    this.#putResult.run(startedAt, roomSid, metrics);
  }

  /** By startedAt, then roomSid. */
  *results(): Generator<string> {
    this.#db.exec('CREATE INDEX in_order ON results (started_at, room_sid)');
    yield* this.#db.prepare('SELECT metrics FROM results ORDER BY started_at, room_sid').pluck().iterate() as Iterable<string>;
  }

  close(): void {
    this.#db.close();
  }

  #spill(keep: number): void {
    for (const [sid, events] of this.#rooms) {
      if (this.#held <= keep) break;
      const name = events.find(({ room }) => room.name !== null)?.room.name ?? null;
      const firstAt = events.reduce((first, { at }) => Math.min(first, at.ms), Number.POSITIVE_INFINITY);
      this.#putAside.run(sid, name, firstAt, JSON.stringify(events));
      this.#rooms.delete(sid);
      this.#held -= events.length;
    }
  }

  /** Events that name a room only by its name go to the room of that name open at the time (webhooks.md 6.1). */
  #assign(): void {
    this.#db.exec('CREATE INDEX by_name ON fragments (room_name, room_sid, first_at)');
    const owner = this.#db.prepare(
      `SELECT room_sid FROM (SELECT room_sid, min(first_at) AS first_at FROM fragments WHERE room_name = ? GROUP BY room_sid)
       ORDER BY first_at > ?, CASE WHEN first_at <= ? THEN -first_at ELSE first_at END, room_sid LIMIT 1`,
    ).pluck();
    const adopt = this.#db.prepare('INSERT INTO fragments (room_sid, room_name, first_at, events) VALUES (?, NULL, ?, ?)');
    for (const { room_name, at, event } of this.#db.prepare('SELECT room_name, at, event FROM unassigned ORDER BY seq').all() as { room_name: string; at: number; event: string }[]) {
      const latest = BigInt(at + 999);
      const sid = owner.get(room_name, latest, latest) as string | undefined;
      if (sid !== undefined) adopt.run(sid, BigInt(at), `[${event}]`);
    }
  }
}
