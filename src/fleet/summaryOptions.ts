/** What may be set of a summary; all of it is printed with the numbers. Durations in seconds, instants in epoch ms. */
import { z } from 'zod';
import { GROUPINGS, isGrouping } from './grouping.ts';

const seconds = z.number().min(0).max(1e9);

/** What the calls within the threshold are a share of. */
export const SERVICE_LEVEL_DENOMINATORS = ['answeredOrAbandonedLate', 'offered', 'answered'] as const;

export const summaryOptionsSchema = z.strictObject({
  from: z.number().optional().describe('calls that started at this instant or later, epoch ms'),
  until: z.number().optional().describe('calls that started before this instant, epoch ms'),
  by: z
    .array(z.string().refine(isGrouping, `one of ${GROUPINGS.join(', ')}, or metadata.<key>`))
    .max(8)
    .refine((by) => new Set(by).size === by.length, 'each once')
    .default([])
    .describe(`what calls are grouped by, one or several at once: ${GROUPINGS.join(', ')}, or metadata.<key>`),
  timeZone: z.string().default('UTC').describe('an IANA name: where hours, days, weeks and months begin'),
  serviceLevel: z
    .strictObject({
      threshold: seconds.default(20).describe('s'),
      target: z.number().min(0).max(1).default(0.8),
      denominator: z
        .enum(SERVICE_LEVEL_DENOMINATORS)
        .default('answeredOrAbandonedLate')
        .describe('answeredOrAbandonedLate: Genesys, who gave up within the threshold is left out'),
    })
    .prefault({}),
  shortAbandon: seconds.default(0).describe('s: who gave up within it is left out of abandonment and service level'),
  containment: z
    .strictObject({
      minDuration: seconds.default(0).describe('s: calls with less time together are left out'),
      secondHuman: z.boolean().default(true).describe('a second human who came is an escalation'),
      escalationTags: z
        .array(z.string())
        .default(['escalated', 'transferred'])
        .describe('a call with one is escalated'),
    })
    .prefault({}),
  maxGroups: z.int().min(1).max(100_000).default(1_000).describe('beyond, calls are summed up as `others`'),
  emptyPeriods: z.boolean().default(true).describe('by one unit of time alone: periods without a call are shown too'),
  exactUpTo: z.int().min(0).max(1_000_000).default(10_000).describe('samples of one distribution; beyond, a sketch'),
});
export type SummaryOptions = z.input<typeof summaryOptionsSchema>;
export type SummarySettings = z.output<typeof summaryOptionsSchema>;
