import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileOfCase, run, runProcess, start } from './run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const first = fileOfCase('01-left-without-join');
const second = fileOfCase('03-lost-joins');
const NOW = ['--now', '2026-12-01T00:00:00Z'];

test('shows a table, also in a pipe, and a summary on stderr', async () => {
  const { code, stdout, stderr } = await run(['replay', ...NOW, second, first]);
  expect(code).toBe(0);
  expect(stdout.split('\n').map((row) => row.split(' ')[0])).toEqual(['room', 'standup', 'lesson-974b', '']);
  expect(stderr).toMatch(/^\d+ events, 2 calls, 0 repeats, 0 quarantined\n$/);
});

test('ndjson is one CallMetrics a line, ordered by start; json is an array of the same', async () => {
  const lines = await run(['replay', ...NOW, '--format', 'ndjson', second, first]);
  const calls = lines.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(calls.map(({ roomSid }) => roomSid)).toEqual(['RM_c01', 'RM_c03']);
  const array = await run(['replay', ...NOW, '--format', 'json', second, first]);
  expect(JSON.parse(array.stdout)).toEqual(calls);
});

test('standard input is -', async () => {
  const { stdout } = await runProcess(['replay', ...NOW, '--format', 'ndjson', '-'], {
    stdin: readFileSync(first, 'utf8'),
  });
  expect(JSON.parse(stdout).roomSid).toBe('RM_c01');
});

test('no events are no calls, and no fault; people are told so', async () => {
  const empty = file('empty.ndjson', '');
  expect(await run(['replay', empty])).toMatchObject({ code: 0, stdout: `No calls in ${empty}.\n` });
  const json = await run(['replay', '--format', 'json', empty, '-']);
  expect(JSON.parse(json.stdout)).toEqual([]);
  expect(json.stderr).toContain(`No calls in ${empty}, standard input.\n`);
  const lines = await run(['replay', '--format', 'ndjson', empty]);
  expect(lines).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`No calls in ${empty}.\n`) });
  expect(await run(['replay', '--quiet', '--format', 'ndjson', empty])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('bad lines are named on stderr, the rest counts, and the exit code is 3', async () => {
  const path = file('mixed.ndjson', `\u0007nonsense\n${readFileSync(first, 'utf8')}[]\n`);
  const { code, stdout, stderr } = await runProcess(['replay', ...NOW, '--format', 'ndjson', path]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout).roomSid).toBe('RM_c01');
  expect(stderr).toMatch(new RegExp(`^${path}:1: quarantined: .+: found .+, expected .+$`, 'm'));
  expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(stderr).toContain(' 2 quarantined');
});

test('--quiet leaves only the exit code to tell of them', async () => {
  const path = file('bad.ndjson', 'nonsense\n');
  expect(await run(['replay', '--quiet', '--format', 'ndjson', path])).toEqual({ code: 3, stdout: '', stderr: '' });
});

test('of what is no recording ten lines are named, and what it should be', async () => {
  const { code, stdout, stderr } = await run(['replay', file('README.md', 'not an event\n'.repeat(500))]);
  expect(code).toBe(3);
  expect(stdout).toMatch(/^No calls in .*README\.md\.\n$/);
  expect(stderr.split('\n')).toHaveLength(14);
  expect(stderr).toContain('README.md: and 490 more quarantined: 490 x ');
  expect(stderr).toContain('are these recordings of LiveKit webhooks');
});

describe('what cannot be read', () => {
  test('a missing file ends it before anything is written', async () => {
    const { code, stdout, stderr } = await run(['replay', '--format', 'json', first, '/nonexistent/file.ndjson']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'call-evaluator: Cannot read /nonexistent/file.ndjson: there is no such file or folder. Check the path.\n',
    );
  });

  test('a link that leads nowhere, in a folder: the rest counts, and the exit code is 2', async () => {
    const dumps = join(folder, 'dumps');
    mkdirSync(dumps);
    copyFileSync(first, join(dumps, 'a.ndjson'));
    symlinkSync('nowhere', join(dumps, 'b.ndjson'));
    const { code, stdout, stderr } = await run(['replay', ...NOW, '--format', 'json', dumps]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)[0].roomSid).toBe('RM_c01');
    expect(stderr).toContain(`Cannot read ${join(dumps, 'b.ndjson')}: there is no such file`);
  });

  test('of a truncated gzip file what came before counts', async () => {
    const whole = gzipSync(`${readFileSync(first, 'utf8')}${'{"event":"x"}\n'.repeat(1000)}`);
    const path = file('cut.ndjson.gz', whole.subarray(0, whole.length - 20));
    const { code, stdout, stderr } = await run(['replay', ...NOW, '--format', 'json', '--quiet', path]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)[0].roomSid).toBe('RM_c01');
    expect(stderr).toContain('cut.ndjson.gz is a damaged gzip file');
  });
});

test('without --db nothing is left behind, with it the events are kept, and repeats count once', async () => {
  const db = join(folder, 'calls.db');
  expect((await run(['replay', ...NOW, first])).code).toBe(0);
  expect(existsSync(db)).toBe(false);
  const once = await run(['replay', ...NOW, '--format', 'ndjson', '--db', db, first]);
  expect(once.code).toBe(0);
  const twice = await run(['replay', ...NOW, '--db', db, first]);
  expect(twice.stderr).toMatch(/^(\d+) events, 1 calls, \1 repeats/);
  // the database can be asked about it by this
  expect(twice.stdout).toMatch(/^sid .*\nRM_c01 /);
});

test('--now is ISO text or epoch milliseconds', async () => {
  const ask = async (now: string) => (await run(['replay', '--format', 'ndjson', '--now', now, first])).stdout;
  expect(await ask(String(Date.UTC(2026, 11, 1)))).toBe(await ask('2026-12-01T00:00:00Z'));
});

test('a metric option is heard', async () => {
  const sent = await run(['replay', ...NOW, '--format', 'ndjson', first]);
  const filtered = await run(['replay', ...NOW, '--format', 'ndjson', '--never-sent', 'participant_joined', first]);
  const completeness = ({ stdout }: { stdout: string }) => JSON.parse(stdout).evidence.completeness;
  expect(completeness(filtered)).toBeGreaterThan(completeness(sent));
});

/** Rooms that are one event each: much output from little input. */
function manyRooms(count: number): string {
  const event = (i: number) =>
    `{"event":"room_started","id":"EV_${i}","createdAt":"1795172400","room":{"sid":"RM_${i}","name":"r${i}","creationTime":"1795172400"}}\n`;
  return Array.from({ length: count }, (_, i) => event(i)).join('');
}

test('a reader that goes away (| head) ends it quietly', async () => {
  const child = start(['replay', ...NOW, '--format', 'ndjson', '--quiet', file('many.ndjson', manyRooms(2000))]);
  child.stdout.once('data', () => child.stdout.destroy());
  const stderr = child.stderr.toArray();
  const code = await new Promise((done) => child.on('close', done));
  expect({ code, stderr: (await stderr).join('') }).toEqual({ code: 0, stderr: '' });
});

test('Ctrl-C ends it with 130 and a sentence', async () => {
  const child = start(['replay', ...NOW, '-']);
  const stderr = child.stderr.toArray();
  // More than a pipe holds: when it has drained, the replay is on.
  child.stdin.write(manyRooms(2000));
  await once(child.stdin, 'drain');
  child.kill('SIGINT');
  const code = await new Promise((done) => child.on('close', done));
  expect({ code, stderr: (await stderr).join('') }).toEqual({ code: 130, stderr: 'Interrupted.\n' });
});
