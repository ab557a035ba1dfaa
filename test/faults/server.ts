/**
 * `call-evaluator serve` as its users run it: a process of its own, sent signed webhooks over HTTP, that can be killed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Ingest } from '../../src/server/api/ingestView.ts';
import { httpPost } from '../../src/simulate/httpPost.ts';
import { metricsApi } from '../../src/simulate/metricsApi.ts';
import type { Answer } from '../../src/simulate/rules.ts';
import { apiKey, webhookToken } from '../../src/simulate/webhookToken.ts';
import { untilListening } from '../cli/run.ts';
import { KEY, SECRET } from '../server/webhook/signed.ts';

export type Server = Awaited<ReturnType<typeof serve>>;

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TOKEN = 'invented-token-for-tests-only';
const READER = { headers: { authorization: `Bearer ${TOKEN}` } };
const CONNECTIONS = 64;

const running = new Set<Server>();

/** A folder for a file of tests; with it end the servers that the file has left running. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  afterAll(async () => {
    for (const server of running) await server.end('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** What LiveKit signs, by its clock. */
export function sign(body: string, now = Date.now()): string {
  return webhookToken(body, apiKey(KEY, SECRET), now);
}

/** @param under the command that runs it, as `nice` would: the server's own command line follows */
export async function serve(database: string, under: readonly string[] = []) {
  const [command, ...args] = [...under, process.execPath, MAIN, 'serve', '--db', database, '--port', '0'];
  const child = spawn(command!, args, {
    env: {
      ...process.env,
      LIVEKIT_API_KEY: KEY,
      LIVEKIT_API_SECRET: SECRET,
      CALL_EVALUATOR_TOKEN: TOKEN,
      NO_COLOR: '1',
    },
  });
  const { url, exit: ended, told } = await untilListening(child);
  const exit = ended.then(([code]) => code);
  const client = httpPost(new URL(`${url}/webhook`), CONNECTIONS);
  const get = (path: string) => fetch(url + path, READER);

  const server = {
    pid: child.pid!,
    url,
    port: Number(new URL(url).port),
    /** A webhook of LiveKit's, unless the token says otherwise. Never rejects. */
    post: (body: string, token = sign(body)): Promise<Answer> => client.post(body, token),
    get,
    metrics: metricsApi(new URL(url), TOKEN),
    ingest: async () => (await (await get('/v1/ingest')).json()) as Ingest,
    log: () => told().stdout,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** When it has ended: its exit code; null when a signal ended it. */
    exit,
    async end(signal: NodeJS.Signals): Promise<void> {
      child.kill(signal);
      await exit;
    },
    /** The most memory that was ever its own, in MiB. */
    peakMemory: () => peakMemory(child.pid!),
  };
  running.add(server);
  void exit.then(() => {
    client.close();
    running.delete(server);
  });
  return server;
}

function peakMemory(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) throw new Error(`Only Linux tells of a process's peak memory, in ${status}.`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))![1]) / 1024;
}
