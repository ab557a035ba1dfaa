/** What `simulate` does; loaded only for it, since it needs much that no other command needs. */
import { CallEvaluatorError } from '../errors.ts';
import { type AskMetrics, type Assessment, assess } from '../simulate/assess.ts';
import { LineFile } from '../simulate/lineFile.ts';
import { whyUnreachable } from '../simulate/listening.ts';
import { metricsApi } from '../simulate/metricsApi.ts';
import type { Mix } from '../simulate/mix.ts';
import { callOf, makePlan, type Plan } from '../simulate/plan.ts';
import { reportOn } from '../simulate/report.ts';
import { reportText } from '../simulate/reportText.ts';
import { type Simulation, type SimulationOptions, sendCalls, writeCalls } from '../simulate/simulation.ts';
import { truthOf } from '../simulate/truth/truth.ts';
import { type ApiKey, apiKey } from '../simulate/webhookToken.ts';
import { EXIT } from './exit.ts';
import { type PageFormat, showPage } from './page.ts';
import { SendingProgress } from './sendingProgress.ts';

export interface SimulateOptions {
  calls: number;
  mix: Mix[];
  concurrent: number;
  speed?: number;
  rate?: number;
  seed?: number;
  until?: Date;
  loss: number;
  duplicate: number;
  disorder: number;
  delay: number;
  outage: number;
  connections: number;
  api?: URL;
  write?: string;
  format: PageFormat;
}

const USUAL_SPEED = 60;

export async function simulate(url: URL | undefined, options: SimulateOptions): Promise<void> {
  const { api, format, write } = options;
  if ((url === undefined) === (write === undefined))
    throw wrong(
      'Say where the webhooks go: to an address such as http://localhost:8787/webhook, or with --write into a file.',
    );
  if (write !== undefined && api !== undefined)
    throw wrong('--api asks a server of what it was sent, and --write sends nothing: leave one of them out.');
  const plan = makePlan({
    calls: options.calls,
    mixes: options.mix,
    concurrent: options.concurrent,
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 31),
  });
  if (write !== undefined) {
    await showPage(reportOn(await writeFiles(write, plan, options), null), format, reportText);
    return;
  }
  const ask = api && metricsApi(api, process.env.CALL_EVALUATOR_TOKEN);
  const simulation = await send(url!, plan, ask, options);
  if (simulation.tally.outcomes.delivered === 0) {
    await showPage(reportOn(simulation, null), format, reportText);
    throw wrong(whyNothing(simulation));
  }
  let truth: Assessment | null = null;
  try {
    if (ask) truth = await assess(simulation, ask);
  } finally {
    await showPage(reportOn(simulation, truth), format, reportText);
  }
  if (truth && isWrong(truth)) process.exitCode = EXIT.notThere;
}

async function send(url: URL, plan: Plan, ask: AskMetrics | undefined, options: SimulateOptions): Promise<Simulation> {
  const key = keyOf(process.env);
  const why = await whyUnreachable(url);
  if (why !== null) throw wrong(`Nothing listens at ${url} (${why}): start the server first, or check the address.`);
  // Also tells whether it can be asked at all, before the long work.
  if (ask && (await ask(callOf(plan, 0, 0).room.sid)) !== null)
    throw wrong(`The server knows the calls of --seed ${plan.seed} already: take another, or none.`);
  const progress = new SendingProgress();
  try {
    return await sendCalls(plan, url, key, { ...settings(options), onProgress: (done) => progress.show(done) });
  } finally {
    progress.clear();
  }
}

async function writeFiles(path: string, plan: Plan, options: SimulateOptions): Promise<Simulation> {
  const webhooks = new LineFile(path);
  const truths = new LineFile(`${path}.truth`);
  try {
    const simulation = await writeCalls(plan, (body) => webhooks.add(body), settings(options));
    for (const index of plan.calls.keys()) {
      const call = callOf(plan, index, simulation.begin);
      truths.add(JSON.stringify({ roomSid: call.room.sid, scenario: call.scenario, ...truthOf(call) }));
    }
    return simulation;
  } finally {
    webhooks.close();
    truths.close();
  }
}

function settings({ rate, speed, until, ...options }: SimulateOptions): SimulationOptions {
  return {
    pace: { rate, speed: speed ?? (rate === undefined ? USUAL_SPEED : undefined) },
    weather: {
      loss: options.loss,
      duplicate: options.duplicate,
      disorder: options.disorder,
      delay: options.delay * 1000,
      outage: options.outage * 1000,
    },
    until: until?.getTime(),
    connections: options.connections,
  };
}

function keyOf({ LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret }: NodeJS.ProcessEnv): ApiKey {
  if (!key || !secret)
    throw wrong(
      'Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair that the server has: webhooks are signed with it.',
    );
  return apiKey(key, secret);
}

function whyNothing({ tally }: Simulation): string {
  const answers = [...tally.answers.keys()];
  if (answers.length === 0) return 'No webhook was sent: all were lost on the way. Take a smaller --loss.';
  if (tally.answers.has('401'))
    return 'The server took no webhook, and answered 401: are LIVEKIT_API_KEY and LIVEKIT_API_SECRET a pair that it has?';
  return `The server took no webhook (${answers.join(', ')}): check the address, and look at its log.`;
}

const isWrong = ({ calls, metrics }: Assessment): boolean =>
  calls.unknown > 0 || metrics.some(({ outside }) => outside > 0);

const wrong = (message: string) => new CallEvaluatorError('bad_option', message);
