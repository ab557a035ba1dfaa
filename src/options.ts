/** The options of CallEvaluator: one place, with visible defaults, that names a misspelt one and the nearest right one. */
import { z } from 'zod';
import { checked, wrongOption } from './badOption.ts';
import type { Identified, Role } from './call/resolved.ts';
import { sha256 } from './digest.ts';
import { matchesGlob } from './glob.ts';
import { guarded, guardedClock } from './guarded.ts';
import type { CustomMetric, Measuring } from './metrics/measure.ts';
import type { Price } from './metrics/prices.ts';
import { USAGE_KINDS } from './telemetry/facts.ts';
import { EVENT_TYPES, type EventType } from './webhook/event.ts';
import { writtenInstant } from './writtenInstant.ts';

const seconds = z.number().nonnegative().max(1e9);
const weight = z.number().nonnegative();
const aFunction = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function');
const ROLES: readonly unknown[] = ['human', 'agent', 'service'] satisfies Role[];

const rate = z.number().nonnegative().optional();
const price = z.strictObject({
  kind: z.enum(USAGE_KINDS).optional(),
  provider: z.string().optional(),
  model: z.string().min(1),
  from: z
    .string()
    .refine((text) => !Number.isNaN(writtenInstant(text)))
    .optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  inputTokens: rate,
  cachedInputTokens: rate,
  outputTokens: rate,
  characters: rate,
  audioMinutes: rate,
  requests: rate,
});

const metricOptions = {
  staleAfter: seconds.default(86_400),
  noShowAfter: seconds.default(20),
  leftFirstGrace: seconds.default(2),
  agentExpected: z
    .union([z.boolean(), z.string().min(1), z.instanceof(RegExp), aFunction])
    .nullable()
    .default(null),
  classify: aFunction.optional(),
  engagementWeights: z
    .strictObject({
      presence: weight.default(0.5),
      voice: weight.default(0.3),
      visual: weight.default(0.1),
      continuity: weight.default(0.1),
    })
    .prefault({}),
  neverSent: z.array(z.enum(EVENT_TYPES)).default([]),
  phoneNumbers: z.enum(['masked', 'plain']).default('masked'),
  prices: z.array(price).default([]),
  metrics: z
    .array(
      z.object({ id: z.string().regex(/^[\w-]+$/), unit: z.string(), description: z.string(), compute: aFunction }),
    )
    .default([]),
};
const schema = z.strictObject({
  ...metricOptions,
  database: z
    .string()
    .regex(/^[^\0]+$/)
    .default(':memory:'),
  liveRooms: z.int().positive().default(10_000),
  largestRoom: z.int().positive().default(300_000),
  conversationText: z.boolean().default(false),
  clock: aFunction.optional(),
});

interface Room {
  sid: string;
  name: string | null;
}

/** How calls are measured. All durations in seconds. */
export interface MetricOptions {
  /** A room without room_finished of which nothing was heard for so long is `expired`. Default 86400. */
  staleAfter?: number;
  /** `agent.noShow`: humans waited longer than this for an agent that never came. Default 20. */
  noShowAfter?: number;
  /** `agent.leftFirst`: a human left alone by the last agent for longer than this. Default 2. */
  leftFirstGrace?: number;
  /**
   * Whether an agent is expected: for all calls, by room name (a pattern with `*`, or a RegExp), or by a function;
   * undefined leaves it to who came.
   */
  agentExpected?: boolean | string | RegExp | ((room: Room) => boolean | undefined) | null;
  /** Who is human, agent or service; undefined leaves it to LiveKit's kinds. */
  classify?: (who: Identified) => Role | undefined;
  /** Weights of the engagement score; they add up to 1. */
  engagementWeights?: { presence?: number; voice?: number; visual?: number; continuity?: number };
  /** Event types that your LiveKit's webhook filter holds back: their absence is then no loss. */
  neverSent?: readonly (EventType | (string & {}))[];
  /** Phone numbers in metrics: all but the last two digits `masked` (default), or `plain`. */
  phoneNumbers?: 'masked' | 'plain';
  /** What models cost, for `usage[].cost`: by the price that is valid when a call starts. */
  prices?: readonly Price[];
  /** Metrics of your own; each is found under `custom.<id>`. */
  metrics?: readonly CustomMetric[];
}

