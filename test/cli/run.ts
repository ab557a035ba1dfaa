import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run as runProgram } from '../../src/cli/program.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let before: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line within this process, one run after the other, without a terminal: what it writes is caught, its
 * stdin and its exit code are its own. The start of a process costs a hundred times as much; `runProcess` pays it.
 */
export function run(args: string[], { stdin = '', cwd = '.' } = {}): Promise<Ran> {
  const ran = before.then(() => runHere(args, stdin, cwd));
  before = ran.catch(() => {});
  return ran;
}

async function runHere(args: string[], stdin: string, cwd: string): Promise<Ran> {
  const { stdin: ownStdin, exitCode } = process;
  const ownFolder = process.cwd();
  const signals = process.listeners('SIGINT');
  const stdout = catchWrites(process.stdout);
  const stderr = catchWrites(process.stderr);
  const { log, error } = console; // the test runner's own, which go elsewhere
  console.log = (text) => process.stdout.write(`${text}\n`);
  console.error = (text) => process.stderr.write(`${text}\n`);
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([Buffer.from(stdin)]) });
  process.exitCode = undefined;
  process.chdir(cwd);
  try {
    await runProgram(['node', 'call-evaluator', ...args]);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(ownFolder);
    stdout.end();
    stderr.end();
    Object.assign(console, { log, error });
    Object.defineProperty(process, 'stdin', { configurable: true, value: ownStdin });
    process.exitCode = exitCode;
    for (const heard of process.listeners('SIGINT'))
      if (!signals.includes(heard)) process.removeListener('SIGINT', heard);
  }
}

function catchWrites(stream: NodeJS.WriteStream) {
  const { write } = stream;
  const errors = stream.listeners('error');
  let text = '';
  stream.write = ((piece: string | Uint8Array) => {
    text += piece;
    return true;
  }) as typeof write;
  return {
    text: () => text,
    end() {
      stream.write = write;
      for (const heard of stream.listeners('error') as (() => void)[])
        if (!errors.includes(heard)) stream.removeListener('error', heard);
    },
  };
}

/** Runs the command line as a user does, as a process, without a terminal. */
export async function runProcess(args: string[], { stdin = '', node = [] as string[], cwd = '.' } = {}): Promise<Ran> {
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
