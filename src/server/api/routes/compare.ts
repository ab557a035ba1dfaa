import { z } from 'zod';
import { comparisonSchema } from '../../../fleet/compare/comparison.ts';
import { callFilter, period } from '../callFilter.ts';
import { route } from '../route.ts';
import { summaryParameters, summaryQueryOf } from '../summaryParameters.ts';

/** A filter of one side alone. */
const side = (name: string) =>
  z
    .object({ ...period('whose start'), ...callFilter })
    .optional()
    .describe(`${name}[filter]=value: which calls, such as ${name}[agent]=nova-1; metadata is ${name}[metadata][key]`);

const { tz: _, ...parameters } = summaryParameters;

export const compare = route({
  path: '/v1/compare',
  name: 'compareCalls',
  summary: 'Two choices of calls side by side: is it more than noise',
  description:
    'Two periods, agents or versions of one, by any filter of calls: baseline[agent]=nova-1&candidate[agent]=nova-2. Filters beside these hold for both. Each figure with the difference, the interval in which chance leaves it, and whether it is more than chance and lost events could make; all figures are judged at once.',
  readers: 'readers of all',
  heavy: true,
  params: z.object({}),
  query: z.object({
    baseline: side('baseline'),
    candidate: side('candidate'),
    figures: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(200)
      .optional()
      .describe('with commas: paths of figures, or patterns such as joinLatency.*; the main ones'),
    ...parameters,
  }),
  answer: { name: 'Comparison', says: 'Both sides, and every figure of them.', schema: comparisonSchema },
  problems: [],
  handle: ({ query: { baseline = {}, candidate = {}, figures, ...query }, request: { signal } }, { evaluator }) =>
    evaluator.compare({ ...summaryQueryOf(query), baseline, candidate, ...(figures && { figures }) }, { signal }),
});
