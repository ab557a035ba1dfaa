import { z } from 'zod';
import { instantParameter } from '../instantParameter.ts';
import { oneCall } from '../oneCall.ts';

const instant = z.iso.datetime();
const stateSchema = z.object({
  roomSid: z.string(),
  roomName: z.string().nullable(),
  at: instant,
  status: z.enum(['unheard', 'active', 'finished', 'expired']).describe('unheard: before the room began'),
  participants: z.array(
    z.object({
      identity: z.string(),
      sid: z.string(),
      kind: z.string(),
      role: z.enum(['human', 'agent', 'service']),
      hidden: z.boolean(),
      joinedAt: instant,
      published: z.array(z.object({ sid: z.string(), source: z.string(), type: z.string(), since: instant })),
    }),
  ),
  recordings: z.array(z.object({ id: z.string(), kind: z.string().nullable(), since: instant })),
  ingresses: z.array(z.object({ id: z.string(), since: instant })),
});

export const state = oneCall({
  below: '/state',
  name: 'getState',
  summary: 'Who is in the room, what is published and recorded: now, or at any past instant',
  query: z.object({ at: instantParameter('the instant to look at; by default now').optional() }),
  answer: { name: 'RoomState', says: 'The state.', schema: stateSchema },
  ask: (evaluator, roomSid, { at }) => evaluator.getState(roomSid, at),
});
