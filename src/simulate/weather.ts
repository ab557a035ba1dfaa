/** What happens to webhooks on their way from LiveKit to the server that is tried, beside what that server does itself. */
import { type Random, seeded } from '../random.ts';

export interface Weather {
  /** Share of webhooks that never arrive, as when LiveKit is restarted with them in its memory. */
  loss: number;
  /** Share of webhooks whose first answer gets lost: LiveKit asks again, with the same bytes. */
  duplicate: number;
  /** Share of webhooks that are overtaken by later ones, as from another node of LiveKit. */
  disorder: number;
  /** Each request takes up to so many ms to arrive. */
  delay: number;
  /** For so many ms, once, no request arrives. */
  outage: number;
}

export const FAIR: Weather = { loss: 0, duplicate: 0, disorder: 0, delay: 0, outage: 0 };

/** What happens to one webhook. */
export interface Fate {
  lost: boolean;
  answerLost: boolean;
  /** ms that a request takes to arrive */
  delay: number;
  /** ms that it is held back; 0: it stays in the order of its queue */
  late: number;
}

/** Later than any retry of those beside it, but the last. */
const LATEST_MS = 5000;

/** The fates of webhooks, in turn. Another share of one thing changes nothing else. */
export function fates({ loss, duplicate, disorder, delay }: Weather, seed: number): () => Fate {
  const random = seeded(seed ^ 0xfa7e);
  return () => ({
    lost: random.chance(loss),
    answerLost: random.chance(duplicate),
    delay: Math.floor(random.next() * delay),
    late: lateBy(random, disorder),
  });
}

function lateBy(random: Random, share: number): number {
  const held = random.chance(share);
  const by = random.int(1, LATEST_MS);
  return held ? by : 0;
}

/** A span of ms in which nothing arrives. */
export interface Outage {
  from: number;
  to: number;
}

/** Somewhere in the first half of a run of that length, in ms: what follows tells whether all comes right again. */
export function outageIn(length: number, { outage }: Weather, seed: number): Outage | null {
  if (outage === 0) return null;
  const from = Math.floor(length * (0.1 + 0.4 * seeded(seed ^ 0x0ff).next()));
  return { from, to: from + outage };
}
