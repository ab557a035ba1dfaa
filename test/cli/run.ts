import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command line as a user does, without a terminal. */
export async function run(args: string[], { stdin = '', node = [] as string[], cwd = '.' } = {}): Promise<Ran> {
  const child = start(args, node, cwd);
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(stdin);
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((done) => child.on('close', done)),
    child.stdout.toArray(),
    child.stderr.toArray(),
  ]);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

export function start(args: string[], node: string[] = [], cwd = '.') {
  return spawn(process.execPath, [...node, MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
  });
}

export const fileOfCase = (name: string): string =>
  fileURLToPath(new URL(`../cases/${name}/events.ndjson`, import.meta.url));
