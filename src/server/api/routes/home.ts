import { z } from 'zod';
import { route } from '../route.ts';

export const home = route({
  path: '/',
  name: 'home',
  summary: 'What there is',
  readers: 'anybody',
  params: z.object({}),
  query: z.object({}),
  answer: {
    name: 'Index',
    says: 'The routes.',
    schema: z.object({
      name: z.literal('call-evaluator'),
      routes: z.array(z.object({ path: z.string(), summary: z.string(), readers: z.string() })),
    }),
  },
  problems: [],
  handle: async (_, { routes }) => ({
    name: 'call-evaluator' as const,
    routes: routes.map(({ path, summary, readers }) => ({ path, summary, readers })),
  }),
});
