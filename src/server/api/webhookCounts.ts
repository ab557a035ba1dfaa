/** What the receiver of webhooks counts, as the API shows it. */
import { z } from 'zod';

const count = z.int().nonnegative();

export const webhookCountsSchema = z.object({
  received: count.describe('POSTs'),
  stored: count,
  duplicates: count,
  quarantined: count,
  tests: z
    .object({ count, lastAt: z.iso.datetime().nullable() })
    .describe('tests sent from LiveKit Cloud’s console: the way from there to here is open; they make no call'),
  forgeries: z
    .array(z.object({ check: z.string(), key: z.string(), count }))
    .describe('answered 401, by the check that failed and the API key that was named; other: none of ours'),
  tooLarge: count.describe('answered 413'),
  unavailable: z
    .array(z.object({ code: z.string(), count }))
    .describe('answered 503, by what was the matter; LiveKit sends these again'),
  keys: z
    .array(z.object({ key: z.string(), count, lastAt: z.iso.datetime() }))
    .describe(
      'authentic ones by the API key that signed them, each a project or a cluster: how many, and when the last came',
    ),
});
export type WebhookCounts = z.infer<typeof webhookCountsSchema>;
