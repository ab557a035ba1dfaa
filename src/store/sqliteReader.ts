import type { Database } from 'better-sqlite3';
import type { Misunderstood } from '../webhook/event.ts';
import type {
  CallListing,
  CallsPage,
  MeasuredCall,
  Place,
  Quarantined,
  RoomHistory,
  Store,
  StoredEvent,
} from './store.ts';

const EVENT = 'seq, fact, id, type, at, received_at as receivedAt, body';
/** That of a room, by its sid. */
const NUMBER = '(select seq from calls where room_sid = ?)';
const CALL = 'room_sid as roomSid, revision, config_hash as configHash, arrivals, facets, metrics';

interface Repeat {
  seq: number;
  /** '' where the delivery had none */
  id: string;
  times: number;
}

/** The instants whose events belong to a room when they name it only by name. */
interface Span {
  roomName: string | null;
  from: number;
  until: number;
}

/** The methods of the store that only read. */
export interface Reader {
  readRoom: (roomSid: string) => RoomHistory | null;
  roomsNamed: (roomName: string) => string[];
  readCall: (roomSid: string) => MeasuredCall | null;
  lastMeasured: (roomSid: string) => MeasuredCall | null;
  listCalls: (page: CallsPage) => CallListing[];
  hoursWithCalls: (period: Pick<CallsPage, 'from' | 'until'>) => number[];
  readPage: (hour: number, configHash: string) => string | null;
  listQuarantined: (afterSeq: number, limit: number, newestFirst?: boolean) => Quarantined[];
  counts: () => Counts;
  /** How much readRoom would give: events, duplicates and quarantined. */
  arrivalsOf: (roomSid: string) => number;
}
interface Listed extends Place {
  roomName: string | null;
  configHash: string;
  facets: string | null;
  figures?: string | null;
}
const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;

type Counts = Awaited<ReturnType<Store['counts']>>;

