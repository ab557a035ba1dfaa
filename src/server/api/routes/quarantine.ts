import { z } from 'zod';
import { quarantinedSchema, shownQuarantined } from '../quarantined.ts';
import { route } from '../route.ts';

export const quarantine = route({
  path: '/v1/quarantine',
  name: 'listQuarantined',
  summary: 'What could not be understood, as it came, and why; oldest first',
  readers: 'readers of all',
  params: z.object({}),
  query: z.object({
    limit: z.int().min(1).max(100).default(20).describe('a whole number from 1 to 100'),
    after: z.int().nonnegative().default(0).describe('next of the page before'),
  }),
  answer: {
    name: 'QuarantinePage',
    says: 'The payloads.',
    schema: z.object({
      entries: z.array(quarantinedSchema),
      next: z.int().nullable().describe('after of the next page; null: this is the last'),
    }),
  },
  problems: [],
  async handle({ query: { limit, after } }, { evaluator }) {
    const found = await evaluator.listQuarantined({ afterSeq: after, limit: limit + 1 });
    const page = found.slice(0, limit);
    return { entries: page.map(shownQuarantined), next: found.length > limit ? page.at(-1)!.seq : null };
  },
});
