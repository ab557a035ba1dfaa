import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsedCsv } from '../report/parsedCsv.ts';
import { type Ran, run } from './run.ts';

let folder: string;
let db: string;
const FIXTURES = ['support-call', 'no-show', 'agent-turns', 'lost-left', 'agent-leaves-first'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-summary-'));
  db = join(folder, 'calls.db');
  await run(['replay', '--quiet', '--db', db, ...FIXTURES.map((name) => `fixtures/${name}.ndjson`)]);
});
afterAll(() => rmSync(folder, { recursive: true }));
const ask = (...args: string[]): Promise<Ran> => run(['summary', '--db', db, ...args]);
const json = async (...args: string[]) => JSON.parse((await ask('--format', 'json', ...args)).stdout);

test('a table for people: a line a group, one for all, and by which definitions', async () => {
  const { code, stdout, stderr } = await ask('--by', 'endReason');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [head, ...lines] = stdout.split('\n');
  expect(head).toMatch(/^endReason +calls +offered +answered +aband\. +ASA +SL +AHT /);
  expect(lines.map((line) => line.split(' ')[0]).slice(0, 6)).toEqual([
    'agent_error',
    'agent_hangup',
    'agent_no_show',
    'human_hangup',
    'unknown',
    'all',
  ]);
  expect(stdout).toMatch(/^all +8 +8 +~6 +~25\.0 % /m);
  expect(stdout).toContain('SL: answered within 20 s, of answered + abandoned later; the target is 80 %');
});

test('days begin where --tz says', async () => {
  // the first fixture began at 09:00 UTC, which is the next day on Kiribati
  const [first] = (await json('--by', 'day', '--tz', 'Pacific/Kiritimati')).groups;
  expect(first.group).toEqual({
    key: { day: '2026-10-12' },
    from: '2026-10-11T10:00:00.000Z',
    until: '2026-10-12T10:00:00.000Z',
  });
  expect(
    (await json('--by', 'day', '--tz', 'Pacific/Kiritimati')).groups.map(
      (group: { calls: { value: number } }) => group.calls.value,
    ),
  ).toEqual([5, 3]);
});

test('the threshold, the target and the filters are heard, and printed with the numbers', async () => {
  const { total, definitions } = await json(
    '--service-level',
    '1s',
    '--target',
    '0.9',
    '--room',
    'support-*',
    '--short-abandon',
    '2m',
  );
  expect(definitions).toMatchObject({ serviceLevel: { threshold: 1, target: 0.9 }, shortAbandon: 120 });
  expect(total.calls.value).toBe(7);
  expect(total.serviceLevel).toMatchObject({ threshold: 1, met: false });
  expect((await json('--tag', 'topic:*')).total.calls.value).toBe(1);
  expect((await json('--kind', 'SIP')).total.calls.value).toBe(0);
  expect((await json('--since', '2026-10-12T09:30:00Z', '--until', '2026-10-12T13:51:00Z')).total.calls.value).toBe(2);
});

test('agents are those that LiveKit names, in groups as in filters', async () => {
  const named = (await json('--by', 'agent')).groups.map(
    ({ group, calls }: { group: { key: { agent: string } }; calls: { value: number } }) => [
      group.key.agent,
      calls.value,
    ],
  );
  expect(named).toEqual([
    ['frontdesk', 5],
    ['weather-desk', 1],
    [null, 2],
  ]);
  expect((await json('--agent', 'frontdesk')).total.calls.value).toBe(5);
  expect((await json('--agent', 'weather-*')).total.calls.value).toBe(1);
});

test('of more groups than are wanted the first are shown, and the others together', async () => {
  const { stdout } = await ask('--by', 'endReason', '--max-groups', '2');
  expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['agent_error', 'agent_hangup', '(others)', 'all']),
  );
  expect(stdout).toContain('There are more groups than 2 (--max-groups)');
});

test('CSV has every figure with its limits, Markdown the table', async () => {
  const rows = parsedCsv((await ask('--by', 'endReason', '--format', 'csv')).stdout);
  const [head, ...groups] = rows;
  expect(head!.slice(0, 2)).toEqual(['row', 'group.key.endReason']);
  const column = head!.indexOf('averageSpeedOfAnswer.high');
  expect(groups.map((row) => row[0])).toEqual(['group', 'group', 'group', 'group', 'group', 'total']);
  expect(Number(groups.at(-1)![column])).toBeGreaterThan(0);
  const { stdout } = await ask('--by', 'endReason', '--format', 'markdown');
  expect(stdout).toMatch(/^\| endReason \| calls \|.*\n\| --- \| ---: \|/);
  expect(stdout).toContain('| agent\\_error |');
});

test.each([
  [['--by', 'dy'], 'Option by.0: expected a list of groupings, each once: hour, day'],
  [['--by', 'day,'], 'words with commas between them, such as day,agent'],
  [['--tz', 'Berlin'], '"Berlin" is no time zone that is known here. Give an IANA name such as Europe/Berlin.'],
  [['--target', '80'], '0.02 is 2 %'],
])('%j is refused with what would be right', async (args, right) => {
  expect(await ask(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(right) });
});

test('of no calls the figures say that there are none', async () => {
  const { code, stdout } = await ask('--since', '2030-01-01');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ *calls .*\n *0 +0 +0 +- +- /);
});
