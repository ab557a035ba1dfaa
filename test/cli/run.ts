import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Waits until a server that was started says where it listens; rejects with what it said when it ends instead. */
export async function untilListening(child: ChildProcessWithoutNullStreams) {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const exit = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  while (!stderr.includes('listens on'))
    await Promise.race([once(child.stderr, 'data'), exit.then(() => Promise.reject(new Error(stderr)))]);
  return { url: /http:\/\/\S+?:\d+/.exec(stderr)![0], exit, told: () => ({ stdout, stderr }) };
}

export const fileOfCase = (name: string): string =>
  fileURLToPath(new URL(`../cases/${name}/events.ndjson`, import.meta.url));
