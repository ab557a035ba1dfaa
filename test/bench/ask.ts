/** Answers one question in a process of its own (run.ts starts it). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Question } from './question.ts';

const [name, size] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'call-evaluator-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const bench: Bench = {
  rounds: size === 'quick' ? 3 : 5,
  full: size === 'full',
  size: (quick, usual, full = usual) => (size === 'quick' ? quick : size === 'full' ? full : usual),
  file: (file) => join(folder, file),
};
const { ask }: { ask: Question } = await import(`./questions/${name}.ts`);
try {
  answer({ answers: await ask(bench) });
} catch (error) {
  answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

/** Alone, as under a profiler, it prints. */
function answer(message: object): void {
  if (process.send) process.send(message, () => process.disconnect?.());
  else console.dir(message, { depth: null });
}