export interface CallEvaluatorOptions extends MetricOptions {
  /** SQLite file of the history. Default ':memory:'. */
  database?: string;
  /** How many rooms' machines are kept in memory; beyond, the least recently used is folded anew when asked for. Default 10000. */
  liveRooms?: number;
  /** Events that are taken of one room, more are quarantined: a call has to fit into memory. 300,000 take 2.5 GB at worst. Default 300000. */
  largestRoom?: number;
  /** Keeps the words of conversations that agents upload. Default false: they are taken out before anything is stored. */
  conversationText?: boolean;
  /** Epoch ms; the one clock of everything that depends on now. Default Date.now. */
  clock?: () => number;
}

/** @throws CallEvaluatorError `bad_option`, naming the option and, where it is misspelt, the nearest right one. */
export function parseOptions(options: CallEvaluatorOptions): {
  database: string;
  liveRooms: number;
  largestRoom: number;
  conversationText: boolean;
  clock: () => number;
  measuring: Measuring;
} {
  const { database, liveRooms, largestRoom, conversationText, clock, ...metric } = checked(options, {
    schema,
    example: ['database', 'calls.db'],
  });
  assertWeights(metric.engagementWeights);
  assertIds(metric.metrics);
  return {
    database,
    liveRooms,
    largestRoom,
    conversationText,
    clock: clock ? guardedClock(clock) : Date.now,
    measuring: measuringOf(metric),
  };
}

function assertWeights({ presence, voice, visual, continuity }: Measuring['engagementWeights']): void {
  const sum = presence + voice + visual + continuity;
  if (Math.abs(sum - 1) > 1e-9)
    throw wrongOption(['engagementWeights'], `weights that add up to ${Number(sum.toPrecision(12))}`);
}

function assertIds(metrics: readonly { id: string }[]): void {
  const ids = new Set<string>();
  for (const [i, { id }] of metrics.entries()) {
    if (ids.has(id)) throw wrongOption(['metrics', i, 'id'], `'${id}' a second time`);
    if (id in {}) throw wrongOption(['metrics', i, 'id'], `'${id}'`);
    ids.add(id);
  }
}

function measuringOf({
  agentExpected,
  classify,
  metrics,
  ...plain
}: z.infer<z.ZodObject<typeof metricOptions>>): Measuring {
  const custom = metrics as unknown as CustomMetric[];
  return {
    ...plain,
    agentExpected: expectation(agentExpected),
    classify: classify && guarded(classify as NonNullable<MetricOptions['classify']>, classifying),
    custom,
    // functions are told apart by their text: the best that can be said of them
    configHash: sha256(
      JSON.stringify([
        plain,
        String(agentExpected),
        String(classify),
        custom.map(({ id, compute }) => [id, String(compute)]),
      ]),
    ).slice(0, 16),
    digest: sha256,
  };
}

const classifying = {
  option: 'classify',
  expected: "'human', 'agent', 'service', or undefined where LiveKit's kind shall decide",
  isAnswer: (answer: unknown): answer is Role => ROLES.includes(answer),
};
const expecting = {
  option: 'agentExpected',
  expected: 'true, false, or undefined where who came shall decide',
  isAnswer: (answer: unknown): answer is boolean => typeof answer === 'boolean',
};

function expectation(option: z.infer<(typeof metricOptions)['agentExpected']>): Measuring['agentExpected'] {
  if (option === null) return null;
  if (typeof option === 'boolean') return () => option;
  if (typeof option === 'string') return ({ name }) => name !== null && matchesGlob(option, name);
  if (typeof option === 'function') return guarded(option as (room: Room) => unknown, expecting);
  const pattern = new RegExp(option.source, option.flags.replace(/[gy]/g, '')); // one that remembers nothing
  return ({ name }) => name !== null && pattern.test(name);
}
