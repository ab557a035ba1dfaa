import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileOfCase, type Ran, run } from './run.ts';

let folder: string;
let db: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-database-'));
  db = join(folder, 'calls.db');
  const bad = join(folder, 'bad.ndjson');
  writeFileSync(bad, '{"nonsense":"\u202e"}\n');
  await run(['replay', '--db', db, fileOfCase('01-left-without-join'), fileOfCase('03-lost-joins'), bad]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const ask = (...args: string[]): Promise<Ran> => run([...args, '--db', db]);

test('calls lists what is kept, oldest first', async () => {
  const { code, stdout } = await ask('calls');
  expect(code).toBe(0);
  expect(stdout.split('\n').map((row) => row.split(/ +/).slice(0, 2))).toEqual([
    ['sid', 'room'],
    ['RM_c01', 'standup'],
    ['RM_c03', 'lesson-974b'],
    [''],
  ]);
  const limited = await ask('calls', '--limit', '1', '--format', 'ndjson');
  expect(JSON.parse(limited.stdout).roomSid).toBe('RM_c01');
});

test('calls lists those that are asked for, in the order that is asked for', async () => {
  const sids = async (...query: string[]) =>
    (await ask('calls', '--format', 'ndjson', ...query)).stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).roomSid);
  expect(await sids('--sort=-startedAt')).toEqual(['RM_c03', 'RM_c01']);
  expect(await sids('--sort', '-startedAt', '--limit', '1')).toEqual(['RM_c03']);
  expect(await sids('--room', 'stand*')).toEqual(['RM_c01']);
  expect(await sids('--min-completeness', '0.6')).toEqual(['RM_c01']);
  expect(await sids('--metadata', 'tenant=acme')).toEqual([]);
  expect(await sids('--since', '10000d', '--until', '9999d')).toEqual([]);
  expect(await sids('--since', String(Date.UTC(2026, 10, 20, 12, 59)), '--status', 'finished', 'active')).toEqual([
    'RM_c03',
  ]);
  const none = await ask('calls', '--until', '2026-11-20T12:00:00Z', '--agent', 'nobody');
  expect(none.stdout).toBe(`No such calls in ${db}.\n`);
  expect((await ask('calls', '--sort', 'name')).stderr).toContain('Allowed choices are startedAt');
});

test('a database without a call says so', async () => {
  const empty = join(folder, 'empty.db');
  await run(['replay', '--quiet', '--db', empty, join(folder, 'bad.ndjson')]);
  expect(await run(['calls', '--db', empty])).toEqual({ code: 0, stdout: `No calls in ${empty}.\n`, stderr: '' });
  for (const [format, list] of [
    ['ndjson', ''],
    ['json', '[\n]\n'],
  ])
    expect(await run(['calls', '--db', empty, '--format', format!])).toEqual({
      code: 0,
      stdout: list,
      stderr: `No calls in ${empty}.\n`,
    });
});

test('metrics shows one call, for people or as JSON', async () => {
  expect((await ask('metrics', 'RM_c03')).stdout).toMatch(/^RM_c03 {2}lesson-974b\n\nCall\n/);
  expect(JSON.parse((await ask('metrics', 'RM_c03', '--format', 'json')).stdout).roomName).toBe('lesson-974b');
});

test('conversation shows what agents told, or says that none did', async () => {
  const turns = join(folder, 'turns.db');
  await run(['replay', '--quiet', '--db', turns, 'fixtures/agent-turns.ndjson', fileOfCase('01-left-without-join')]);
  const { code, stdout } = await run(['conversation', 'weather-7', '--db', turns]);
  expect(code).toBe(0);
  expect(stdout).toContain('10:00:18.900  agent    3.0 s (cut off) (after 2.4 s, derived)\n');
  expect(stdout).toContain('10:00:17.000  tool     get_weather 0.8 s\n');
  const none = await run(['conversation', 'RM_c01', '--db', turns]);
  expect(none).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('No agent told anything of RM_c01'),
  });
});

describe('a room’s name', () => {
  test.each([['metrics'], ['events'], ['state'], ['explain', 'callDuration']])(
    'does as well as its sid, for %s',
    async (command, ...rest) => {
      const byName = await ask(command!, 'standup', ...rest, '--format', command === 'events' ? 'ndjson' : 'json');
      expect(byName.code).toBe(0);
      expect(byName.stdout).toContain(command === 'explain' ? 'callDuration' : 'RM_c01');
    },
  );

  test('that several calls have is answered with their sids, the latest first', async () => {
    const several = join(folder, 'several.db');
    const events = Array.from({ length: 7 }, (_, i) =>
      JSON.stringify({
        event: 'room_started',
        id: `EV_${i}`,
        createdAt: `${1795172400 + i * 3600}`,
        room: { sid: `RM_${i}`, name: 'daily', creationTime: `${1795172400 + i * 3600}` },
      }),
    );
    await run(['replay', '--db', several, '-'], { stdin: events.join('\n') });
    const { code, stderr } = await run(['metrics', 'daily', '--db', several]);
    expect(code).toBe(1);
    expect(stderr).toContain('7 calls were in a room named daily: RM_6 (2026-11-20 17:00), RM_5 (');
    expect(stderr).toContain(' and 2 before. Name one by its sid.');
    expect((await run(['metrics', 'dailly', '--db', several])).stderr).toContain('Did you mean daily?');
  });
});

