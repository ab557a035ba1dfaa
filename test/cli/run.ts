import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Halves the time in which the command line starts. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'call-evaluator-compile-cache');
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command line as a user does, without a terminal. */
export async function run(args: string[], { stdin = '', node = [] as string[] } = {}): Promise<Ran> {
  const child = start(args, node);
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(stdin);
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((done) => child.on('close', done)),
    child.stdout.toArray(),
    child.stderr.toArray(),
  ]);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

export function start(args: string[], node: string[] = []) {
  return spawn(process.execPath, [...node, MAIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', NODE_COMPILE_CACHE },
  });
}

export const fileOfCase = (name: string): string =>
  fileURLToPath(new URL(`../cases/${name}/events.ndjson`, import.meta.url));
