/** The route of webhooks in the OpenAPI document. */
import { z } from 'zod';
import { type Credential, type PostRoute, RETRY_AFTER_HEADER } from '../api/postRoute.ts';
import { TROUBLE } from './trouble.ts';

const SIGNED: Credential = {
  name: 'liveKitWebhook',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'A token that LiveKit signs with its API key; the SHA-256 of the body is in it.',
  },
};
const HMAC: Credential = {
  name: 'hmac',
  scheme: {
    type: 'apiKey',
    in: 'header',
    name: 'X-LiveKit-Signature',
    description: 'Of senders that are not LiveKit: the hex HMAC-SHA256 of the body, by CALL_EVALUATOR_HMAC_SECRET.',
  },
};

/** Why something was quarantined. */
export const reasonSchema = z.object({
  field: z.string(),
  found: z.string(),
  expected: z.string(),
  roomSid: z.string().nullable(),
});
const receipt = z.object({
  status: z.enum(['stored', 'duplicate', 'quarantined', 'test']).describe('test: LiveKit Cloud’s, which makes no call'),
  id: z.string().nullable().optional(),
  reason: reasonSchema.optional().describe('of what could not be understood: it is kept'),
});

const anEvent = { type: 'object', description: 'A WebhookEvent of LiveKit, as JSON.' };

/** @param takesHmac a secret of the second scheme is configured */
export function webhookRoute(path: string, { takesHmac }: { takesHmac: boolean }): PostRoute {
  return {
    path,
    name: 'sendWebhook',
    summary: 'A webhook of LiveKit’s',
    description:
      'LiveKit is told of this address in its configuration. Whatever the content, an authentic one is kept. The Content-Type is not looked at; the bytes must be those that were signed.',
    credentials: takesHmac ? [SIGNED, HMAC] : [SIGNED],
    body: { says: 'One event.', content: { 'application/webhook+json': anEvent, 'application/json': anEvent } },
    answers: {
      200: {
        says: 'It is on disk.',
        content: { 'application/json': { name: 'WebhookReceipt', schema: receipt } },
      },
      401: { says: 'It is not signed by a key that is known here: `check` tells what failed.', content: TROUBLE },
      405: { says: 'To any method but POST.', content: TROUBLE },
      413: { says: 'The body is too large.', content: TROUBLE },
      503: { says: 'It is not on disk: send it again.', content: TROUBLE, headers: RETRY_AFTER_HEADER },
    },
  };
}
