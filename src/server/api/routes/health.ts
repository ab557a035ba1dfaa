import { z } from 'zod';
import { route } from '../route.ts';

export const health = route({
  path: '/healthz',
  name: 'health',
  summary: 'The process is up',
  readers: 'anybody',
  params: z.object({}),
  query: z.object({}),
  answer: { name: 'Health', says: 'It is.', schema: z.object({ status: z.literal('up') }) },
  problems: [],
  handle: async () => ({ status: 'up' as const }),
});
