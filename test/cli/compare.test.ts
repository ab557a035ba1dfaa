import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sideFilter } from '../../src/cli/compareArguments.ts';
import { type Ran, run } from './run.ts';

let folder: string;
let db: string;
const FIXTURES = ['support-call', 'no-show', 'agent-turns', 'lost-left', 'agent-leaves-first'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-compare-'));
  db = join(folder, 'calls.db');
  await run(['replay', '--quiet', '--db', db, ...FIXTURES.map((name) => `fixtures/${name}.ndjson`)]);
});
afterAll(() => rmSync(folder, { recursive: true }));
const ask = (...args: string[]): Promise<Ran> => run(['compare', '--db', db, ...args]);
const SIDES = ['--baseline', 'end-reason=human_hangup', '--candidate', 'end-reason=agent_no_show+agent_hangup'];
function budget(content: unknown): string {
  const file = join(folder, 'budget.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('a table for people: both sides, a line a figure, and what the words mean', async () => {
  const { code, stdout, stderr } = await ask(...SIDES);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^baseline : endReason \["human_hangup"\]: \d calls/);
  expect(lines[1]).toMatch(/^candidate: endReason \["agent_no_show","agent_hangup"\]: 2 calls$/);
  expect(lines[3]).toMatch(/^figure +baseline +candidate +difference +95 % interval +verdict$/);
  expect(stdout).toMatch(/^abandonmentRate .*unknown \(too few\)$/m);
  expect(stdout).toMatch(/^same +no difference beyond noise/m);
  expect(stdout).not.toContain('Budget');
});

test('as JSON and as Markdown', async () => {
  const { stdout } = await ask(...SIDES, '--format', 'json', '--figures', 'calls,abandonmentRate');
  expect(JSON.parse(stdout)).toMatchObject({
    baseline: { asked: { endReason: ['human_hangup'] } },
    candidate: { calls: 2 },
    figures: [{ path: 'calls' }, { path: 'abandonmentRate', candidate: { value: 0.5 } }],
    budget: null,
  });
  const markdown = (await ask(...SIDES, '--format', 'markdown')).stdout;
  expect(markdown).toContain(
    '| figure | baseline | candidate | difference | 95 % interval | verdict |\n| --- | ---: |',
  );
});

test('all other filters hold for both, and periods are such filters', async () => {
  const { stdout } = await ask(
    ...['--baseline', 'until=2026-10-12T09:00:00Z', '--candidate', 'since=2026-10-12T09:00:00Z,metadata.plan=a,b'],
    ...['--room', 'support-*', '--metadata', 'tenant=acme', '--format', 'json', '--service-level', '30s'],
  );
  const { baseline, candidate, definitions } = JSON.parse(stdout);
  expect(baseline.asked).toEqual({
    room: 'support-*',
    until: '2026-10-12T09:00:00.000Z',
    metadata: { tenant: 'acme' },
  });
  expect(candidate.asked).toEqual({
    room: 'support-*',
    since: '2026-10-12T09:00:00.000Z',
    metadata: { tenant: 'acme', plan: 'a,b' },
  });
  expect(definitions.serviceLevel.threshold).toBe(30);
});

test('a side without a call is told: its filter may be misspelt', async () => {
  const { code, stderr } = await ask('--baseline', 'agent=nobody', '--candidate', 'room=*');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'There is no call of the baseline: does its filter mean what it should?\n',
  });
});

