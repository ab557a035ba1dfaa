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
  cut: z.literal(true).optional().describe('the body is longer than what is shown'),
});

/** @param most of the body: bytes, or characters where it is text */
export function shownQuarantined(
  { seq, receivedAt, times, reason, body }: Quarantined,
  most = Number.POSITIVE_INFINITY,
): z.infer<typeof quarantinedSchema> {
  const came =
    typeof body === 'string'
      ? { body: body.slice(0, most).toWellFormed() }
      : { bodyBase64: Buffer.from(body.subarray(0, most)).toString('base64') };
  const cut = body.length > most ? { cut: true as const } : {};
  return { seq, receivedAt: new Date(receivedAt).toISOString(), times, reason, ...came, ...cut };
}
