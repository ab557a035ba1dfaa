import { z } from 'zod';
import { summariesSchema } from '../../../fleet/callSummary.ts';
import { route } from '../route.ts';
import { by, summaryParameters, summaryQueryOf } from '../summaryParameters.ts';

export const summary = route({
  path: '/v1/summary',
  name: 'summarizeCalls',
  summary: 'Many calls as one set of figures, or one per group',
  description:
    'Offered, answered and abandoned calls, service level, handle time, latencies, engagement, usage and more; each figure with its limits, the calls it rests on, and those left out. Percentiles are of pooled samples.',
  readers: 'readers of all',
  heavy: true,
  params: z.object({}),
  query: z.object({ ...summaryParameters, by }),
  answer: { name: 'Summaries', says: 'The figures, with the definitions they are by.', schema: summariesSchema() },
  problems: [],
  handle: ({ query: { by = [], ...query }, request: { signal } }, { evaluator }) =>
    evaluator.summarize({ ...summaryQueryOf(query), by }, { signal }),
});