describe('a budget', () => {
  const withBudget = (content: unknown, ...more: string[]) => ask(...SIDES, '--budget', budget(content), ...more);

  test('that is kept is exit 0, and one that is broken 4, with the numbers', async () => {
    const kept = await withBudget({ calls: { min: 2 }, abandonmentRate: { max: 0.5 } });
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('Budget: 0 broken, 0 unknown, 2 kept');
    const broken = await withBudget({ calls: { min: 2 }, abandonmentRate: { max: 0.1 } });
    expect(broken).toMatchObject({ code: 4, stderr: '' });
    expect(broken.stdout).toContain('Budget: 1 broken, 0 unknown, 1 kept');
    expect(broken.stdout).toMatch(/^broken +abandonmentRate +max +10\u00a0% +50\.0\u00a0%$/m);
  });

  test('beside JSON it is told on stderr', async () => {
    const { code, stdout, stderr } = await withBudget({ calls: { min: 100 } }, '--format', 'json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout).budget).toMatchObject([{ path: 'calls', outcome: 'broken', found: 2, allowed: 100 }]);
    expect(stderr).toBe('Budget: 1 broken, 0 unknown, 0 kept\nbroken  calls  min  100  2\n');
  });

  test('of which it is not known is kept, but for --strict', async () => {
    const limits = { abandonmentRate: { maxIncrease: 0.1 } };
    const lenient = await withBudget(limits);
    expect(lenient.code).toBe(0);
    expect(lenient.stdout).toMatch(/^unknown \(too few\) +abandonmentRate +maxIncrease +10 points +\+25 points/m);
    expect((await withBudget(limits, '--strict')).code).toBe(4);
    expect((await withBudget({ calls: { min: 1 } }, '--strict')).code).toBe(0);
  });

  test.each<[unknown, string]>([
    [
      { 'responseLatency.p96': { max: 1 } },
      "budget: there is no figure 'responseLatency.p96' to compare. Did you mean responseLatency.p9",
    ],
    [{ abandonmentRat: { max: 1 } }, 'Did you mean abandonmentRate?'],
    [
      { abandonmentRate: { maxIncreasePercen: 1 } },
      "abandonmentRate has no limit 'maxIncreasePercen'. Did you mean maxIncreasePercent?",
    ],
    [{ abandonmentRate: { max: '10 %' } }, "abandonmentRate: max is a number from 0 on; found '10 %'."],
    [{ abandonmentRate: { maxIncrease: -1 } }, 'is a number from 0 on; found -1.'],
    [{ abandonmentRate: {} }, 'abandonmentRate takes limits, such as { max: 1.5 }; found {}.'],
    [{ abandonmentRate: 0.1 }, 'abandonmentRate takes limits'],
    [{}, "it takes limits by figure, such as { 'responseLatency.p95': { max: 1.5 } }; found {}."],
    [[], 'it takes limits by figure'],
    ['{"calls"', 'it is no JSON'],
  ])('%j is refused', async (content, refusal) => {
    const { code, stdout, stderr } = await withBudget(content);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(refusal);
  });
});

describe('what is no filter is refused, with what was meant', () => {
  test.each([
    [['--baseline', 'agen=nova'], 'There is no filter "agen". Did you mean agent?'],
    [['--baseline', 'nova-1'], '"nova-1" is no filter: one looks like agent=nova-1 or since=7d.'],
    [['--baseline', 'agent='], '"agent=" is no filter'],
    [['--baseline', 'since=soon'], 'An instant looks like'],
    [['--baseline', 'status=finishd'], 'status: there is no "finishd". Did you mean finished?'],
    [['--baseline', 'agent=a', '--baseline', 'agent=b'], 'It has agent twice'],
    [
      ['--baseline', 'agent=a', '--figures', 'engagment'],
      "figures: there is no figure 'engagment' to compare. Did you mean engagement?",
    ],
    [[], 'say what to compare: --baseline agent=nova-1 --candidate agent=nova-2'],
    [['--baseline', 'agent=a', '--strict'], '--strict is about a budget'],
  ])('%j', async (args, refusal) => {
    const { code, stderr } = await ask(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(refusal);
  });

  test('a comma within a value is one of it', () => {
    expect(sideFilter('room=a,b, agent=nova, status=finished+expired,metadata.a=1,metadata.b=x=y')).toEqual({
      room: 'a,b',
      agent: 'nova',
      status: ['finished', 'expired'],
      metadata: { a: '1', b: 'x=y' },
    });
  });
});
