import { type Clock, DreamClock, wallClock } from './clock.ts';
import type { Post } from './courier.ts';
import { type DeliveryProgress, deliver } from './deliver.ts';
import { httpPost } from './httpPost.ts';
import { lengthOf, type Pace } from './pace.ts';
import type { Plan } from './plan.ts';
import type { Rules } from './rules.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';
import { type ApiKey, webhookToken } from './webhookToken.ts';

export interface SimulationOptions {
  pace: Pace;
  weather: Weather;
  /** When the last call ends, epoch ms; at the end of the run where nothing is given. */
  until?: number;
  /** Requests at once; 64 where nothing is given. */
  connections?: number;
  rules?: Rules;
  onProgress?: (progress: DeliveryProgress) => void;
}

/** A run that is over: what was sent, when, and what became of it. */
export interface Simulation {
  plan: Plan;
  /** When the first call began, epoch ms. */
  begin: number;
  tally: Tally;
  /** How long it took, by the clock of the run. */
  seconds: number;
}

/** Sends the webhooks of simulated calls to a server, signed. */
export async function sendCalls(plan: Plan, url: URL, key: ApiKey, options: SimulationOptions): Promise<Simulation> {
  const { post, close } = httpPost(url, options.connections ?? CONNECTIONS);
  const sign = (body: string) => webhookToken(body, key, Date.now());
  try {
    return await run(plan, { clock: wallClock(), post, sign }, options);
  } finally {
    close();
  }
}

/** Hands over the bodies of the webhooks as a server would get them, at once. Until the same instant they are the same. */
export async function writeCalls(
  plan: Plan,
  write: (body: string) => void,
  options: SimulationOptions,
): Promise<Simulation> {
  const clock = new DreamClock();
  const post: Post = async (body) => {
    write(body);
    return { status: 200, retryAfter: null, took: null };
  };
  return clock.during(run(plan, { clock, post, sign: () => '' }, options));
}

const CONNECTIONS = 64;

interface Means {
  clock: Clock;
  post: Post;
  sign: (body: string) => string;
}

async function run(plan: Plan, means: Means, options: SimulationOptions): Promise<Simulation> {
  const begin = beginOf(plan, options);
  const tally = await deliver({ connections: CONNECTIONS, ...options, ...means, plan, begin });
  return { plan, begin, tally, seconds: means.clock.now() / 1000 };
}

/** No webhook may tell of what is yet to come: the last one is sent as it happens, and all others after what they tell of. */
function beginOf(plan: Plan, { pace: { speed }, until }: SimulationOptions): number {
  const last = until ?? Date.now() + (speed === undefined ? 0 : lengthOf(plan, { speed }));
  const grain = plan.mode === 'whole' ? 1000 : 1;
  return Math.floor((last - plan.span) / grain) * grain;
}
