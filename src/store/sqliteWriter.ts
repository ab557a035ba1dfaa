import type { Database } from 'better-sqlite3';
import { CallEvaluatorError } from '../errors.ts';
import type { Appended, CallRow, NewEvent, NewQuarantined } from './store.ts';

/** What a batch tells of where a room stands among the others. */
interface Told {
  roomName: string | null;
  firstAt: number;
}
interface Placed extends Told {
  number: number;
  isNew: boolean;
  /** Its name or its first sign is another than before. */
  moved: boolean;
}

/** Of events whose payload names no sid. */
const NO_ROOM = 0;

/** Later than any room's first sign. */
const NO_SIGN = Number.MAX_SAFE_INTEGER;

/** The methods of the store that write, each in one transaction. */
export function writer(db: Database, arrivalsOf: (roomSid: string) => number) {
  const findEvent = db.prepare<[number, string], { seq: number; id: string | null }>(
    'select seq, id from events where room = ? and fact = ?',
  );
  const addEvent = db.prepare(`
    insert into events (room, fact, id, type, at, received_at, sha256, room_name, body)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const addRepeat = db.prepare(`
    insert into repeats (seq, id, times) values (?, ?, 1) on conflict do update set times = times + 1`);
  const addQuarantined = db
    .prepare(`
    insert into quarantine (received_at, sha256, times, field, found, expected, room_sid, body)
    values (?, ?, 1, ?, ?, ?, ?, ?) on conflict do update set times = times + 1 returning times`)
    .pluck();
  const release = db
    .prepare<[number], string | null>('delete from quarantine where seq = ? returning room_sid')
    .pluck();

  const findRoom = db.prepare<[string], Told & { seq: number; fresh: number }>(
    'select seq, room_name as roomName, first_at as firstAt, fresh from calls where room_sid = ?',
  );
  const addRoom = db.prepare('insert into calls (room_sid, room_name, first_at, fresh) values (?, ?, ?, 0)');
  const moveRoom = db.prepare('update calls set room_name = ?, first_at = ?, fresh = 0 where seq = ?');
  const putCall = db
    .prepare<[Omit<CallRow, 'metrics' | 'figures'> & { fresh: number }], number>(`
    update calls set revision = :revision, config_hash = :configHash, arrivals = :arrivals, facets = :facets, fresh = :fresh
    where room_sid = :roomSid returning seq`)
    .pluck();
  const putResult = db.prepare(
    'insert into results values (?, ?) on conflict do update set metrics = excluded.metrics',
  );

  const putFigures = db.prepare(
    'insert into figures values (?, ?) on conflict do update set figures = excluded.figures',
  );

  const measuredIn = db.prepare<[{ hour: number }], { configHash: string; figures: string | null }>(
    `
    select config_hash as configHash, figures from calls left join figures on call = calls.seq
    where fresh = 1 and first_at >= :hour * 3600000 - 3600000 and first_at <= :hour * 3600000 + 3600000
      and first_at / 3600000 = :hour order by first_at, room_sid`,
  );
  const putPage = db.prepare('insert or replace into figure_pages values (?, ?, ?)');

  const staleRoom = db.prepare('update calls set fresh = 0 where room_sid = ? and fresh = 1');
  // cast(… as text): where a parameter stands bare beside ORDER BY or a partial index, SQLite compiles the statement
  // anew at each run, to plan for the value (26 us instead of 3).
  /** The room that owns what names only :roomName, at :at; the reader's `span` is the same rule from the room's side. */
  const staleOwner = db.prepare(`
    update calls set fresh = 0 where fresh = 1 and room_sid = coalesce(
      (select room_sid from calls where room_name = cast(:roomName as text) and first_at <= :at + 999
       order by first_at desc, room_sid desc limit 1),
      (select room_sid from calls where room_name = cast(:roomName as text) order by first_at, room_sid limit 1))`);
  /** A room that takes a new place moves the borders of its namesakes, from the one before it onwards. */
  const staleNamesakes = db.prepare(`
    update calls set fresh = 0
    where fresh = 1 and room_name = cast(:roomName as text)
      and first_at >= coalesce(
        (select max(first_at) from calls where room_name = cast(:roomName as text) and first_at < :firstAt), :firstAt)`);

  const quarantinedOf = db.prepare('select 1 from quarantine where room_sid = cast(? as text) limit 1');
  const namedOnly = db.prepare(`select 1 from events where room = 0 and room_name = cast(? as text) limit 1`);

  /** False where the fact is stored already. */
  function add(
    room: number,
    { fact, id, type, at, receivedAt, sha256, body }: NewEvent,
    roomName: string | null,
  ): boolean {
    return addEvent.run(room, fact, id, type, at, receivedAt, sha256, roomName, body).changes === 1;
  }

  /** True where its id is smaller than the stored one's. */
  function repeat(stored: { seq: number; id: string | null }, id: string | null): boolean {
    addRepeat.run(stored.seq, id ?? '');
    return id !== null && (stored.id === null || id < stored.id);
  }

  /** Gives the room a number, or finds it. */
  function place(roomSid: string, told: Told): Placed {
    const known = findRoom.get(roomSid);
    const roomName = known?.roomName ?? told.roomName;
    const firstAt = Math.min(known?.firstAt ?? told.firstAt, told.firstAt);
    if (known === undefined) {
      const number = Number(addRoom.run(roomSid, roomName, firstAt).lastInsertRowid);
      return { number, roomName, firstAt, isNew: true, moved: true };
    }
    const moved = known.roomName !== roomName || known.firstAt !== firstAt;
    if (moved) moveRoom.run(roomName, firstAt, known.seq);
    else if (known.fresh) staleRoom.run(roomSid);
    return { number: known.seq, roomName, firstAt, isNew: false, moved };
  }

  /** True where a room that was not known begins with this batch: nothing that names it only by its name is there. */
  function begins({ roomName, firstAt, isNew, moved }: Placed): boolean {
    if (moved && roomName !== null && namedOnly.get(roomName) !== undefined) {
      staleNamesakes.run({ roomName, firstAt });
      return false;
    }
    return isNew;
  }

  function append(
    events: readonly NewEvent[],
    quarantined: readonly NewQuarantined[],
    calls: readonly CallRow[],
  ): Appended {
    const fresh: boolean[] = [];
    const renamed: boolean[] = [];
    const freshQuarantined: boolean[] = [];
    const begun = new Set<string>();
    const namingOnly: NewEvent[] = [];
    for (const event of events)
      if (!wellFormed(event)) throw illFormed(`Event ${JSON.stringify(event.id ?? event.fact)}`);
    const rooms = new Map([...toldOf(events)].map(([roomSid, told]) => [roomSid, place(roomSid, told)]));
    for (const event of events) {
      const { roomSid, roomName, fact, id } = event;
      const room = rooms.get(roomSid)?.number ?? NO_ROOM;
      const nameKept = room === NO_ROOM ? roomName : null;
      // To look first pays for repeats alone: their bodies are not carried into SQLite for nothing.
      const known = event.seemsKnown ? findEvent.get(room, fact) : undefined;
      const added = known === undefined && add(room, event, nameKept);
      fresh.push(added);
      renamed.push(!added && repeat(known ?? findEvent.get(room, fact)!, id));
      if (nameKept !== null) namingOnly.push(event);
    }
    for (const [roomSid, room] of rooms) if (begins(room)) begun.add(roomSid);
    for (const { roomName, at } of namingOnly) staleOwner.run({ roomName, at });
    for (const { receivedAt, sha256, reason, body } of quarantined) {
      if (typeof body === 'string' && !body.isWellFormed()) throw illFormed('A payload for the quarantine');
      const { field, found, expected, roomSid } = reason;
      freshQuarantined.push(addQuarantined.get(receivedAt, sha256, field, found, expected, roomSid, body) === 1);
      if (reason.roomSid !== null) staleRoom.run(reason.roomSid);
    }
    for (const roomSid of begun) if (quarantinedOf.get(roomSid) !== undefined) begun.delete(roomSid);
    // A call of a room without events is dropped: a projection of nothing.
    // Fresh only if it was measured from all that is stored: another process may have added to the room meanwhile, or a
    // namesake have taken what only named it.
    for (const { metrics, figures, ...call } of calls) {
      const seq = putCall.get({ ...call, fresh: arrivalsOf(call.roomSid) === call.arrivals ? 1 : 0 });
      if (seq === undefined) continue;
      putResult.run(seq, metrics);
      putFigures.run(seq, figures);
    }
    return { fresh, renamed, freshQuarantined, begun };
  }

  function releaseQuarantined(seqs: readonly number[]): void {
    for (const seq of seqs) {
      const roomSid = release.get(seq);
      if (typeof roomSid === 'string') staleRoom.run(roomSid);
    }
  }

  function writePage(hour: number, configHash: string, make: (figures: readonly string[]) => string | null): void {
    const calls = measuredIn.all({ hour });
    if (calls.length === 0 || calls.some(({ configHash: other, figures }) => other !== configHash || figures === null))
      return;
    const page = make(calls.map(({ figures }) => figures!));
    if (page !== null) putPage.run(hour, configHash, page);
  }

  // Immediate: the lock is waited for at the start; a reader that turns writer halfway is refused without waiting.
  return {
    append: db.transaction(append).immediate,
    releaseQuarantined: db.transaction(releaseQuarantined).immediate,
    writePage: db.transaction(writePage).immediate,
  };
}

/** By sid. */
function toldOf(events: readonly NewEvent[]): Map<string, Told> {
  const rooms = new Map<string, Told>();
  for (const { roomSid, roomName, at, byOtherClock } of events) {
    if (roomSid === '') continue;
    const firstAt = byOtherClock ? NO_SIGN : at;
    const name = byOtherClock ? null : roomName; // nor is an agent's word for it one that LiveKit gave it
    const told = rooms.get(roomSid);
    if (told === undefined) rooms.set(roomSid, { roomName: name, firstAt });
    else {
      told.roomName ??= name;
      if (firstAt < told.firstAt) told.firstAt = firstAt;
    }
  }
  return rooms;
}

/** UTF-8 has no half of a surrogate pair: SQLite would quietly keep another character instead. */
function wellFormed({ roomSid, roomName, fact, id, type, body }: NewEvent): boolean {
  return (
    body.isWellFormed() &&
    roomSid.isWellFormed() &&
    fact.isWellFormed() &&
    type.isWellFormed() &&
    (roomName === null || roomName.isWellFormed()) &&
    (id === null || id.isWellFormed())
  );
}

function illFormed(what: string): CallEvaluatorError {
  return new CallEvaluatorError(
    'store_failed',
    `${what} has text with half a surrogate pair, which cannot be stored as it is, and nothing of its batch was stored. Escape it as JSON does, or call toWellFormed() on it.`,
  );
}
