import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { parsedCsv } from '../report/parsedCsv.ts';
import { fileOfCase, type Ran, run } from './run.ts';

const EVIL = '=cmd|"/c calc"!A1';
let folder: string;
let db: string;
let out: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-export-'));
  db = join(folder, 'calls.db');
  out = join(folder, 'out');
  const evil = readFileSync(fileOfCase('03-lost-joins'), 'utf8')
    .replaceAll('c03', 'evil')
    .replaceAll('"lesson-974b"', JSON.stringify(EVIL));
  const recordings = [
    fileOfCase('01-left-without-join'),
    fileOfCase('03-lost-joins'),
    'fixtures/agent-turns.ndjson',
    '-',
  ];
  await run(['replay', '--quiet', '--db', db, ...recordings], { stdin: evil });
});
beforeEach(() => {
  for (const name of readdirSync(folder)) if (name.startsWith('out')) rmSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SIDS = ['RM_turns', 'RM_c01', 'RM_c03', 'RM_evil'];
const ask = (...args: string[]): Promise<Ran> => run(['export', 'calls', '--db', db, ...args]);
const listed = async (): Promise<CallMetrics[]> =>
  (await run(['calls', '--db', db, '--format', 'ndjson'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

function rowsOf(csv: string): Record<string, string>[] {
  const [head, ...rows] = parsedCsv(csv);
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell])));
}

test('NDJSON is what the list of calls has', async () => {
  const { code, stdout, stderr } = await ask('--format', 'ndjson');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '4 calls\n' });
  const calls = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(calls.map(({ roomSid }) => roomSid)).toEqual(SIDS);
  expect(calls).toEqual(await listed());
});

test('CSV goes to standard output where nothing else is said', async () => {
  const { code, stdout } = await ask();
  expect(code).toBe(0);
  const rows = rowsOf(stdout);
  expect(rows.map(({ roomSid }) => roomSid)).toEqual(SIDS);
  expect(rows[3]!.roomName).toBe(`'${EVIL}`);
  expect(rows[2]!['agent.joinLatency']).toBe('');
  expect((await ask('--out', '-')).stdout).toBe(stdout);
});

test('into a file, in the format that its name tells: the same rows', async () => {
  const calls = await listed();
  for (const format of ['csv', 'ndjson', 'parquet']) {
    const { code, stdout, stderr } = await ask('--out', `${out}.${format}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^4 calls in ${out}.${format} \\(\\d+ kB\\)\\n$`));
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([
    'out.csv',
    'out.ndjson',
    'out.parquet',
  ]);
  const csv = readFileSync(`${out}.csv`, 'utf8');
  expect(csv).toBe((await ask()).stdout);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(`${out}.parquet`) });
  expect(rows.map(({ roomName }) => roomName)).toEqual(calls.map(({ roomName }) => roomName));
  expect(rows.map(({ startedAt }) => startedAt.toISOString())).toEqual(rowsOf(csv).map(({ startedAt }) => startedAt));
  expect(rows[0]!['response.latency.p50']).toBe(calls[0]!.response.latency!.p50);
  expect(rows[0]!.usage).toEqual(calls[0]!.usage);
});

test('what is there already gives way, and --format goes before the name', async () => {
  writeFileSync(out, 'before');
  expect((await ask('--out', out, '--format', 'ndjson')).code).toBe(0);
  expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(4);
});

test('those that are asked for, as with "calls"', async () => {
  const sids = async (...query: string[]) => rowsOf((await ask(...query)).stdout).map(({ roomSid }) => roomSid);
  expect(await sids('--room', 'stand*')).toEqual(['RM_c01']);
  expect(await sids('--since', '2026-11-20T12:59Z', '--until', '2026-11-20T14:00Z')).toEqual(['RM_c03', 'RM_evil']);
  expect(await sids('--status', 'active')).toEqual([]);
  expect(await sids('--since', '1s')).toEqual([]);
});

test('in parts, each going on where the one before ended', async () => {
  const first = await ask('--limit', '3');
  const [, cursor] = /^3 calls; the same with --after (\S+) goes on\n$/.exec(first.stderr)!;
  const second = await ask('--limit', '3', '--after', cursor!);
  expect(second.stderr).toBe('1 call\n');
  expect([first, second].flatMap(({ stdout }) => rowsOf(stdout).map(({ roomSid }) => roomSid))).toEqual(SIDS);
});

test('of no calls: a table all the same', async () => {
  expect((await ask('--agent', 'nobody', '--out', `${out}.parquet`)).stdout).toMatch(/^0 calls in /);
  expect(await parquetReadObjects({ file: await asyncBufferFromFile(`${out}.parquet`) })).toEqual([]);
  expect(rowsOf((await ask('--agent', 'nobody')).stdout)).toEqual([]);
});

describe('is refused, and leaves what is there as it is', () => {
  test.each([
    [['--format', 'parquet'], 'Parquet needs a file: name one with --out calls.parquet.'],
    [['--out', '/nowhere/calls.csv'], '/nowhere/calls.csv cannot be written (ENOENT'],
    [['--after', 'x', '--out', 'OUT'], 'after: '],
    [['--metadata', '__proto__=x', '--out', 'OUT'], '__proto__ is no key'],
    [['--out', 'DB'], 'is the database, or a part of it: an export would take its place'],
    [['--out', 'DB-wal'], 'is the database, or a part of it'],
    [['--out', 'DB-journal'], 'is the database, or a part of it'],
  ])('%j', async (args, why) => {
    writeFileSync(out, 'before');
    const before = readFileSync(db);
    const { code, stdout, stderr } = await ask(...args.map((arg) => arg.replace('OUT', out).replace(/^DB/, db)));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
    expect(readFileSync(out, 'utf8')).toBe('before');
    expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual(['out']);
    expect(readFileSync(db).equals(before)).toBe(true);
  });
});
