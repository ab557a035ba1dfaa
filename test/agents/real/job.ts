/** Runs an agent in the very process in which a worker of @livekit/agents runs its jobs, over the worker's own messages. */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Job } from '@livekit/protocol';
import type { Told } from './script.ts';

const SDK = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));
const PROCESS = join(SDK, 'ipc/job_proc_lazy_main.js');
const AGENT = join(import.meta.dirname, 'desk.ts');

/** It does not end by SIGTERM. */
const LIMIT = { timeout: 45_000, killSignal: 'SIGKILL' } as const;

export interface Ended {
  told: Told;
  /** What it wrote on its console: only what went wrong. */
  printed: string;
}

export async function runJob(job: Job, env: Record<string, string>): Promise<Ended> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const child = fork(PROCESS, [AGENT], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    execArgv: [],
    silent: true,
    ...LIMIT,
  });
  const send = (name: string, value: object) => child.connected && child.send({ case: name, value });
  // as the worker: a job that is asked nothing for 15 s takes itself for forgotten
  const asking = setInterval(() => send('pingRequest', { timestamp: Date.now() }), 2500);
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text) => (printed += text));
  let told: Told | undefined;
  child.on('message', ({ case: name, value }: { case: string; value: Told }) => {
    if (name === 'told') told = value;
    if (name === 'initializeResponse')
      send('startJobRequest', { runningJob: { job, url: 'ws://127.0.0.1:1', token: '', workerId: 'AW_real' } });
  });
  send('initializeRequest', { loggerOptions: { pretty: false, level: 'warn' }, sessionEndTimeout: 5000 });
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(asking);
  if (code !== 0 || told === undefined) throw new Error(`The job ended with ${code}, and said: ${printed}`);
  return { told, printed };
}
