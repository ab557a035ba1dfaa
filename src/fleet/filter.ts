/** Which calls a summary is of, besides its period. */
import { z } from 'zod';
import { matchesGlob } from '../glob.ts';
import { END_REASON_CLASSES } from '../metrics/endReason.ts';
import type { CallFigures } from './figures.ts';

/** The parts have the names that they have in lists of calls. A list is any of; what is left out asks for nothing. */
export const callFilterSchema = z.strictObject({
  status: z.array(z.enum(['active', 'finished', 'expired'])).optional(),
  room: z.string().optional().describe('a pattern of room names; * stands for anything'),
  roomName: z.string().optional().describe('the name of the room, to the letter'),
  agent: z.string().optional().describe('a pattern of the names of agents'),
  kind: z.string().optional().describe('LiveKit’s kind of one who came, such as SIP'),
  endReason: z.array(z.enum(END_REASON_CLASSES)).optional(),
  tag: z.string().optional().describe('a tag that agents gave the call'),
  metadata: z.record(z.string(), z.string()).optional().describe('values of keys of the room’s metadata'),
  minCompleteness: z.number().min(0).max(1).optional(),
});
export type CallFilter = z.input<typeof callFilterSchema>;

export function filterOf(filter: CallFilter): (figures: CallFigures) => boolean {
  const { status, room, roomName, agent, kind, endReason, tag, minCompleteness = 0 } = filter;
  const metadata = Object.entries(filter.metadata ?? {});
  return (figures) =>
    (status === undefined || status.includes(figures.status)) &&
    (room === undefined || matchesGlob(room, figures.roomName ?? '')) &&
    (roomName === undefined || roomName === figures.roomName) &&
    (agent === undefined || figures.agents.some((name) => matchesGlob(agent, name))) &&
    (kind === undefined || Object.hasOwn(figures.participantSeconds, kind)) &&
    (endReason === undefined || (endReason as readonly (string | null)[]).includes(figures.endReason)) &&
    (tag === undefined || figures.tags.includes(tag)) &&
    metadata.every(([key, value]) => Object.hasOwn(figures.metadata, key) && figures.metadata[key] === value) &&
    figures.completeness >= minCompleteness;
}
