import { z } from 'zod';
import type { Quarantined } from '../../../store/store.ts';
import { quarantinedSchema, shownQuarantined } from '../quarantined.ts';
import { route } from '../route.ts';

/** A page ends before the body that would have it hold more, unless that is its first. */
const MOST_BYTES = 8 * 1024 * 1024;

export const quarantine = route({
  path: '/v1/quarantine',
  name: 'listQuarantined',
  summary: 'What could not be understood, as it came, and why; oldest first',
  description:
    'A page may end early, before its bodies are more than 8 MB together: `next` tells whether there is another.',
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
    const entries: Quarantined[] = [];
    let bytes = 0;
    // one by one, for each may be as large as a page
    for (let seq = after; ; seq = entries.at(-1)!.seq) {
      const [entry] = await evaluator.listQuarantined({ afterSeq: seq, limit: 1 });
      if (entry === undefined) return { entries: entries.map((one) => shownQuarantined(one)), next: null };
      bytes += entry.body.length;
      if (entries.length === limit || (entries.length > 0 && bytes > MOST_BYTES))
        return { entries: entries.map((one) => shownQuarantined(one)), next: seq };
      entries.push(entry);
    }
  },
});
