/** What could not be understood, as the API shows it. */
import { z } from 'zod';
import type { Quarantined } from '../../store/store.ts';

export const quarantinedSchema = z.object({
  seq: z.int(),
  receivedAt: z.iso.datetime(),
  times: z.int().describe('how often the same bytes came'),
  reason: z.object({ field: z.string(), found: z.string(), expected: z.string(), roomSid: z.string().nullable() }),
  body: z.string().optional().describe('as it came, secrets masked'),
  bodyBase64: z.string().optional().describe('as it came, where it is no text'),
});

export function shownQuarantined({
  seq,
  receivedAt,
  times,
  reason,
  body,
}: Quarantined): z.infer<typeof quarantinedSchema> {
  const came = typeof body === 'string' ? { body } : { bodyBase64: Buffer.from(body).toString('base64') };
  return { seq, receivedAt: new Date(receivedAt).toISOString(), times, reason, ...came };
}
