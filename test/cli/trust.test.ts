import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CallEvaluator, type TrustReport } from '../../src/index.ts';
import { run } from './run.ts';

let folder: string;
let db: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-trust-'));
  db = join(folder, 'calls.db');
  const files = ['support-call', 'handoff', 'lost-left'].map((name) => `fixtures/${name}.ndjson`);
  await run(['replay', '--quiet', '--db', db, ...files]);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const trust = (...args: string[]) => run(['trust', ...args, '--db', db]);

describe('trust', () => {
  test('is a table of the main metrics, with what it rests on and what its columns say', async () => {
    const { code, stdout, stderr } = await trust(
      '--since',
      '2026-01-01',
      '--loss',
      '5,20',
      '--runs',
      '4',
      '--seed',
      '9',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Calls: 2, all that are finished and complete; without \d that are not finished or have lost/,
    );
    expect(stdout).toContain('Each lost webhooks 4 times (--seed 9)');
    expect(stdout).toContain('5 % of the webhooks lost');
    expect(stdout).toMatch(/20 % of the webhooks lost\n8 trials lost \d+ of 96 webhooks; \d+ of them lost none\.\n/);
    expect(stdout).toMatch(/\ncallDuration +8 +\d/);
    expect(stdout).not.toContain('tracks.bySource');
    expect(stdout).toMatch(/\nheld +share of the bounds/);
    expect((await trust('--loss', '5', '--runs', '1', '--all')).stdout).toContain('\ntracks.bySource.*.seconds ');
  });

  test('is Markdown for a document', async () => {
    const { stdout } = await trust('--outage', '30s', '--runs', '2', '--format', 'markdown');
    expect(stdout).toContain('### all webhooks of 30 s lost\n');
    expect(stdout).toMatch(/\n\| metric \| compared \|.*\n\| --- \| --: \|/);
    expect(stdout).toMatch(/\n\| `callDuration` \| \d+ \|/);
  });

  test('is the whole report as JSON', async () => {
    const { stdout } = await trust('--sid', 'RM_support', '--loss', '10', '--runs', '1', '--format', 'json');
    const report: TrustReport = JSON.parse(stdout);
    expect(report).toMatchObject({
      seed: 1,
      runs: 1,
      calls: { tried: 1 },
      losses: [{ loss: { share: 0.1 }, trials: 1 }],
    });
    expect(report.losses[0]!.paths.length).toBeGreaterThan(60);
  });

  test('says so where there is nothing to compare', async () => {
    const { code, stdout } = await trust('--since', '30d', '--until', '29d');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'There is nothing to compare with: none of the 0 calls is finished and has all its events.\n',
    });
  });

  test('names what is wrong without a word of it, with what gives it again, and fails', async () => {
    const real = CallEvaluator.prototype.trust;
    vi.spyOn(CallEvaluator.prototype, 'trust').mockImplementation(async function (this: CallEvaluator, ...asked) {
      const report = await real.apply(this, asked);
      const where = { roomSid: 'RM_support', seed: 8, loss: { share: 0.05 }, bounds: null };
      report.losses[0]!.all.undeclared = 2;
      report.defects.push(
        { ...where, path: 'duration', found: 1, truth: 2.5 },
        {
          ...where,
          path: 'participants.list[identity=\u202e`].presentSeconds',
          found: null,
          truth: 7,
          bounds: [8, null],
        },
      );
      return report;
    });
    const { code, stdout } = await trust('--loss', '5', '--runs', '1');
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        '  call-evaluator trust --sid RM_support --loss 5 --seed 8 --runs 1 --all',
        '    duration: 1, with all events 2.5',
        '    participants.list[identity=\\u202e`].presentSeconds: null within 8 .. ?, with all events 7',
      ].join('\n'),
    );
    const markdown = (await trust('--loss', '5', '--runs', '1', '--format', 'markdown')).stdout;
    expect(markdown).toContain('  - `` participants.list[identity=\\u202e`].presentSeconds: null');
  });

  test.each([
    [['--loss', '101'], 'per cent, such as 1,5,10'],
    [['--loss', '1,,5'], 'per cent, such as 1,5,10'],
    [['--outage', '0'], 'from 1s on'],
    [['--runs', '0'], 'from 1 on'],
    [['--runs', '1000000'], 'from 1 to 100000'],
    [['--seed', '4294967296'], 'from 0 to 4294967295'],
    [['--format', 'csv'], 'table, markdown, json'],
  ])('%j is refused with what would be right', async (args, right) => {
    const { code, stderr } = await trust(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(right);
  });
});
