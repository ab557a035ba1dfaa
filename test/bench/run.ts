/**
 * `npm run bench` asks every question, `npm run bench -- NAME…` some; `--quick` on little, `--full` on a million events.
 * Believe the ratios, which are of one run each. It never fails a build: what is slow is told, not thrown.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from './alternate.ts';
import type { Answer } from './question.ts';

const NAMES = readdirSync(new URL('questions/', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) console.error(`No question ${unknown.join(', ')}. There are: ${NAMES.join(', ')}.`);
const size = values.quick ? 'quick' : values.full ? 'full' : 'usual';
const asked = NAMES.filter((name) => positionals.length === 0 || positionals.includes(name));

const table: string[][] = [['question', 'ratio (min..max)', 'goal', 'reached', 'figures']];
for (const name of asked) {
  process.stderr.write(`${name} … `);
  const start = performance.now();
  try {
    for (const answer of await ask(name)) table.push(cells(answer));
  } catch (error) {
    table.push([name, '', '', 'failed', (error as Error).message]);
  }
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}
const load = loadavg()[0]!.toFixed(1);
console.log(`\nNode ${process.version}, ${cpus().length} cores, load ${load}, size ${size}\n`);
console.log(aligned(table));

/** Each question has a process of its own, so that none warms up, or litters, for another. */
function ask(name: string): Promise<Answer[]> {
  return new Promise((settle, fail) => {
    const child = fork(new URL('ask.ts', import.meta.url), [name, size]);
    let answered = false;
    child.on('message', (found: { answers: Answer[] } | { error: string }) => {
      answered = true;
      if ('error' in found) fail(new Error(found.error));
      else settle(found.answers);
    });
    child.on('exit', (code, signal) => {
      if (!answered) fail(new Error(`ended with ${signal ?? code} before it answered`));
    });
  });
}

function cells({ question, ratios, goal, figures }: Answer): string[] {
  if (ratios.length === 0) return [question, '', '', '', figures];
  const middle = median(ratios);
  const spread = `${short(middle)} (${short(Math.min(...ratios))}..${short(Math.max(...ratios))})`;
  if (goal === null) return [question, spread, '', '', figures];
  const least = 'atLeast' in goal;
  const reached = least ? middle >= goal.atLeast : middle <= goal.atMost;
  return [question, spread, least ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`, reached ? 'yes' : 'NO', figures];
}

function short(ratio: number): string {
  return ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(2);
}

function aligned(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
