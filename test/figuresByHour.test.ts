/** Summaries of whole periods read pages of hours: these must say what the calls themselves say, whatever has happened since. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallEvaluator } from '../src/index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'by-hour-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (name: string) => readFileSync(`fixtures/${name}`, 'utf8').trim().split('\n');
const opened = (file: string, now = Date.UTC(2026, 11, 1)) =>
  new CallEvaluator({ database: join(folder, file), clock: () => now });
const pages = (file: string): number[] => {
  const db = new Database(join(folder, file), { readonly: true });
  const hours = db.prepare('select hour from figure_pages order by 1').pluck().all() as number[];
  db.close();
  return hours;
};
const HOUR = 3_600_000;
const hourOf = (iso: string) => Math.trunc(Date.parse(iso) / HOUR);

test('the second summary, by pages, is the first one, byte for byte; so it is after a rebuild and a filter that all pass', async () => {
  const evaluator = opened('all.db');
  for (const name of readdirSync('fixtures').filter((file) => file.endsWith('.ndjson')))
    await evaluator.processEvents(linesOf(name));
  const ask = async (filter = {}) => JSON.stringify(await evaluator.summarize({ by: ['day', 'agent'], ...filter }));
  const first = await ask();
  expect(pages('all.db').length).toBeGreaterThan(5);
  expect(await ask()).toBe(first);
  expect(await ask({ room: '*' })).toBe(first);
  await evaluator.rebuild();
  expect(await ask()).toBe(first);
  const half = { since: '2026-10-12T12:00:00Z', until: '2026-10-12T15:20:30Z' };
  expect(await ask(half)).toBe(await ask({ ...half, room: '*' }));
  await evaluator.close();
});

test('a late event, a repeat and a new call are in the next summary', async () => {
  const evaluator = opened('late.db');
  const [start, ...rest] = linesOf('support-call.ndjson');
  const finished = rest.pop()!;
  await evaluator.processEvents([start!, ...rest.slice(2), finished]);
  const calls = async () => {
    const { total } = await evaluator.summarize();
    return [total.calls.value, total.calls.complete];
  };
  expect(await calls()).toEqual([1, 0]);
  expect(await calls()).toEqual([1, 0]);
  expect(pages('late.db')).toEqual([hourOf('2026-10-12T09:00:00Z')]);
  await evaluator.processEvents(rest.slice(0, 2));
  expect(pages('late.db')).toEqual([]);
  expect(await calls()).toEqual([1, 1]);
  expect(await calls()).toEqual([1, 1]);
  await evaluator.processEvents(linesOf('no-show.ndjson'));
  expect(await calls()).toEqual([3, 1]);
  await evaluator.processEvent(finished);
  expect(await calls()).toEqual([3, 1]);
  await evaluator.close();
});

test('of an hour that is not long over no page is written, nor of calls that were measured otherwise', async () => {
  const now = opened('now.db', Date.parse('2026-10-12T10:30:00Z'));
  await now.processEvents(linesOf('support-call.ndjson'));
  expect((await now.summarize()).total.calls.value).toBe(1);
  expect(pages('now.db')).toEqual([]);
  await now.close();
  const other = new CallEvaluator({ database: join(folder, 'now.db'), noShowAfter: 5 });
  expect((await other.summarize()).total.calls.value).toBe(1);
  expect(pages('now.db')).toEqual([]);
  await other.close();
});

test('a page of another version, or a damaged one, is read past', async () => {
  const evaluator = opened('damaged.db');
  await evaluator.processEvents(linesOf('support-call.ndjson'));
  const whole = JSON.stringify(await evaluator.summarize());
  const db = new Database(join(folder, 'damaged.db'));
  for (const text of ['0 1\n', 'nonsense', '1 1\n[']) {
    db.prepare('update figure_pages set figures = ?').run(text);
    expect(JSON.stringify(await evaluator.summarize())).toBe(whole);
  }
  db.close();
  await evaluator.close();
});
