import { z } from 'zod';
import { assertReads } from '../oneCall.ts';
import { route } from '../route.ts';

export const live = route({
  path: '/v1/live',
  name: 'live',
  summary: 'What happens to calls, as it happens: server-sent events',
  description: `Events: \`callChanged\` {roomSid, roomName, types}: something new is known of a call; \`callFinished\`: a call as /v1/calls lists it, when it has become final, and again, with a higher revision, when a late webhook changes it; \`reset\` {}: what came since the Last-Event-ID is not known any more, fetch anew. Changes of one call within a tenth of a second are one event. A reader that is too slow is cut: it resumes by Last-Event-ID, as any does whose connection broke.`,
  readers: 'somebody',
  params: z.object({}),
  query: z.object({ room: z.string().min(1).optional().describe('the sid of a room: this call alone') }),
  headers: z.object({ 'Last-Event-ID': z.string().optional().describe('of the last event seen') }),
  answer: { contentType: 'text/event-stream', says: 'The stream.' },
  problems: [],
  async handle({ query, request, reader }, api) {
    const roomSid = query.room ?? null;
    if (roomSid !== null) await assertReads(reader, roomSid, api);
    return api.live.open(reader, roomSid, request.headers.get('last-event-id'));
  },
});
