import { z } from 'zod';
import { CALL_SORTS } from '../../../callQuery.ts';
import { callFilter, period } from '../callFilter.ts';
import { callSummarySchema, summaryOf } from '../callSummary.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';

const query = z.object({
  ...period('whose first sign'),
  ...callFilter,
  sort: z.enum(CALL_SORTS).default('-startedAt').describe('- is downwards'),
  limit: z.int().min(1).max(1000).default(100).describe('a whole number from 1 to 1000'),
  after: z.string().min(1).optional().describe('next of the page before, under the same filters and sort'),
});

export const calls = route({
  path: '/v1/calls',
  name: 'listCalls',
  summary: 'Calls, page by page',
  description:
    'A call that is there from the first page of a query to the last is listed once, also while others come. A token of one room lists the calls of that room.',
  readers: 'somebody',
  params: z.object({}),
  query,
  answer: {
    name: 'CallPage',
    says: 'The calls that match.',
    schema: z.object({
      calls: z.array(callSummarySchema),
      next: z.string().nullable().describe('where the next page begins; null: this is the last'),
    }),
  },
  problems: [],
  async handle({ query, reader }, { evaluator }) {
    const { room } = reader;
    if (room !== null && query.room !== undefined && query.room !== room)
      throw new Problem(
        'forbidden',
        `The token reads the calls of room ${JSON.stringify(room)} alone: leave out room=, or use a token with roomList.`,
      );
    const { calls, next } = await evaluator.listCalls(room === null ? query : { ...query, roomName: room });
    return { calls: calls.map(({ metrics }) => summaryOf(metrics)), next };
  },
});
