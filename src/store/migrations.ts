import type { Database } from 'better-sqlite3';
import { CallEvaluatorError } from '../errors.ts';

/** 'Call' in ASCII: tells a database of ours from that of another program. */
const APPLICATION_ID = 0x43616c6c;

/** The n-th entry leads from version n to n + 1. An entry that was released is never changed: add another. */
const MIGRATIONS = [
  `
  -- The history: rows are added, never changed or removed.
  -- The body comes last: whoever reads the small columns does not walk through a long one.
  create table events (
    seq         integer primary key,
    room_sid    text    not null, -- '' where the payload names no sid
    fact        text    not null,
    id          text,
    type        text    not null,
    at          integer not null,
    received_at integer not null,
    sha256      blob    not null,
    room_name   text,             -- only where room_sid is ''
    body        text    not null,
    unique (room_sid, fact)
  ) strict;
  create index events_by_name on events (room_name, at) where room_sid = '';

  -- Deliveries of facts that were stored already. By number, not by room and fact: repeats come soon after their
  -- event, so that those of one batch share pages (at 100 a batch 2.4 times as fast).
  create table repeats (
    seq   integer not null, -- of the event
    id    text    not null, -- '' where the delivery had none
    times integer not null,
    primary key (seq, id)
  ) strict, without rowid;

  -- The rooms that were heard of, and what was measured of each: a projection of the history. Narrow, for lists walk
  -- through it.
  create table calls (
    seq         integer primary key,
    room_sid    text    not null unique,
    room_name   text,
    first_at    integer not null,
    fresh       integer not null, -- 1: measured, and nothing came since
    revision    integer,
    config_hash text,
    arrivals    integer,          -- what it was measured from: events and repeats
    facets      text              -- JSON: what lists are filtered and sorted by
  ) strict;
  create table results (
    call    integer primary key,  -- calls.seq
    metrics text    not null      -- JSON
  ) strict;
  create index calls_by_first_sign on calls (first_at, room_sid);
  create index calls_to_measure on calls (first_at, room_sid) where fresh = 0;
  create index calls_by_name on calls (room_name, first_at, room_sid) where room_name is not null;

  -- Authentic payloads that could not be understood. Autoincrement: a released number never comes back for another payload.
  create table quarantine (
    seq         integer primary key autoincrement,
    received_at integer not null,
    sha256      blob    not null unique,
    times       integer not null,
    field       text    not null,
    found       text    not null,
    expected    text    not null,
    room_sid    text,
    body        any     not null  -- text, or a blob where it is none
  ) strict;
  create index quarantine_by_room on quarantine (room_sid) where room_sid is not null;
  `,
  `
  -- Events are known by their room's number: rooms that are on at the same time have neighbouring numbers, so that the
  -- events of a batch share pages of the index, where random sids would need a page each.
  create table events_by_number (
    seq         integer primary key,
    room        integer not null, -- calls.seq; 0 where the payload names no sid
    fact        text    not null,
    id          text,
    type        text    not null,
    at          integer not null,
    received_at integer not null,
    sha256      blob    not null,
    room_name   text,             -- only where room is 0
    body        text    not null,
    unique (room, fact)
  ) strict;
  insert into events_by_number
    select events.seq, coalesce(calls.seq, 0), fact, id, type, at, received_at, sha256, events.room_name, body
    from events left join calls using (room_sid) order by events.seq;
  drop table events;
  alter table events_by_number rename to events;
  create index events_by_name on events (room_name, at) where room = 0;
  `,
  `
  -- What summaries read of each measured call: apart from the lists' rows, which stay narrow. A projection, as those.
  create table figures (
    call    integer primary key, -- calls.seq
    figures text not null        -- lines of JSON (src/fleet/storedFigures.ts)
  ) strict;

  -- The same of all measured calls of an hour, by first sign, as one text (src/fleet/figuresPage.ts). A page goes with the first
  -- change of any of its calls, whoever makes it.
  create table figure_pages (
    hour        integer primary key, -- first_at / 3600000
    config_hash text    not null,
    figures     text    not null
  ) strict;
  create trigger figure_pages_stale after update of fresh, first_at on calls when old.fresh = 1 or new.fresh = 1 begin
    delete from figure_pages where hour in (old.first_at / 3600000, new.first_at / 3600000);
  end;
  `,
];

/** Brings the schema up to date. Of several processes that open a new file at once, one does it and the others wait. */
export function migrate(db: Database): void {
  // In a transaction too: between two looks at the file another process may have made the schema.
  if (db.transaction(versionOf)(db) === MIGRATIONS.length) return;
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(versionOf(db))) db.exec(sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
}

/** The schema's version; throws where the file is none that this package may write to. */
function versionOf(db: Database): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const ours = db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  if (!ours && db.prepare('select 1 from sqlite_schema').get() !== undefined) {
    throw new CallEvaluatorError(
      'store_corrupt',
      `${db.name} is a database of another program; it was left untouched. Give the path of a file that call-evaluator made, or of one that does not exist yet.`,
    );
  }
  if (version > MIGRATIONS.length) {
    throw new CallEvaluatorError(
      'store_newer',
      `${db.name} has schema version ${version}, this call-evaluator knows versions up to ${MIGRATIONS.length}; it was left untouched. Install the version of call-evaluator that wrote it, or a later one.`,
    );
  }
  return version;
}
