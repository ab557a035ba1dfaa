import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from '../../src/agents/spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HOUR = 3600_000;
const spool = (limits = {}) => new Spool(folder, 'http://a', { files: 100, bytes: 10_000, ageMs: HOUR, ...limits });
const inside = () => join(folder, readdirSync(folder)[0]!);
const contents = async (of: Spool) => (await Promise.all((await of.some(100)).map((name) => of.read(name)))).toSorted();

test('nothing was ever kept', async () => {
  expect(await spool().some(10)).toEqual([]);
});

test('the oldest give way, by number and by size', async () => {
  const few = spool({ files: 3 });
  for (const report of ['1', '2', '3', '4', '5']) {
    await few.keep(report);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await contents(few)).toEqual(['3', '4', '5']);
  const small = spool({ bytes: 10 });
  await small.keep('12345678');
  expect(await contents(small)).toEqual(['12345678', '4', '5']);
});

test('what is too old is gone, also what was never written as a whole', async () => {
  await spool().keep('1');
  const [name] = readdirSync(inside());
  const old = name!.replace(/^\d+/, String(Date.now() - 2 * HOUR));
  renameSync(join(inside(), name!), join(inside(), old));
  writeFileSync(join(inside(), old.replace('json', 'part')), 'half');
  await spool().keep('2');
  expect(await contents(spool())).toEqual(['2']);
  expect(readdirSync(inside())).toHaveLength(1);
});

test('what is no report of ours is neither sent nor removed', async () => {
  await spool().keep('1');
  writeFileSync(join(inside(), 'notes.json'), '{}');
  expect(await contents(spool())).toEqual(['1']);
  expect(readdirSync(inside())).toContain('notes.json');
});

test('of what another agent has sent meanwhile nothing is made', async () => {
  await spool().keep('1');
  const [name] = await spool().some(1);
  await spool().remove(name!);
  await spool().remove(name!);
  expect(await spool().read(name!)).toBeNull();
});
