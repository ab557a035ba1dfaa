/**
 * What a replay cannot hold in memory: a temporary SQLite file that vanishes with the process. It keeps the results to
 * be put in order, and the events of rooms that have to be folded a second time.
 */
import Database from 'better-sqlite3';
import type { WebhookEvent } from '../webhook/event.ts';

/** Events gathered in memory before they are put aside. */
const GATHERED = 8_000;

export type Standing = 'new' | 'measured' | 'late';

export class Scratch {
  readonly #db: Database.Database;
  readonly #gathered = new Map<string, WebhookEvent[]>();
  #count = 0;

  constructor() {
    this.#db = new Database(''); // '' is SQLite's name for a private file that is deleted when it is closed
    this.#db.unsafeMode(); // results are written while fragments are read: another table, which SQLite allows
    this.#db.pragma('journal_mode = OFF');
    this.#db.pragma('synchronous = OFF');
    this.#db.pragma('cache_size = -8192');
    this.#db.exec(`
      -- one row a room: its metrics, or NULL where an event came after it had been measured
      CREATE TABLE results (room_sid TEXT PRIMARY KEY, room_name TEXT, first_at INTEGER, started_at TEXT, duplicates INTEGER, metrics TEXT);
      CREATE TABLE fragments (seq INTEGER PRIMARY KEY, room_sid TEXT NOT NULL, events TEXT NOT NULL);
      CREATE TABLE unassigned (seq INTEGER PRIMARY KEY, room_name TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL);
      CREATE TABLE quarantined (room_sid TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
      BEGIN;
    `);
    const sql = (text: string) => this.#db.prepare(text);
    this.#standing = sql('SELECT metrics IS NULL FROM results WHERE room_sid = ?').pluck();
    this.#putResult = sql(
      `INSERT INTO results VALUES (@roomSid, @roomName, @firstAt, @startedAt, @duplicates, @metrics)
       ON CONFLICT DO UPDATE SET started_at = excluded.started_at, duplicates = excluded.duplicates, metrics = excluded.metrics`,
    );
    this.#forget = sql('UPDATE results SET metrics = NULL WHERE room_sid = ?');
    this.#putFragment = sql('INSERT INTO fragments (room_sid, events) VALUES (?, ?)');
    this.#putUnassigned = sql('INSERT INTO unassigned (room_name, at, event) VALUES (?, ?, ?)');
    this.#putQuarantined = sql('INSERT INTO quarantined VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1');
    this.#quarantinedOf = sql('SELECT times FROM quarantined WHERE room_sid = ?').pluck();
  }

  readonly #standing: Database.Statement;
  readonly #putResult: Database.Statement;
  readonly #forget: Database.Statement;
  readonly #putFragment: Database.Statement;
  readonly #putUnassigned: Database.Statement;
  readonly #putQuarantined: Database.Statement;
  readonly #quarantinedOf: Database.Statement;

  standing(roomSid: string): Standing {
    const late = this.#standing.get(roomSid) as 0 | 1 | undefined;
    return late === undefined ? 'new' : late ? 'late' : 'measured';
  }

  putResult(result: {
    roomSid: string;
    roomName: string | null;
    firstAt: number;
    startedAt: string;
    duplicates: number;
    metrics: string;
  }): void {
    this.#putResult.run(result);
  }

  /** Its result is void: the room has to be folded again. */
  markLate(roomSid: string): void {
    this.#forget.run(roomSid);
  }

  hasLate(): boolean {
    return this.#db.prepare('SELECT 1 FROM results WHERE metrics IS NULL LIMIT 1').get() !== undefined;
  }

  countQuarantined(roomSid: string): void {
    this.#putQuarantined.run(roomSid);
  }

  quarantinedOf(roomSid: string): number {
    return (this.#quarantinedOf.get(roomSid) as number | undefined) ?? 0;
  }

  putUnassigned(roomName: string, event: WebhookEvent): void {
    this.#putUnassigned.run(roomName, event.at.ms, JSON.stringify(event));
  }

  /**
   * Events that name a room only by its name go to the room of that name open at the time (webhooks.md 6.1): as fragments
   * of it, which is late then. Asks for every room's result to be there.
   */
  assign(): void {
    const owner = this.#db
      .prepare(
        `SELECT room_sid FROM results WHERE room_name = ?
         ORDER BY first_at > ?, CASE WHEN first_at <= ? THEN -first_at ELSE first_at END, room_sid LIMIT 1`,
      )
      .pluck();
    const unassigned = this.#db.prepare('SELECT room_name, at, event FROM unassigned ORDER BY seq').raw().all() as [
      string,
      number,
      string,
    ][];
    if (unassigned.length > 0) this.#db.exec('CREATE INDEX by_name ON results (room_name) WHERE room_name IS NOT NULL');
    for (const [name, at, event] of unassigned) {
      const inTime = BigInt(at + 999); // integers must stay integers: a JS number is bound as REAL
      const roomSid = owner.get(name, inTime, inTime) as string | undefined;
      if (roomSid === undefined) continue; // of no room that is known: there is no call to measure it in
      this.#putFragment.run(roomSid, `[${event}]`);
      this.markLate(roomSid);
    }
  }

  /** Puts an event of a late room aside. */
  gather(roomSid: string, event: WebhookEvent): void {
    const events = this.#gathered.get(roomSid);
    if (events) events.push(event);
    else this.#gathered.set(roomSid, [event]);
    if (++this.#count >= GATHERED) this.#putAside();
  }

  /** The late rooms, each with its events in order of arrival. */
  *lateRooms(): Generator<{ roomSid: string; events: WebhookEvent[] }> {
    this.#putAside();
    this.#db.exec('CREATE INDEX by_room ON fragments (room_sid, seq)');
    let roomSid: string | null = null;
    let events: WebhookEvent[] = [];
    const read = this.#db.prepare('SELECT room_sid, events FROM fragments ORDER BY room_sid, seq').raw();
    for (const [sid, fragment] of read.iterate() as Iterable<[string, string]>) {
      if (sid !== roomSid) {
        if (roomSid !== null) yield { roomSid, events };
        roomSid = sid;
        events = [];
      }
      for (const event of JSON.parse(fragment)) events.push(event);
    }
    if (roomSid !== null) yield { roomSid, events };
  }

  totals(): { rooms: number; duplicates: number } {
    return this.#db
      .prepare(
        'SELECT count(*) AS rooms, coalesce(sum(duplicates), 0) AS duplicates FROM results WHERE metrics IS NOT NULL',
      )
      .get() as {
      rooms: number;
      duplicates: number;
    };
  }

  /** Every room's metrics, by startedAt, then roomSid. */
  *results(): Generator<string> {
    this.#db.exec('CREATE INDEX in_order ON results (started_at, room_sid)');
    yield* this.#db
      .prepare('SELECT metrics FROM results WHERE metrics IS NOT NULL ORDER BY started_at, room_sid')
      .pluck()
      .iterate() as Iterable<string>;
  }

  close(): void {
    this.#db.close();
  }

  #putAside(): void {
    for (const [roomSid, events] of this.#gathered) this.#putFragment.run(roomSid, JSON.stringify(events));
    this.#gathered.clear();
    this.#count = 0;
  }
}
