/** The disk is full, or the database is locked: LiveKit is asked to send again, and all goes on when it can. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MetricsRecordingHeader } from '@livekit/protocol';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Letter } from '../../src/simulate/plan.ts';
import { FORM_TYPE, formOf, post } from '../server/agents/uploading.ts';
import { expectCleanMetrics, load, send, without } from './load.ts';
import { ownFolder, type Server, serve } from './server.ts';

const folder = ownFolder();

interface FullDisk {
  code: string;
  database: string;
  /** What the server is started by, to have no more space than so much. */
  under: string[];
  makeRoom(server: Server): void;
}

/** A file system of its own that is full but for half a MB: `unshare` lets any user have one, where the kernel and the container do. */
function smallDisk(): FullDisk {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const script = `mount -t tmpfs -o size=8m none ${disk} && head -c 7680k /dev/zero > ${disk}/ballast && exec "$@"`;
  return {
    code: 'store_full',
    database: join(disk, 'calls.db'),
    under: ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh'],
    makeRoom: ({ pid }) => rmSync(`/proc/${pid}/root${disk}/ballast`, { force: true }),
  };
}

/** A limit on the size of files, which every POSIX system has: the -wal file grows to half a MB, until somebody moves it into the database. */
function limitedFiles(): FullDisk {
  const database = join(folder, 'limited.db');
  return {
    code: 'store_failed',
    database,
    under: ['sh', '-c', 'ulimit -f 1024 && exec "$@"', 'sh'],
    makeRoom() {
      const db = new Database(database);
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

const canMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', folder]).status === 0;
if (!canMount) console.info('No file system can be mounted here: a full disk is tried by a limit on file sizes alone.');
const WAYS: [string, () => FullDisk][] = [['by a limit on the size of files', limitedFiles]];
if (canMount) WAYS.push(['by a file system of its own', smallDisk]);

test.concurrent.each(WAYS)(
  'a full disk, %s: 503 with Retry-After, and with space again it goes on, with all that it acknowledged',
  async (_, fill) => {
    const { code, database, under, makeRoom } = fill();
    const { calls, letters } = load({ calls: 10, seed: 11 });
    const server = await serve(database, under);
    const acknowledged = new Set<Letter>();
    await send(server, letters, acknowledged);
    for (let before = -1; before < acknowledged.size; ) {
      before = acknowledged.size;
      await send(server, without(letters, acknowledged), acknowledged, { atATime: 1 }); // into the last gap
    }

    const left = without(letters, acknowledged);
    expect(acknowledged.size).toBeGreaterThan(0);
    expect(left.length).toBeGreaterThan(0);
    expect(await server.post(left[0]!.body)).toMatchObject({ status: 503, retryAfter: 1_000 });
    expect((await server.get('/v1/calls')).status).toBe(200);
    const { webhooks } = await server.ingest();
    expect(webhooks.unavailable).toMatchObject([{ code }]);
    expect(webhooks.stored).toBe(acknowledged.size);

    // As often as it takes: by a limit there is never much room at once.
    while (acknowledged.size < letters.length) {
      makeRoom(server);
      await send(server, without(letters, acknowledged), acknowledged);
    }
    await expectCleanMetrics(server, calls);
    expect((await server.ingest()).history.events).toBe(letters.length);
    makeRoom(server); // the last of it, and what was measured since, may have taken it all
    expect((await server.get('/readyz')).status).toBe(200);
  },
);

test.concurrent('while another process holds the lock of the database it waits, or answers 503; then it goes on, with all that it acknowledged', async () => {
  const database = join(folder, 'locked.db');
  const { calls, letters } = load({ calls: 10, seed: 12 });
  const server = await serve(database);
  const acknowledged = new Set<Letter>();
  await send(server, letters.slice(0, 50), acknowledged);
  const before = acknowledged.size;

  const other = new Database(database);
  other.exec('begin exclusive');
  const sent = send(server, letters.slice(50), acknowledged);
  let reads = 0;
  while (acknowledged.size === before && (await server.ingest()).webhooks.unavailable.length === 0) {
    reads++;
    await wait(50);
  }
  expect(reads).toBeGreaterThan(3); // of the 5 s for which webhooks wait nobody else is held up
  expect(acknowledged.size).toBe(before);
  other.exec('commit');
  other.close();
  await sent;
  const { unavailable } = (await server.ingest()).webhooks;
  expect(unavailable).toEqual([{ code: 'store_busy', count: letters.length - acknowledged.size }]);
  await send(server, without(letters, acknowledged), acknowledged);
  expect(acknowledged.size).toBe(letters.length);
  await expectCleanMetrics(server, calls);
});

test.concurrent('while its database is removed it answers 503, is not ready, and says what to do in the log', async () => {
  const database = join(folder, 'removed.db');
  const { letters } = load({ calls: 3, seed: 13 });
  const server = await serve(database);
  await send(server, letters.slice(0, 5), new Set());
  rmSync(database);
  await wait(1_100);
  expect(await server.post(letters[5]!.body)).toMatchObject({ status: 503 });
  const readiness = await server.get('/readyz');
  expect([readiness.status, await readiness.text()]).toEqual([503, expect.stringContaining('Restart this process')]);
  expect((await server.ingest()).webhooks.unavailable).toEqual([{ code: 'store_failed', count: 1 }]);
  expect(server.log()).toMatch(/"webhook refused"/);
  expect(server.log()).toMatch(/removed\.db was removed or replaced/);
});

test.runIf(canMount)(
  'a disk that is too full for the sound of a call: 503, no part of it left; with space again it is kept',
  async () => {
    const disk = join(folder, 'sound-disk');
    mkdirSync(disk);
    const script = `mount -t tmpfs -o size=4m none ${disk} && head -c 3m /dev/zero > ${disk}/ballast && exec "$@" --recordings ${disk}/sound`;
    const under = ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh'];
    const server = await serve(join(folder, 'sound.db'), under);
    const within = `/proc/${server.pid}/root${disk}`;
    const header = new MetricsRecordingHeader({ roomId: 'RM_1', jobId: 'AJ_1' }).toBinary();
    const upload = () =>
      post(`${server.url}/observability/recordings/v0`, {
        headers: { 'content-type': FORM_TYPE },
        body: formOf({ header, chat_history: '{"items":[]}' }, 32), // 2 MB
      });

    const refused = await upload();
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    expect(refused.bytes.toString()).toContain('google.rpc.RetryInfo');
    expect(readdirSync(`${within}/sound`)).toEqual([]);
    expect(await server.ingest()).toMatchObject({ uploads: [{ kind: 'recordings', outcome: 'recordings-full' }] });

    rmSync(`${within}/ballast`);
    const kept = await upload();
    expect(kept).toMatchObject({ status: 200, json: { audio: 'RM_1/AJ_1.ogg', receipts: [{ status: 'duplicate' }] } });
    expect(statSync(`${within}/sound/RM_1/AJ_1.ogg`).size).toBe(32 * 64 * 1024);
  },
);
