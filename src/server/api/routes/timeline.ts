import { z } from 'zod';
import type { Timeline } from '../../../call/timeline.ts';
import { whoShape } from '../../../metrics/participants.ts';
import { oneCall } from '../oneCall.ts';

const instant = z.iso.datetime();
const mark = z.object({
  at: instant,
  observed: z.boolean().describe('its own event came; else it is inferred'),
  range: z
    .tuple([instant.nullable(), instant.nullable()])
    .nullable()
    .describe('of an inferred one: where the truth lies'),
  eventId: z.string().nullable().describe('the event that decided it'),
});
const stretch = { start: mark, end: mark.nullable().describe('null: still going on') };

const timelineSchema = z.object({
  roomSid: z.string(),
  roomName: z.string().nullable(),
  status: z.enum(['active', 'finished', 'expired']),
  room: z.object(stretch),
  people: z.array(
    z.object({
      ...whoShape,
      sessions: z.array(z.object({ sid: z.string(), ...stretch, disconnectReason: z.string().nullable() })),
      aborted: z.array(z.string()).describe('sids of tries that never connected'),
      tracks: z.array(z.object({ sid: z.string(), source: z.string(), type: z.string(), ...stretch })),
    }),
  ),
  egresses: z.array(
    z.object({
      id: z.string(),
      kind: z.string().nullable(),
      status: z.string().nullable(),
      failed: z.boolean(),
      ...stretch,
    }),
  ),
  ingresses: z.array(z.object({ id: z.string(), ...stretch })),
});

export const timeline = oneCall({
  below: '/timeline',
  name: 'getTimeline',
  summary: 'One call as lanes of spans, as a drawing needs them',
  query: z.object({}),
  answer: { name: 'Timeline', says: 'The lanes.', schema: timelineSchema },
  ask: (evaluator, roomSid): Promise<Timeline | null> => evaluator.getTimeline(roomSid),
});