test('explain tells the formula and the events that decided', async () => {
  const { code, stdout } = await ask('explain', 'RM_c03', 'callDuration');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^value +60\.88$/m);
  expect(stdout).toMatch(/^formula +First person joined/m);
  expect(stdout).toContain('EV_c03x0006');
});

test('state looks at any instant', async () => {
  const { stdout } = await ask('state', 'RM_c03', '--at', '2026-11-20T13:01:00Z', '--format', 'json');
  const { participants } = JSON.parse(stdout);
  expect(participants.map(({ identity }: { identity: string }) => identity)).toEqual(['fay', 'gus']);
  const inMs = String(Date.UTC(2026, 10, 20, 13, 1));
  expect((await ask('state', 'RM_c03', '--at', inMs, '--format', 'json')).stdout).toBe(stdout);
  expect((await ask('state', 'RM_c03')).stdout).toMatch(/^participants +none$/m);
});

test('events lists them, and gives their bodies to be replayed', async () => {
  expect((await ask('events', 'RM_c03')).stdout).toMatch(/2026-11-20 13:01:24\.000 room_finished +EV_c03x0007/);
  const { stdout } = await ask('events', 'RM_c03', '--format', 'ndjson');
  const again = await run(['replay', '--quiet', '--format', 'ndjson', '-'], { stdin: stdout });
  const metrics = await ask('metrics', 'RM_c03', '--format', 'json');
  expect(JSON.parse(again.stdout).evidence.inputs.hash).toBe(JSON.parse(metrics.stdout).evidence.inputs.hash);
});

test('quarantine lists what was not understood, and tries it again', async () => {
  const { code, stdout } = await ask('quarantine');
  expect(code).toBe(0);
  expect(stdout).toMatch(/: found .+, expected .+\n +\{"nonsense":"\\u202e"\}/);
  const [line] = (await ask('quarantine', '--format', 'ndjson')).stdout.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ body: '{"nonsense":"\u202e"}', times: 1 });
  for (const retry of [['quarantine', '--retry'], ['requarantine']])
    expect((await ask(...retry)).stdout).toBe('0 understood now and counted, 1 still in quarantine\n');
});

test('schema is a JSON Schema, or the paths that explain knows', async () => {
  expect(JSON.parse((await run(['schema'])).stdout)).toMatchObject({ type: 'object', properties: { roomSid: {} } });
  const { stdout } = await run(['schema', '--paths']);
  expect(stdout).toMatch(/^callDuration +s$/m);
  expect(stdout).toMatch(/^participants\.list\[identity=\*\]\.presenceShare +share$/m);
  const columns = (await run(['schema', '--columns'])).stdout;
  expect(columns).toMatch(/^startedAt +instant +\[instant\] The room’s creation time/m);
  expect(columns).toMatch(/^response\.latency\.p50 +number +\[Distribution, s\] By turns/m);
});

describe('what is not there', () => {
  test.each([['metrics'], ['events'], ['state'], ['explain', 'callDuration']])(
    '%s of an unknown room: exit 1, the nearest sids named',
    async (command, ...rest) => {
      const { code, stderr } = await ask(command!, 'RM_c30', ...rest);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^call-evaluator: No event of room RM_c30 is stored\. Did you mean .*RM_c03/);
    },
  );

  test('an unknown metric: exit 1', async () => {
    const { code, stderr } = await ask('explain', 'RM_c03', 'calDuration');
    expect(code).toBe(1);
    expect(stderr).toBe('call-evaluator: There is no metric "calDuration": did you mean callDuration?\n');
  });

  test.each([['calls'], ['export', 'calls'], ['metrics', 'RM_1'], ['quarantine'], ['requarantine']])(
    'a database: %s exits 2, says how to make one, and makes none',
    async (...args) => {
      const missing = join(folder, 'missing.db');
      const { code, stderr } = await run([...args, '--db', missing]);
      expect(code).toBe(2);
      expect(stderr).toContain(`There is no database ${missing}`);
      expect(existsSync(missing)).toBe(false);
    },
  );

  test('a database that is none: exit 2 and a sentence', async () => {
    const none = join(folder, 'bad.ndjson');
    const { code, stderr } = await run(['calls', '--db', none]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^call-evaluator: .+\n$/);
  });
});