export function reader(db: Database): Reader {
  const eventsOf = db.prepare<[string], StoredEvent>(`select ${EVENT} from events where room = ${NUMBER}`);
  const repeatsOf = db.prepare<[string], Repeat>(`
    select seq, repeats.id, times from events cross join repeats using (seq) where room = ${NUMBER}`);
  const quarantinedOf = db.prepare<[string], number>('select count(*) from quarantine where room_sid = ?').pluck();

  // From the room's first sign to that of the next of its name; the first of a name also has all that was before it.
  // 999: the clock of most events tells whole seconds, that of rooms may tell milliseconds.
  const span = db.prepare<[string], Span>(`
    select room_name as roomName,
      iif(exists (select 1 from calls where room_name = room.room_name and (first_at, room_sid) < (room.first_at, room.room_sid)),
        room.first_at - 999, ${Number.MIN_SAFE_INTEGER}) as "from",
      coalesce((select first_at - 999 from calls
          where room_name = room.room_name and (first_at, room_sid) > (room.first_at, room.room_sid)
          order by first_at, room_sid limit 1), ${Number.MAX_SAFE_INTEGER}) as until
    from calls as room where room_sid = ?`);
  const eventsIn = db.prepare<[Span], StoredEvent>(`
    select ${EVENT} from events where room = 0 and room_name = :roomName and at >= :from and at < :until`);
  const repeatsIn = db.prepare<[Span], Repeat>(`
    select seq, repeats.id, times from events cross join repeats using (seq)
    where room = 0 and room_name = :roomName and at >= :from and at < :until`);

  const ownArrivals = db
    .prepare<[string, string], number>(`
    select (select count(*) from events where room = ${NUMBER}) + (
      select coalesce(sum(times), 0) from events cross join repeats using (seq) where room = ${NUMBER})`)
    .pluck();
  const anyByName = db.prepare<[], number>(`select 1 from events where room = 0 and room_name is not null limit 1`);
  const arrivalsByName = db
    .prepare<[Span], number>(`
    select count(*) + coalesce(sum((select sum(times) from repeats where seq = events.seq)), 0) from events
    where room = 0 and room_name = :roomName and at >= :from and at < :until`)
    .pluck();

  const callOf = db.prepare<[string], MeasuredCall>(
    `select ${CALL} from calls join results on call = calls.seq where room_sid = ?`,
  );
  const freshCallOf = db.prepare<[string], MeasuredCall>(
    `select ${CALL} from calls join results on call = calls.seq where room_sid = ? and fresh = 1`,
  );
  const named = db
    .prepare<[string], string>('select room_sid from calls where room_name = ? order by first_at')
    .pluck();
  const LISTED = `select room_sid as roomSid, room_name as roomName, first_at as firstAt, config_hash as configHash,
    iif(fresh, facets, null) as facets`;
  const walk = (only: string, listed = `${LISTED} from calls`) => ({
    oldestFirst: db.prepare<[number, string, number, number], Listed>(`
      ${listed} where ${only} (first_at, room_sid) > (?, ?) and first_at < ? order by first_at, room_sid limit ?`),
    newestFirst: db.prepare<[number, string, number, number], Listed>(`
      ${listed} where ${only} (first_at, room_sid) < (?, ?) and first_at >= ? order by first_at desc, room_sid desc limit ?`),
  });
  const all = walk('');
  const toMeasure = walk('fresh = 0 and');
  const figured = walk('', `${LISTED}, figures from calls left join figures on call = calls.seq`);
  const hours = db
    .prepare<[number, number], number>(
      'select distinct first_at / 3600000 from calls where first_at >= ? and first_at < ? order by 1',
    )
    .pluck();
  const pageOf = db
    .prepare<[number, string], string>('select figures from figure_pages where hour = ? and config_hash = ?')
    .pluck();
  const quarantined = (order: string) =>
    db.prepare<[number, number], Omit<Quarantined, 'reason'> & Misunderstood>(`
      select seq, received_at as receivedAt, sha256, times, field, found, expected, room_sid as roomSid, body
      from quarantine where seq > ? order by seq ${order} limit ?`);
  const oldestQuarantined = quarantined('asc');
  const newestQuarantined = quarantined('desc');
  // Events are never removed: the last one's number is how many there are.
  const countAll = db.prepare<[], Counts>(`
    select (select coalesce(max(seq), 0) from events) as events,
      (select count(*) from calls) as rooms,
      (select coalesce(sum(times), 0) from repeats) as duplicates,
      (select count(*) from quarantine) as quarantined,
      (select count(*) from events where room = 0) as unassigned`);

  function readRoom(roomSid: string): RoomHistory | null {
    const quarantined = quarantinedOf.get(roomSid)!;
    const room = span.get(roomSid);
    if (room === undefined) return quarantined === 0 ? null : { roomSid, events: [], duplicates: 0, quarantined };
    let events = eventsOf.all(roomSid);
    let repeats = repeatsOf.all(roomSid);
    const byName = eventsIn.all(room);
    if (byName.length > 0) {
      events = events.concat(byName);
      repeats = repeats.concat(repeatsIn.all(room));
    }
    events.sort((a, b) => a.seq - b.seq); // SQLite would carry the bodies through its sorter
    return { roomSid, events, duplicates: settle(repeats, events), quarantined };
  }

  function arrivalsOf(roomSid: string): number {
    const own = ownArrivals.get(roomSid, roomSid)! + quarantinedOf.get(roomSid)!;
    const room = anyByName.get() === undefined ? undefined : span.get(roomSid);
    return room === undefined ? own : own + arrivalsByName.get(room)!;
  }

  function listCalls({ from = EARLIEST, until = LATEST, after, limit, ...which }: CallsPage): CallListing[] {
    const { oldestFirst, newestFirst } = which.toMeasure ? toMeasure : which.withFigures ? figured : all;
    const rows = which.newestFirst
      ? newestFirst.all(after?.firstAt ?? until, after?.roomSid ?? '', from, limit)
      : oldestFirst.all(after?.firstAt ?? from, after?.roomSid ?? '', until, limit);
    return rows.map(({ roomSid, roomName, firstAt, facets, figures, configHash }) => ({
      roomSid,
      roomName,
      firstAt,
      measured:
        facets === null ? null : figures === undefined ? { configHash, facets } : { configHash, facets, figures },
    }));
  }

  function listQuarantined(afterSeq: number, limit: number, newestFirst = false): Quarantined[] {
    const found = newestFirst ? newestQuarantined : oldestQuarantined;
    return found.all(afterSeq, limit).map(({ field, found, expected, roomSid, ...row }) => ({
      ...row,
      reason: { field, found, expected, roomSid },
    }));
  }

  return {
    readRoom: db.transaction(readRoom), // several reads of one state
    roomsNamed: (roomName: string) => named.all(roomName),
    readCall: (roomSid: string) => freshCallOf.get(roomSid) ?? null,
    lastMeasured: (roomSid: string) => callOf.get(roomSid) ?? null,
    listCalls,
    hoursWithCalls: ({ from = EARLIEST, until = LATEST }) => hours.all(from, until),
    readPage: (hour: number, configHash: string) => pageOf.get(hour, configHash) ?? null,
    listQuarantined,
    counts: () => countAll.get()!,
    arrivalsOf,
  };
}

/** Gives each event the smallest of its ids; returns how many deliveries were repeats. */
function settle(repeats: readonly Repeat[], events: readonly StoredEvent[]): number {
  if (repeats.length === 0) return 0;
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  let duplicates = 0;
  for (const { seq, id, times } of repeats) {
    duplicates += times;
    const event = bySeq.get(seq)!;
    if (id !== '' && (event.id === null || id < event.id)) event.id = id;
  }
  return duplicates;
}
