import { z } from 'zod';
import { CALL_SORTS, CALL_STATUSES } from '../../../callQuery.ts';
import { END_REASON_CLASSES } from '../../../metrics/endReason.ts';
import { callSummarySchema, summaryOf } from '../callSummary.ts';
import { instantParameter } from '../instantParameter.ts';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';

const query = z.object({
  since: instantParameter('calls whose first sign lies at or after it').optional(),
  until: instantParameter('calls whose first sign lies before it').optional(),
  status: z.array(z.enum(CALL_STATUSES)).optional().describe('one or more, with commas'),
  room: z.string().min(1).optional().describe('a pattern of room names; * stands for anything'),
  agent: z.string().min(1).optional().describe('a pattern of identities and names of agents; * stands for anything'),
  endReason: z.array(z.enum(END_REASON_CLASSES)).optional().describe('one or more classes of endReason, with commas'),
  minCompleteness: z.number().min(0).max(1).optional().describe('a number from 0 to 1'),
  metadata: z
    .record(z.string(), z.string())
    .optional()
    .describe('metadata[key]=value: the room’s metadata is a JSON object that has this value at the key'),
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
