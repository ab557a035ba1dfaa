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
  expect(stdout.split('\n').map((row) => row.split(' ')[0])).toEqual(['room', 'standup', 'lesson-974b', '']);
  const limited = await ask('calls', '--limit', '1', '--format', 'ndjson');
  expect(JSON.parse(limited.stdout).roomSid).toBe('RM_c01');
});

test('metrics shows one call, for people or as JSON', async () => {
  expect((await ask('metrics', 'RM_c03')).stdout).toMatch(/^RM_c03 {2}lesson-974b\n\nCall\n/);
  expect(JSON.parse((await ask('metrics', 'RM_c03', '--format', 'json')).stdout).roomName).toBe('lesson-974b');
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

test('schema is a JSON Schema', async () => {
  expect(JSON.parse((await run(['schema'])).stdout)).toMatchObject({ type: 'object', properties: { roomSid: {} } });
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
    expect(stderr).toContain('calDuration');
  });

  test.each([['calls'], ['metrics', 'RM_1'], ['quarantine'], ['requarantine']])(
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
