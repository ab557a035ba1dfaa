import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { all } from '../report/html/document.ts';
import { soundPage } from '../report/html/sound.ts';
import { parsedCsv } from '../report/parsedCsv.ts';
import { type Ran, run } from './run.ts';

let folder: string;
let db: string;
let out: string;
const FIXTURES = ['support-call', 'no-show', 'agent-turns', 'lost-left', 'reconnect-left-then-joined', 'still-open'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-report-'));
  db = join(folder, 'calls.db');
  out = join(folder, 'out.html');
  await run(['replay', '--quiet', '--db', db, ...FIXTURES.map((name) => `fixtures/${name}.ndjson`)]);
});
beforeEach(() => {
  for (const name of readdirSync(folder)) if (name.startsWith('out')) rmSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));
const report = (...args: string[]): Promise<Ran> => run(['report', '--db', db, ...args]);
const attendance = (...args: string[]): Promise<Ran> => run(['attendance', '--db', db, ...args]);
const written = () => readFileSync(out, 'utf8');

describe('report', () => {
  test('makes a page of a month', async () => {
    const { code, stdout, stderr } = await report('--month', '2026-10', '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^October 2026: \d calls in \S+out\.html \(\d+ kB\)\n$/);
    const page = soundPage(written());
    expect(all(page, 'h1')[0]!.text).toBe('Calls, October 2026');
    expect(all(page, 'caption').map(({ text }) => text)).toContain('By day');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('begins the month where --tz says, and says by what it chose', async () => {
    await report(
      '--month',
      '2026-10',
      '--tz',
      'Pacific/Kiritimati',
      '--room',
      'support-*',
      '--by',
      'week,roomName',
      '--out',
      out,
    );
    const { text } = soundPage(written());
    expect(text).toContain('by the clocks of Pacific/Kiritimati; room support-*');
    expect(text).toContain('By week, roomName');
    expect(text).toContain('Calls by week');
  });

  test('sets what summaries are told', async () => {
    await report(
      '--since',
      '2026-10-12',
      '--until',
      '2026-10-13',
      '--service-level',
      '30s',
      '--target',
      '0.9',
      '--no-show-after',
      '5',
      '--out',
      out,
    );
    const { text } = soundPage(written());
    expect(text).toContain('answered within 30 s; target 90\u00a0%');
    expect(text).toContain('Measured with noShowAfter 5.');
    expect(text).toContain('Calls by hour');
  });

  test('writes Markdown and CSV, by the ending of the file, or as it is told', async () => {
    const markdown = join(folder, 'out.md');
    await report('--month', '2026-10', '--out', markdown);
    expect(readFileSync(markdown, 'utf8')).toMatch(/^# Calls, October 2026\n.*\n## Definitions\n/s);
    const csv = join(folder, 'out.csv');
    await report('--month', '2026-10', '--out', csv);
    expect(parsedCsv(readFileSync(csv, 'utf8'))[0]!.slice(0, 3)).toEqual(['row', 'by', 'group']);
    const { code, stdout } = await report('--format', 'markdown');
    expect({ code, head: stdout.slice(0, 18) }).toEqual({ code: 0, head: '# Calls, all calls' });
  });

  test('prints a page where it is told to', async () => {
    const { stdout } = await report('--out', '-');
    soundPage(stdout);
  });

  test.each([
    [['--month', '2026-10'], '--out october.html'],
    [['--month', '2026-13'], 'A month looks like 2026-10'],
    [['--month', '2026-10', '--since', '3d', '--out', 'OUT'], 'leave out --since'],
    [['--month', '2026-10', '--tz', 'Mars', '--out', 'OUT'], 'Give an IANA name'],
    [['--out', 'DB'], 'is the database, or a part of it: a page would take its place'],
    [['--format', 'pdf'], 'html, markdown, csv'],
    [['RM_support', '--by', 'day', '--out', 'OUT'], 'takes no --by'],
    [['RM_support', '--month', '2026-10', '--out', 'OUT'], 'takes no --month'],
    [['--by', 'dya', '--out', 'OUT'], 'metadata.KEY'],
  ])('%j is refused with what would be right', async (args, right) => {
    const { code, stderr } = await report(...args.map((arg) => (arg === 'OUT' ? out : arg === 'DB' ? db : arg)));
    expect(code).toBe(2);
    expect(stderr).toContain(right);
    expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([]);
  });

  describe('of one call', () => {
    test('is a page, by its sid or its name', async () => {
      const { code, stdout } = await report('RM_lostleft', '--tz', 'Europe/Berlin', '--out', out);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Call RM_lostleft in /);
      expect(soundPage(written()).text).toContain('12 Oct 2026, 15:50:00 to 15:51:20, Europe/Berlin');
      await report('weather-7', '--out', out);
      expect(all(soundPage(written()), 'h1')[0]!.text).toBe('weather-7');
    });

    test('is Markdown, or CSV with a row a value', async () => {
      const { stdout } = await report('RM_lostleft', '--format', 'markdown');
      expect(stdout).toContain('| first to last person | 59.0\u00a0s | 59.0\u00a0s to 79.0\u00a0s |');
      const [head, ...rows] = parsedCsv((await report('RM_lostleft', '--format', 'csv')).stdout);
      expect(head).toEqual(['path', 'unit', 'value', 'low', 'high', 'uncertain', 'definition']);
      const found = rows.find(([path]) => path === 'callDuration')!;
      expect(found.slice(0, 6)).toEqual(['callDuration', 's', '59', '59', '78.999', 'false']);
      expect(rows.find(([path]) => path === 'endReason.class')![5]).toBe('true');
      expect(rows.every((row) => row[6] !== '' || row[0]!.startsWith('evidence.'))).toBe(true);
    });

    test('that is not there ends with 1, and what is near it', async () => {
      const { code, stderr } = await report('RM_lostlef', '--out', out);
      expect(code).toBe(1);
      expect(stderr).toContain('Did you mean RM_lostleft');
    });
  });
});

describe('attendance', () => {
  test('is a sheet for each who came, or of one', async () => {
    const { code, stdout } = await attendance('RM_lostleft', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 certificates of RM_lostleft in /);
    expect(all(soundPage(written()), 'section')).toHaveLength(2);
    await attendance('RM_relj', '--identity', 'fay', '--tz', 'Europe/Berlin', '--out', out);
    expect(soundPage(written()).text).toContain('87.8 seconds');
  });

  test('is Markdown, CSV or JSON as well', async () => {
    expect((await attendance('RM_relj', '--format', 'markdown')).stdout).toContain('## fay');
    expect(parsedCsv((await attendance('RM_relj', '--format', 'csv')).stdout)).toHaveLength(1 + 2 + 3);
    const { people, made, inputs } = JSON.parse((await attendance('RM_relj', '--format', 'json')).stdout);
    expect(people[0]).toMatchObject({ identity: 'fay', presence: { value: 87.8 } });
    expect(made).toEqual({ at: expect.stringMatching(/Z$/), version: expect.stringMatching(/^\d+\.\d+/) });
    expect(inputs.hash).toHaveLength(43);
  });

  test.each([
    [['RM_lostleft', '--identity', 'miaa', '--format', 'json'], 1, 'Did you mean mia?'],
    [['RM_lostleft', '--identity', 'somebody else', '--format', 'json'], 1, 'There were mia, agent-AJ_llf1.'],
    [['RM_nowhere', '--format', 'json'], 1, 'No event of room RM_nowhere'],
    [['RM_lostleft'], 2, '--out ana.html'],
  ])('%j is refused with what would be right', async (args, exit, right) => {
    const { code, stderr } = await attendance(...args);
    expect(code).toBe(exit);
    expect(stderr).toContain(right);
  });
});
