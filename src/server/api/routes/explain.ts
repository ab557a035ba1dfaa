import { z } from 'zod';
import { evidenceSchema } from '../../../metrics/callMetrics.ts';
import { oneCall } from '../oneCall.ts';

const explanationSchema = z.object({
  path: z.string(),
  value: z.unknown().describe('null where it cannot be known'),
  metric: z.string().nullable().describe('the metric that it is or belongs to; null for a group'),
  unit: z.string(),
  formula: z.string(),
  nullWhen: z.string(),
  source: z.string(),
  needs: z.array(z.string()).readonly().describe('event types without which it is inferred or unknown'),
  bounds: evidenceSchema.shape.bounds.valueType.nullable(),
  uncertain: z.boolean().describe('a lost event could turn it'),
  events: z
    .array(z.object({ id: z.string(), at: z.iso.datetime(), tells: z.enum(['start', 'end', 'telemetry']) }))
    .describe('the events that decided it; the first hundred'),
  eventCount: z.int(),
  missing: evidenceSchema.shape.gaps.describe('what was missing, and what stood in for it; the first hundred'),
  missingCount: z.int(),
});

export const explain = oneCall({
  below: '/explain',
  name: 'explain',
  summary: 'Why a value is what it is: its formula, the events that decided it, and what was missing',
  query: z.object({
    path: z
      .string()
      .min(1)
      .describe('of the value, such as callDuration or participants.list[identity=ana].presentSeconds'),
  }),
  answer: { name: 'Explanation', says: 'The explanation.', schema: explanationSchema },
  problems: ['unknown-path'],
  ask: (evaluator, roomSid, { path }) => evaluator.explain(roomSid, path),
});
