import { z } from 'zod';
import { oneCall } from '../oneCall.ts';

export const events = oneCall({
  below: '/events',
  name: 'getEvents',
  summary: 'The stored webhooks of one call, in order of arrival',
  query: z.object({
    limit: z.int().min(1).max(1000).default(1000).describe('a whole number from 1 to 1000'),
    after: z.int().nonnegative().default(0).describe('next of the page before'),
  }),
  answer: {
    name: 'EventPage',
    says: 'The webhooks.',
    schema: z.object({
      roomSid: z.string(),
      events: z.array(
        z.object({
          seq: z.int().describe('number in order of arrival'),
          id: z.string().nullable(),
          type: z.string(),
          at: z.iso.datetime().describe('when it happened'),
          receivedAt: z.iso.datetime(),
          body: z.string().describe('JSON as it came, secrets masked'),
        }),
      ),
      next: z.int().nullable().describe('after of the next page; null: this is the last'),
    }),
  },
  async ask(evaluator, roomSid, { limit, after }) {
    const all = await evaluator.getEvents(roomSid);
    if (all.length === 0) return null;
    const later = all.filter(({ seq }) => seq > after);
    const page = later.slice(0, limit);
    return {
      roomSid,
      events: page.map(({ seq, id, type, at, receivedAt, body }) => ({
        seq,
        id,
        type,
        at: iso(at),
        receivedAt: iso(receivedAt),
        body,
      })),
      next: later.length > limit ? page.at(-1)!.seq : null,
    };
  },
});

const iso = (ms: number) => new Date(ms).toISOString();
