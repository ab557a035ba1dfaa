/** What agents' models used, by their own telemetry. */
import { z } from 'zod';
import { USAGE_KINDS, type Usage } from '../telemetry/facts.ts';
import { LARGEST_AMOUNT } from '../telemetry/read.ts';
import { numberSchema, value } from './metric.ts';
import { costOf, type Price, priceOf } from './prices.ts';
import { round } from './round.ts';
import type { Scene } from './scene.ts';

const COUNTS = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'audioSeconds', 'characters', 'requests'] as const;
const unitOf = (count: (typeof COUNTS)[number]) => (count === 'audioSeconds' ? 's' : 'n');

const count = numberSchema('n').nullable();
const usageSchema = z.object({
  kind: z.enum(USAGE_KINDS),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  audioSeconds: numberSchema('s').nullable(),
  characters: count,
  requests: count,
  cost: z
    .number()
    .nonnegative()
    .nullable()
    .describe('by the price (option `prices`) that was valid when the call started; null: none was'),
  currency: z.string().nullable().describe('of the cost'),
});
type Used = z.infer<typeof usageSchema>;

/**
 * Sums over all jobs, by kind, provider and model. What is told without a job is taken for what a job tells too, where one
 * tells of the same model.
 */
function usageIn({ resolved, options }: Scene): Used[] | null {
  const told = [...resolved.call.talks.values()].flatMap(({ jobId, usage }) =>
    [...usage.values()].map((used) => ({ jobId, ...used })),
  );
  if (told.length === 0) return null;
  const models = Map.groupBy(told, ({ kind, provider, model }) => JSON.stringify([kind, provider, model]));
  return [...models]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, same]) => {
      const ofJobs = same.filter(({ jobId }) => jobId !== '');
      return priced(summed(ofJobs.length > 0 ? ofJobs : same), options.prices, resolved.room.start.at);
    });
}

function priced(used: Used, prices: readonly Price[], at: number): Used {
  const price = prices.length > 0 ? priceOf(prices, used as Usage, at) : null;
  const cost = price && costOf(price, used as Usage);
  return cost === null ? used : { ...used, cost: round(cost, 'money'), currency: price!.currency };
}

function summed(same: readonly Usage[]): Used {
  const [{ kind, provider, model }] = same as [Usage];
  const sum = (of: (typeof COUNTS)[number]) => {
    const values = same.flatMap((one) => one[of] ?? []).filter((value) => value >= 0 && value < LARGEST_AMOUNT);
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.length > 0 ? round(total, unitOf(of)) : null;
  };
  return {
    kind,
    provider,
    model,
    inputTokens: sum('inputTokens'),
    cachedInputTokens: sum('cachedInputTokens'),
    outputTokens: sum('outputTokens'),
    audioSeconds: sum('audioSeconds'),
    characters: sum('characters'),
    requests: sum('requests'),
    cost: null,
    currency: null,
  };
}

export const USAGE_METRICS = [
  value({
    path: 'usage',
    toldByUploads: true,
    unit: 'list',
    formula:
      'By kind (llm, stt, tts, realtime), provider and model, summed over jobs: tokens, seconds of audio, characters, requests; what was not told is null.',
    nullWhen: 'no telemetry, or none that tells of usage',
    needs: [],
    source: 'LiveKit Agents (session usage)',
    schema: z.array(usageSchema).nullable(),
    compute: usageIn,
  }),
] as const;
