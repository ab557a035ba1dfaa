import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsedCsv } from '../report/parsedCsv.ts';
import { roomCall } from '../roomCall.ts';
import { type Ran, run } from './run.ts';

const BEGIN = Date.UTC(2026, 0, 5, 9) / 1000;
const ana = { identity: 'ana', from: 5, to: 500 };
const evil = { identity: '=cmd()', from: 6, to: 500 };
const EVENTS = [
  ...roomCall('RM_1', 'standup', BEGIN, [ana]),
  ...roomCall('RM_2', 'standup', BEGIN + 7200, [ana, evil]),
  ...roomCall('RM_3', 'other', BEGIN + 20_000, [evil]),
];

let folder: string;
let db: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-series-'));
  db = join(folder, 'calls.db');
  await run(['replay', '--quiet', '--db', db, '-'], { stdin: EVENTS.map((event) => JSON.stringify(event)).join('\n') });
});
afterAll(() => rmSync(folder, { recursive: true }));
const ask = (...args: string[]): Promise<Ran> => run(['series', ...args, '--db', db]);

test('a table for people: a line a call, and what it comes to', async () => {
  const { code, stdout, stderr } = await ask('standup', '--recontact-within', '2h');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [head, first, second, ...rest] = stdout.split('\n');
  expect(head).toMatch(/^sid +room +started \(UTC\) +duration +humans +new +again +people +engaged +re-contact +seen$/);
  expect(first).toMatch(/^RM_1 +standup +2026-01-05 09:00 +10:00 +1 +1 +0 +1 \(1\) +\d+ +after 1:51:45 +100 %$/);
  expect(second).toMatch(/^RM_2 .* 2 +1 +1 +2 \(2\) +\d+ +no +100 %$/);
  expect(rest.join('\n')).toMatch(/Attendance: \+1 humans a call \(of 2 calls: too few to say\)/);
  expect(rest.join('\n')).toMatch(/^Returning: 50\.0 % of the humans in calls after the first/m);
  expect(rest.join('\n')).toMatch(/^Humans: 2, 1 of them in more than one call: ana 2\.$/m);
  expect(rest.join('\n')).toMatch(/^Re-contact within 2 h: 50\.0 % of 2 calls \(95 %: /m);
});

test('JSON is what the library answers; CSV a row a call, harmless in a spreadsheet', async () => {
  const { calls, recontactRate } = JSON.parse((await ask('--room', '*', '--format', 'json')).stdout);
  expect(calls).toHaveLength(3);
  expect(recontactRate).toMatchObject({ value: 0.6667, n: 3 });
  const [head, ...rows] = parsedCsv((await ask('--identity', '=cmd()', '--format', 'csv')).stdout);
  expect(rows.map((row) => row[0])).toEqual(['RM_2', 'RM_3']);
  expect(rows[0]![head!.indexOf('people')]).toBe('["=cmd()"]');
  expect(rows[0]![head!.indexOf('recontacted')]).toBe('true');
});

test('a room that is not there is told; a choice without calls is no fault', async () => {
  const { code, stdout, stderr } = await ask('standdown');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('No such call was in a room named standdown');
  expect(await ask('--room', 'x*')).toMatchObject({ code: 0, stdout: 'No such calls.\n' });
});
