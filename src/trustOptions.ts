/** What a trust report is asked for, checked. */
import { z } from 'zod';
import { type Instant, instant } from './arguments.ts';
import { checked } from './badOption.ts';
import type { Loss } from './fleet/trust/loss.ts';
import { instantSchema } from './methodOptions.ts';

export interface TrustOptions {
  /** Calls whose first sign lies at this instant or later. */
  since?: Instant;
  /** Calls whose first sign lies before this instant. */
  until?: Instant;
  /** A pattern of room names; `*` stands for anything. */
  room?: string;
  /** A pattern of the identity or name of one of the call's agents. */
  agent?: string;
  /** One call alone, as a defect names it. */
  roomSid?: string;
  /** At most so many calls, drawn from all of the period. Default 200. */
  calls?: number;
  /** Shares of webhooks that are lost, 0..1. Default 0.01, 0.05 and 0.1, where no `outage` is given. */
  loss?: readonly number[];
  /** Stretches, in seconds, of which every webhook is lost; each lies somewhere over the call. */
  outage?: readonly number[];
  /** How often each call loses events by each of these. Default 20. */
  runs?: number;
  /** What is drawn follows from it: run r is that of seed + r. Default 1. */
  seed?: number;
}

const schema = z.strictObject({
  since: instantSchema,
  until: instantSchema,
  room: z.string().optional(),
  agent: z.string().optional(),
  roomSid: z.string().min(1).optional(),
  calls: z.int().min(1).max(1_000_000).default(200),
  loss: z.array(z.number().min(0).max(1)).optional(),
  outage: z.array(z.number().positive().max(1e9)).default([]),
  runs: z.int().min(1).max(100_000).default(20),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});

const USUAL_LOSS = [0.01, 0.05, 0.1];

export interface TrustQuestion
  extends Pick<z.output<typeof schema>, 'room' | 'agent' | 'roomSid' | 'calls' | 'runs' | 'seed'> {
  since: number | undefined;
  until: number | undefined;
  losses: Loss[];
}

/** @throws CallEvaluatorError `bad_option` */
export function trustQuestion(options: TrustOptions): TrustQuestion {
  const { since, until, loss, outage, ...rest } = checked(options, { schema, example: ['since', '2026-01-01'] });
  const shares = loss ?? (outage.length > 0 ? [] : USUAL_LOSS);
  return {
    ...rest,
    since: instant(since),
    until: instant(until),
    losses: [...shares.map((share) => ({ share })), ...outage.map((seconds) => ({ outage: seconds }))],
  };
}
