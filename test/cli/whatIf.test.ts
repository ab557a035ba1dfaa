import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ran, run } from './run.ts';

let folder: string;
let db: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-what-if-'));
  db = join(folder, 'calls.db');
  const recordings = ['support-call', 'no-show', 'agent-leaves-first', 'hostile'];
  await run(['replay', '--quiet', '--db', db, ...recordings.map((name) => `fixtures/${name}.ndjson`)]);
});
afterAll(() => rmSync(folder, { recursive: true }));
const ask = (...args: string[]): Promise<Ran> => run(['what-if', '--db', db, ...args]);

test('a table for people: what was set, every main figure, what changes, and by which definitions', async () => {
  const { code, stdout, stderr } = await ask('--set', 'agent.noShowAfter=100', '--set', 'serviceLevel.threshold=2s');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^noShowAfter: 20 -> 100\nserviceLevel\.threshold: 20 -> 2\n\d+ calls, \d+ of them measured again/,
  );
  expect(stdout).toMatch(/^figure +before +after +difference$/m);
  expect(stdout).toMatch(/^offered +5 +5 +=$/m);
  expect(stdout).toMatch(/^serviceLevel\.rate +75\.0 % +40\.0 % +-35\.0 points$/m);
  expect(stdout).toMatch(/^endReasons\.agent_no_show +1 +- +gone$/m);
  expect(stdout).toMatch(/^agent\.noShow +1 +1 +RM_noshow: true -> false$/m);
  expect(stdout).toContain('before: SL: answered within 20 s');
  expect(stdout).toContain('after: SL: answered within 2 s');
});

test('what holds before may be set, too; groups show what changes in them', async () => {
  const { stdout } = await ask('--no-show-after', '100', '--set', 'noShowAfter=20', '--by', 'endReason');
  expect(stdout).toContain('noShowAfter: 100 -> 20\n');
  expect(stdout).toMatch(/^endReason agent_no_show\nfigure.*\ncalls +- +1 +new$/m);
});

test('JSON is what the library answers, Markdown a table that names cannot break', async () => {
  const found = JSON.parse((await ask('--set', 'noShowAfter=100', '--format', 'json')).stdout);
  expect(found.changes.byPath[0]).toEqual({ path: 'agent.noShow', calls: 1, values: 1 });
  expect(found.before.total.calls).toEqual(found.after.total.calls);
  const { stdout } = await ask('--set', 'agentExpected=☠*', '--by', 'roomName', '--format', 'markdown');
  expect(stdout).toMatch(/^\| figure \| before \| after \| difference \|\n\| --- \| ---: \| ---: \| ---: \|$/m);
  expect(stdout).toContain('### roomName ☠ \\<script\\>');
  expect(stdout).not.toContain('<script>');
});

test.each([
  [[], 'say what is to be otherwise: --set noShowAfter=10'],
  [['--set', 'noShowAftr=1'], 'Unknown option noShowAftr. Did you mean noShowAfter?'],
  [['--set', 'noShowAfter'], 'It takes a key and its value'],
  [['--set', 'metricsVersion=2'], 'the one version that there is'],
])('%j is refused with what would be right', async (args, right) => {
  const { code, stdout, stderr } = await ask(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(right);
});
