import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, openSqlite } from '../../src/store/sqlite.ts';
import { sqliteStore } from '../../src/store/sqliteStore.ts';
import { storeContract } from './contract.ts';
import { aCall, anEvent, aPayload, asRead } from './samples.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'call-evaluator-'));

describe('the contract', () =>
  storeContract(() => {
    const folder = newFolder();
    return {
      open: () => openSqlite({ file: join(folder, 'calls.db') }),
      remove: () => rmSync(folder, { recursive: true }),
    };
  }));

let folder: string;
let file: string;
beforeEach(() => {
  folder = newFolder();
  file = join(folder, 'calls.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A raw look at the file, past the store. */
function look<T>(sql: string): T[] {
  const db = new Database(file);
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

/** A file in which event '1' and its call were acknowledged. */
async function filled(): Promise<void> {
  const store = openSqlite({ file });
  await store.append([anEvent('1')], [], [aCall('RM_a')]);
  await store.close();
}

/** Nothing acknowledged is lost, and the store works again. */
async function expectIntact(): Promise<void> {
  const store = openSqlite({ file });
  expect((await store.readRoom('RM_a'))!.events.map((event) => event.fact)).toEqual(['1']);
  expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a')));
  expect((await store.append([anEvent('1'), anEvent('2')], [], [])).fresh).toEqual([false, true]);
  await store.close();
  expect(look('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

test('a database of the first version is brought up to date, and has lost nothing', async () => {
  await filled();
  const db = new Database(file);
  db.exec(`
    create table old (seq integer primary key, room_sid text not null, fact text not null, id text, type text not null,
      at integer not null, received_at integer not null, sha256 blob not null, room_name text, body text not null,
      unique (room_sid, fact)) strict;
    insert into old select events.seq, coalesce(room_sid, ''), fact, id, type, at, received_at, sha256, events.room_name, body
      from events left join calls on calls.seq = room;
    drop table events;
    alter table old rename to events;
    create index events_by_name on events (room_name, at) where room_sid = '';
    drop table figures; drop table figure_pages; drop trigger if exists figure_pages_stale;
    pragma user_version = 1`);
  db.close();
  await expectIntact();
});

describe('the file', () => {
  test('is laid out for events: 8 kB pages, a WAL, instants as integers', async () => {
    const store = openSqlite({ file });
    await store.append([anEvent('1', { at: 5 }), anEvent('2', { at: 1e15 })], [aPayload('?')], []);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(look('pragma page_size')).toEqual([{ page_size: 8192 }]);
    expect(look('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(look('select distinct typeof(at), typeof(received_at), typeof(sha256) from events')).toEqual([
      { 'typeof(at)': 'integer', 'typeof(received_at)': 'integer', 'typeof(sha256)': 'blob' },
    ]);
    expect(look('select typeof(first_at) as type from calls')).toEqual([{ type: 'integer' }]);
    expect(look('select typeof(received_at) as type from quarantine')).toEqual([{ type: 'integer' }]);
  });

  test('is written through to the disk at every commit', () => {
    const db = connect(file);
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    db.close();
  });

  test('leaves no WAL to read when the store is closed while another has it open', async () => {
    const [one, other] = [openSqlite({ file }), openSqlite({ file })];
    await one.append([anEvent('1')], [], []);
    await one.close();
    expect(statSync(`${file}-wal`).size).toBe(0);
    await other.close();
  });

  test('may be memory', async () => {
    const store = openSqlite({ file: ':memory:' });
    await store.append([anEvent('1')], [], [aCall('RM_a')]);
    expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a')));
    await store.close();
  });
});

describe('a file that is taken away while it is open', () => {
  const away: [string, () => void][] = [
    ['removed', () => rmSync(file)],
    ['replaced', () => renameSync(copyOf(file), file)],
  ];
  afterEach(() => vi.restoreAllMocks());
  const copyOf = (path: string) => {
    copyFileSync(path, `${path}.copy`);
    return `${path}.copy`;
  };
  const later = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ms);

  test.each(away)('%s: nothing more is taken, and it is said what to do', async (_, take) => {
    const store = openSqlite({ file });
    await store.append([anEvent('1')], [], []);
    later(1_001);
    await store.append([anEvent('2')], [], []); // it is still there
    take();
    await store.append([anEvent('3')], [], []); // seen a moment ago
    later(1_001);
    for (const write of [
      () => store.append([anEvent('4')], [], []),
      () => store.assertWritable(),
      () => store.releaseQuarantined([1]),
      () => store.append([anEvent('4')], [], []),
    ])
      await expect(write()).rejects.toMatchObject({
        code: 'store_failed',
        message: expect.stringContaining(`${file} was removed or replaced while it was in use`),
      });
    expect((await store.readRoom('RM_a'))!.events).toHaveLength(3); // what is read is still there
    await store.close();
  });

  test('and put back: it goes on', async () => {
    const store = openSqlite({ file });
    renameSync(file, `${file}.old`);
    later(1_001);
    await expect(store.append([anEvent('1')], [], [])).rejects.toThrow('removed or replaced');
    renameSync(`${file}.old`, file);
    await store.append([anEvent('1')], [], []);
    await store.close();
    await filled();
  });

  test('memory has no file', async () => {
    const store = openSqlite({ file: ':memory:' });
    later(1_001);
    await store.append([anEvent('1')], [], []);
    await store.close();
  });
});

describe('processes', () => {
  const appender = (name: string, batches: number) =>
    spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), file, name, `${batches}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  test('that open a new file at once and write to it wait for each other', async () => {
    const exits = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => once(appender(name, 20), 'exit'));
    for (const [code] of await Promise.all(exits)) expect(code).toBe(0);
    const store = openSqlite({ file });
    expect(await store.counts()).toMatchObject({ events: 600, rooms: 1, duplicates: 0 });
    await store.close();
  });

  test('that are killed lose nothing that was acknowledged, and leave no half of a batch', async () => {
    const victim = appender('a', 1e6);
    let acknowledged = 0;
    for await (const chunk of victim.stdout) {
      acknowledged = Number(`${chunk}`.trimEnd().split('\n').at(-1));
      if (acknowledged >= 1000) victim.kill('SIGKILL');
    }
    const store = openSqlite({ file });
    const { events } = await store.counts();
    expect(events).toBeGreaterThanOrEqual(acknowledged);
    expect(events % 5).toBe(0);
    await store.close();
  });
});

describe('failures', () => {
  test('busy: another connection holds the lock', async () => {
    await filled();
    const store = sqliteStore(connect(file), { patience: 200 });
    const other = new Database(file);
    other.exec('begin immediate');
    let turns = 0;
    const ticking = setInterval(() => turns++, 10);
    await expect(store.append([anEvent('2')], [], [])).rejects.toMatchObject({
      code: 'store_busy',
      message: expect.stringContaining(file),
    });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(0); // the process went on
    expect(await store.readCall('RM_a')).toEqual(asRead(aCall('RM_a'))); // readers do not wait
    other.exec('rollback');
    other.close();
    expect((await store.append([anEvent('2')], [], [])).fresh).toEqual([true]);
    await store.close();
  });

  test('busy: the lock comes free in time', async () => {
    await filled();
    const script = `const db = new (require('better-sqlite3'))(${JSON.stringify(file)}); db.exec('begin immediate');
      console.log('locked'); setTimeout(() => db.exec('rollback'), 300)`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(holder, 'exit');
    await once(holder.stdout, 'data');
    await expectIntact();
    await exit;
  });

  test('full: the batch is refused whole, and goes in once there is space', async () => {
    await filled();
    const db = connect(file);
    const store = sqliteStore(db);
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages + 3}`);
    const batch = Array.from({ length: 100 }, (_, i) => anEvent(`big ${i}`, { body: 'x'.repeat(1300) }));
    await expect(store.append([anEvent('2'), ...batch], [], [])).rejects.toMatchObject({ code: 'store_full' });
    expect(await store.counts()).toMatchObject({ events: 1 });
    db.pragma('max_page_count = 1000000');
    expect((await store.append(batch, [], [])).fresh.every(Boolean)).toBe(true);
    await store.close();
  });

  test('read-only: no permission for the folder, for the file, or for either', async () => {
    await filled();
    const root = process.geteuid!() === 0; // whom no permission stops
    const locked = [
      { path: join(folder, 'new.db'), fileMode: 0o666, folderMode: 0o555 },
      { path: file, fileMode: 0o444, folderMode: 0o777 },
      { path: file, fileMode: 0o444, folderMode: 0o555 },
      { path: file, fileMode: 0o000, folderMode: 0o777 },
    ];
    for (const { path, fileMode, folderMode } of locked) {
      chmodSync(file, fileMode);
      chmodSync(folder, folderMode);
      if (root) process.seteuid!(65534);
      try {
        const write = async () => {
          const store = openSqlite({ file: path });
          await store.append([anEvent('2')], [], []).finally(store.close);
        };
        await expect(write(), `${fileMode} ${folderMode}`).rejects.toMatchObject({ code: 'store_readonly' });
      } finally {
        if (root) process.seteuid!(0);
        chmodSync(folder, 0o777);
        chmodSync(file, 0o666);
      }
    }
    await expectIntact();
  });

  test('read-only: a connection that may only query', async () => {
    await filled();
    const db = connect(file);
    db.pragma('query_only = 1');
    const store = sqliteStore(db);
    await expect(store.append([anEvent('2')], [], [])).rejects.toMatchObject({ code: 'store_readonly' });
    await store.close();
    await expectIntact();
  });

  test('read-only: a folder that is missing, a folder in place of the file, a file in place of the folder', () => {
    mkdirSync(file);
    const readonly = (file: string) =>
      expect.objectContaining({ code: 'store_readonly', message: expect.stringContaining(file) });
    for (const bad of [join(folder, 'missing', 'calls.db'), file, join(import.meta.filename, 'calls.db')])
      expect(() => openSqlite({ file: bad }), bad).toThrow(readonly(bad));
  });

  test('corrupt: no database at all, and it is left as it was', () => {
    writeFileSync(file, '{"event":"room_started"}\n'.repeat(1000));
    const before = readFileSync(file);
    expect(() => openSqlite({ file })).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    expect(readFileSync(file)).toEqual(before);
  });

  test('corrupt: overwritten pages are reported, not read as something else', async () => {
    await filled();
    const sound = readFileSync(file);
    const handle = openSync(file, 'r+');
    for (let page = 1; page < sound.length / 8192; page++)
      writeSync(handle, Buffer.alloc(64, 0xa5), 0, 64, page * 8192);
    closeSync(handle);
    const store = openSqlite({ file });
    await expect(store.readRoom('RM_a')).rejects.toMatchObject({ code: 'store_corrupt' });
    await expect(store.append([anEvent('2')], [], [])).rejects.toMatchObject({ code: 'store_corrupt' });
    await store.close();
    writeFileSync(file, sound);
    await expectIntact();
  });

  test('newer: names both versions and touches nothing', async () => {
    await filled();
    const setVersion = (version: number) => {
      const db = new Database(file);
      db.pragma(`user_version = ${version}`);
      db.close();
    };
    setVersion(9);
    expect(() => openSqlite({ file })).toThrow(
      expect.objectContaining({ code: 'store_newer', message: expect.stringMatching(/version 9.*up to 3/) }),
    );
    setVersion(3);
    await expectIntact();
  });

  test('a database of another program is refused and left as it was', () => {
    const theirs = new Database(file);
    theirs.exec('create table customers (name); insert into customers values (1)');
    theirs.close();
    const before = readFileSync(file);
    expect(() => openSqlite({ file })).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    expect(readFileSync(file)).toEqual(before);
  });

  test('anything else says what SQLite said', async () => {
    await filled();
    const db = connect(file);
    const store = sqliteStore(db);
    db.exec("create temp trigger strange before insert on events begin select raise(abort, 'no events today'); end");
    await expect(store.append([anEvent('2')], [], [])).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('no events today'),
      cause: expect.objectContaining({ name: 'SqliteError' }),
    });
    await store.close();
    await expectIntact();
  });

  test('a path that SQLite would take for a file that vanishes', () => {
    for (const empty of ['', ' '])
      expect(() => openSqlite({ file: empty })).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });
});
