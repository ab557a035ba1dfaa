/** Parameters that say which calls are meant, on every route that is about many. */
import { z } from 'zod';
import { CALL_STATUSES } from '../../callQuery.ts';
import { END_REASON_CLASSES } from '../../metrics/endReason.ts';
import { instantParameter } from './instantParameter.ts';

export const callFilter = {
  status: z.array(z.enum(CALL_STATUSES)).optional().describe('one or more, with commas'),
  room: z.string().min(1).optional().describe('a pattern of room names; * stands for anything'),
  agent: z.string().min(1).optional().describe('a pattern of identities and names of agents; * stands for anything'),
  endReason: z.array(z.enum(END_REASON_CLASSES)).optional().describe('one or more classes of endReason, with commas'),
  minCompleteness: z.number().min(0).max(1).optional().describe('a number from 0 to 1'),
  kind: z.string().min(1).optional().describe('the name of a kind of participant that came, such as SIP'),
  tag: z.string().min(1).optional().describe('a pattern of tags that agents gave their sessions'),
  metadata: z
    .record(z.string(), z.string())
    .optional()
    .describe('metadata[key]=value: the room’s metadata is a JSON object that has this value at the key, or path'),
};

/** @param what lies in the period */
export const period = (what: string) => ({
  since: instantParameter(`calls ${what} lies at or after it`).optional(),
  until: instantParameter(`calls ${what} lies before it`).optional(),
});
