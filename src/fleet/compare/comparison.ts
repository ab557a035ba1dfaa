/** What a comparison says: its types, and their schemas. */
import { z } from 'zod';
import { numberSchema } from '../../metrics/metric.ts';
import { summaryOptionsSchema } from '../summaryOptions.ts';
import { LIMITS, OUTCOMES } from './budget.ts';

export const VERDICTS = ['better', 'worse', 'changed', 'same', 'unknown'] as const;
/** Why nothing can be said. */
export const DOUBTS = {
  bounds: 'the limits of the figures themselves could make it, or hide it: events were lost, or not all is told',
  tooFew: 'chance could make it: there are too few calls to tell',
  noValue: 'no call of one side tells it',
} as const;

const limit = z.number().nullable();
const pair = (says: string) => z.tuple([limit, limit]).nullable().describe(says);

const sideValueSchema = z.object({
  value: limit.describe('null: no call tells it'),
  low: limit.describe('the truth is no less, by the bounds of the calls themselves; null: no limit known'),
  high: limit.describe('the truth is no more; null: no limit known'),
  n: numberSchema('n').describe('calls it rests on'),
});

export const comparedFigureSchema = z.object({
  path: z.string().describe('as in a summary: responseLatency.p95, endReasons.agent_no_show'),
  unit: z.enum(['s', 'share', 'score', 'n', 'min', 'money']),
  perCall: z.boolean().describe('sums and counts of calls are compared per call, since there are seldom equally many'),
  better: z.enum(['lower', 'higher']).nullable().describe('null: neither'),
  baseline: sideValueSchema,
  candidate: sideValueSchema,
  difference: limit.describe('candidate less baseline'),
  relative: limit.describe('difference / baseline; null where that is 0'),
  interval: pair(
    'of the difference, 95 %, of this figure by itself: where chance leaves it; an end of null: no limit. null: too few calls, or a volume',
  ),
  range: pair('of the difference, by the bounds of the calls: where lost events leave it; an end of null: no limit'),
  chance: limit.describe('how often chance alone makes so large a difference, of this figure by itself (p)'),
  verdict: z
    .enum(VERDICTS)
    .nullable()
    .describe(
      'with all figures of the comparison judged at once (Holm): in 95 of 100 comparisons of calls that do not differ none is called better, worse or changed (no way is better). same: no difference beyond noise, which is not "equal": see interval. null: a volume, which is not judged',
    ),
  doubt: z
    .enum(Object.keys(DOUBTS) as [Doubt, ...Doubt[]])
    .nullable()
    .describe(
      `why it is unknown: ${Object.entries(DOUBTS)
        .map(([doubt, says]) => `${doubt}: ${says}`)
        .join('; ')}`,
    ),
});
type Doubt = keyof typeof DOUBTS;
export type ComparedFigure = z.infer<typeof comparedFigureSchema>;

export const budgetLineSchema = z.object({
  path: z.string(),
  unit: comparedFigureSchema.shape.unit,
  perCall: z.boolean(),
  limit: z.enum(LIMITS),
  allowed: z.number(),
  found: limit.describe('the candidate’s value, or by how much it is more than the baseline’s; in per cent of that'),
  low: limit.describe(
    'where lost events leave what was found, and of a difference chance as well (95 % for all limits of the budget together); null: no limit',
  ),
  high: limit,
  outcome: z.enum(OUTCOMES).describe('broken: all between low and high is beyond the limit; kept: none of it is'),
  doubt: comparedFigureSchema.shape.doubt,
});
export type BudgetLine = z.infer<typeof budgetLineSchema>;

const { serviceLevel, shortAbandon, containment } = summaryOptionsSchema.shape;

const sideSchema = z.object({
  asked: z.record(z.string(), z.unknown()).describe('which calls these are'),
  from: z.iso.datetime({ precision: 3 }).nullable(),
  until: z.iso.datetime({ precision: 3 }).nullable(),
  calls: numberSchema('n'),
  complete: numberSchema('share').nullable().describe('share of these with a completeness of 1'),
});

export const comparisonSchema = z.object({
  definitions: z.object({
    serviceLevel,
    shortAbandon,
    containment,
    confidence: z.number(),
    judged: z.int().describe('figures that were judged at once'),
    small: z.int().describe('of fewer calls or samples no figure is called the same'),
  }),
  baseline: sideSchema,
  candidate: sideSchema,
  figures: z.array(comparedFigureSchema),
  budget: z.array(budgetLineSchema).nullable().describe('null: there was none'),
});
export type Comparison = z.output<typeof comparisonSchema>;
