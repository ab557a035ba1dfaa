/** The README's table of metrics is made from the registry: `UPDATE_README=1 npx vitest run test/metrics/readme.test.ts` writes it anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '../../src/metrics/registry.ts';
import { metricsBlock, metricsTable, withMetricsTable } from '../../src/report/metricsTable.ts';

const README = join(import.meta.dirname, '../../README.md');

test('the README shows the metrics that there are', ({ skip }) => {
  const text = existsSync(README) ? readFileSync(README, 'utf8') : '';
  if (metricsBlock(text) === null)
    return skip('README.md has no <!-- metrics:begin --> … <!-- metrics:end --> for the table of metrics');
  if (process.env.UPDATE_README) writeFileSync(README, withMetricsTable(text));
  const shown = metricsBlock(readFileSync(README, 'utf8'));
  expect(shown, 'README.md is out of date: UPDATE_README=1 npx vitest run test/metrics/readme.test.ts').toBe(
    metricsTable(),
  );
});

test('the table has a row of four cells for every metric', () => {
  const [head, line, ...rows] = metricsTable().split('\n');
  expect(head).toBe('| path | unit | what it says | null when |');
  expect(line).toBe('| --- | --- | --- | --- |');
  expect(rows.map((row) => /^\| `([^`]+)` /.exec(row)?.[1])).toEqual(METRICS.map(({ path }) => path));
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6);
});

test('only what lies between the markers is rewritten', () => {
  const text = '# T\n<!-- metrics:begin -->\nold\n<!-- metrics:end -->\nrest $& $1';
  const written = withMetricsTable(text);
  expect(metricsBlock(text)).toBe('old');
  expect(metricsBlock(written)).toBe(metricsTable());
  expect(written.startsWith('# T\n<!-- metrics:begin -->\n')).toBe(true);
  expect(written.endsWith('\n<!-- metrics:end -->\nrest $& $1')).toBe(true);
  expect(withMetricsTable(written)).toBe(written);
  expect(() => withMetricsTable('no markers')).toThrow(/metrics:begin/);
});
