import type { Clock } from './clock.ts';
import { Courier, type Post } from './courier.ts';
import { lengthOf, type Pace, paced } from './pace.ts';
import { letters, type Plan } from './plan.ts';
import { LIVEKIT, type Rules } from './rules.ts';
import { Tally } from './tally.ts';
import { fates, outageIn, type Weather } from './weather.ts';

export interface DeliveryOptions {
  plan: Plan;
  /** When the first call begins, epoch ms. */
  begin: number;
  pace: Pace;
  weather: Weather;
  clock: Clock;
  post: Post;
  sign: (body: string) => string;
  connections: number;
  rules?: Rules;
  onProgress?: (progress: DeliveryProgress) => void;
}

export interface DeliveryProgress {
  webhooks: number;
  /** Handed to LiveKit's queues so far. */
  queued: number;
  /** Of those, the ones that wait or are under way. */
  waiting: number;
}

/** So many that are due are sent before anything else gets its turn. */
const AT_A_TIME = 64;

/** Sends the webhooks of a plan as LiveKit would, through this weather, each when it is due. */
export async function deliver(options: DeliveryOptions): Promise<Tally> {
  const { plan, begin, pace, weather, clock, post, sign, connections, rules = LIVEKIT, onProgress } = options;
  const ledger = new Tally();
  const outage = outageIn(lengthOf(plan, pace), weather, plan.seed);
  const courier = new Courier({ clock, post, sign, rules, connections, outage, ledger });
  const due = paced(pace, begin);
  const nextFate = fates(weather, plan.seed);
  let queued = 0;
  for (const letter of letters(plan, begin)) {
    const dueAt = due(letter.at);
    const wait = dueAt - clock.now();
    if (wait >= 1 || queued % AT_A_TIME === 0) await clock.sleep(Math.max(0, wait));
    ledger.sentLate(clock.now() - dueAt);
    courier.hand(letter, nextFate());
    queued++;
    onProgress?.({ webhooks: plan.webhooks, queued, waiting: courier.underWay });
  }
  await courier.idle();
  return ledger;
}
