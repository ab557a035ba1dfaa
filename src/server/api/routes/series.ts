import { z } from 'zod';
import { seriesSchema } from '../../../fleet/series.ts';
import { callFilter, period } from '../callFilter.ts';
import { route } from '../route.ts';

export const series = route({
  path: '/v1/series',
  name: 'getSeries',
  summary: 'Calls as a series: of one room, of rooms of like names, or of one who keeps coming',
  description:
    'Who came, who is new and who returns, whether attendance grows or it is noise, and after which share of calls somebody came again soon. A human is known by identity; on the telephone by the number, which is not shown for it.',
  readers: 'readers of all',
  heavy: true,
  params: z.object({}),
  query: z.object({
    ...period('whose start'),
    ...callFilter,
    identity: z
      .string()
      .min(1)
      .optional()
      .describe('a pattern of the identity of a human who came; who of them returns'),
    recontactWithin: z
      .number()
      .positive()
      .max(8784)
      .default(24)
      .describe('hours within which one who joins another call has come again, above 0 and up to 8784'),
    limit: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe('rows of so many calls, the latest, 1 to 10000; all are in the figures'),
  }),
  answer: { name: 'Series', says: 'A row a call, and the figures of all.', schema: seriesSchema },
  problems: [],
  handle: ({ query, request: { signal } }, { evaluator }) => evaluator.getSeries(query, { signal }),
});
