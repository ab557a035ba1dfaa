import { z } from 'zod';
import { Problem } from '../problem.ts';
import { route } from '../route.ts';

/** Half of what the receiver of webhooks lets wait, before it asks LiveKit to send its own again. */
const LONG_QUEUE = 5_000;

export const readiness = route({
  path: '/readyz',
  name: 'readiness',
  summary: 'Webhooks can be stored: the database is writable and the queue short',
  readers: 'anybody',
  params: z.object({}),
  query: z.object({}),
  answer: {
    name: 'Readiness',
    says: 'They can.',
    schema: z.object({ status: z.literal('ready'), queue: z.int().describe('events that wait for the disk') }),
  },
  problems: ['store-unavailable'],
  async handle(_, { evaluator, assertWritable, closing }) {
    if (closing) throw new Problem('busy', 'The server is shutting down.');
    const { queued } = evaluator.load();
    if (queued > LONG_QUEUE)
      throw new Problem('busy', `${queued} events wait for the disk: it is too slow for what comes.`);
    await assertWritable();
    return { status: 'ready' as const, queue: queued };
  },
});
