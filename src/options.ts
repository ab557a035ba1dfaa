/** The options of CallEvaluator: one place, with visible defaults, that names a misspelt one and the nearest right one. */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Identified, Role } from './call/resolved.ts';
import { sha256 } from './digest.ts';
import { CallEvaluatorError } from './errors.ts';
import type { CustomMetric, Measuring } from './metrics/measure.ts';
import { EVENT_TYPES, type EventType } from './webhook/event.ts';

const seconds = z.number().nonnegative().max(1e9);
const aFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);

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
      presence: z.number().nonnegative().default(0.5),
      voice: z.number().nonnegative().default(0.3),
      visual: z.number().nonnegative().default(0.1),
      continuity: z.number().nonnegative().default(0.1),
    })
    .refine(
      (w) => Math.abs(w.presence + w.voice + w.visual + w.continuity - 1) < 1e-9,
      'the four weights must add up to 1',
    )
    .default({ presence: 0.5, voice: 0.3, visual: 0.1, continuity: 0.1 }),
  neverSent: z.array(z.enum(EVENT_TYPES)).default([]),
  phoneNumbers: z.enum(['masked', 'plain']).default('masked'),
  metrics: z
    .array(
      z.object({ id: z.string().regex(/^[\w-]+$/), unit: z.string(), description: z.string(), compute: aFunction }),
    )
    .default([]),
};
const schema = z.strictObject({
  ...metricOptions,
  database: z.string().min(1).default(':memory:'),
  liveRooms: z.int().positive().default(10_000),
  clock: aFunction.optional(),
});

/** How calls are measured. All durations in seconds. */
export interface MetricOptions {
  /** A room without room_finished of which nothing was heard for so long is `expired`. Default 86400. */
  staleAfter?: number;
  /** `agent.noShow`: humans waited longer than this for an agent that never came. Default 20. */
  noShowAfter?: number;
  /** `agent.leftFirst`: a human left alone by the last agent for longer than this. Default 2. */
  leftFirstGrace?: number;
  /** Whether an agent is expected: for all calls, by room name (a pattern with `*`, or a RegExp), or by a function. */
  agentExpected?: boolean | string | RegExp | ((room: { sid: string; name: string | null }) => boolean) | null;
  /** Who is human, agent or service; undefined leaves it to LiveKit's kinds. */
  classify?: (who: Identified) => Role | undefined;
  /** Weights of the engagement score; they add up to 1. */
  engagementWeights?: { presence?: number; voice?: number; visual?: number; continuity?: number };
  /** Event types that your LiveKit's webhook filter holds back: their absence is then no loss. */
  neverSent?: readonly (EventType | (string & {}))[];
  /** Phone numbers in metrics: all but the last two digits `masked` (default), or `plain`. */
  phoneNumbers?: 'masked' | 'plain';
  /** Metrics of your own; each is found under `custom.<id>`. */
  metrics?: readonly CustomMetric[];
}

export interface CallEvaluatorOptions extends MetricOptions {
  /** SQLite file of the history. Default ':memory:'. */
  database?: string;
  /** How many rooms' machines are kept in memory; beyond, the least recently used is folded anew when asked for. Default 10000. */
  liveRooms?: number;
  /** Epoch ms; the one clock of everything that depends on now. Default Date.now. */
  clock?: () => number;
}

/** @throws CallEvaluatorError `bad_option`, naming the option and, where it is misspelt, the nearest right one. */
export function parseOptions(options: CallEvaluatorOptions): {
  database: string;
  liveRooms: number;
  clock: () => number;
  measuring: Measuring;
} {
  const found = schema.safeParse(options);
  if (!found.success) throw badOption(found.error.issues[0]!, Object.keys(schema.shape));
  const { database, liveRooms, clock, ...metric } = found.data;
  return {
    database,
    liveRooms,
    clock: (clock as (() => number) | undefined) ?? Date.now,
    measuring: measuringOf(metric),
  };
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
    classify: classify as Measuring['classify'],
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

function expectation(option: unknown): Measuring['agentExpected'] {
  if (option === null || option === undefined) return null;
  if (typeof option === 'boolean') return () => option;
  if (typeof option === 'function') return (room) => Boolean(option(room));
  const pattern =
    option instanceof RegExp ? new RegExp(option.source, option.flags.replace(/[gy]/g, '')) : globbed(String(option));
  return ({ name }) => name !== null && pattern.test(name);
}

/** `*` stands for anything; all else for itself. */
function globbed(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

function badOption(issue: z.core.$ZodIssue, known: readonly string[]): CallEvaluatorError {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const candidates = path === '' ? known : ['presence', 'voice', 'visual', 'continuity'];
    return new CallEvaluatorError(
      'bad_option',
      `Unknown option ${path ? `${path}.` : ''}${key}. Did you mean ${closest(key, [...candidates])}?`,
    );
  }
  return new CallEvaluatorError('bad_option', `Option ${path || '(options)'}: ${issue.message}.`);
}
