/** Whatever is not answered with 200: what is said of it, and how to mend it. As RFC 9457 problem documents. */
import { z } from 'zod';
import { CallEvaluatorError } from '../../errors.ts';
import { LARGEST_BODY } from '../../intake.ts';
import type { Content } from '../api/postRoute.ts';
import type { BodyFault } from './body.ts';
import type { Check, Refused } from './verify.ts';

/** As it is written on the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Trouble<Of extends string = Check> {
  status: 400 | 401 | 405 | 413 | 415 | 503;
  /** Names the kind of trouble. */
  code: string;
  title: string;
  /** What is wrong, and what to do. */
  detail: string;
  headers?: Record<string, string>;
  /** Of a 401. */
  refused?: Refused<Of>;
  cause?: unknown;
}

const TYPE = 'urn:problem:call-evaluator:';

/** What `problem` writes, for the OpenAPI document. */
export const TROUBLE: Content = {
  'application/problem+json': {
    name: 'Trouble',
    schema: z.object({
      type: z.string().describe(`names the kind of trouble, such as ${TYPE}busy`),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe('what is wrong here, and what to do about it'),
      check: z.string().optional().describe('of a 401: which check failed'),
    }),
  },
};

export function problem({ status, code, title, detail, headers, refused }: Trouble<string>): Answer {
  const document = { type: TYPE + code, title, status, detail, ...(refused && { check: refused.check }) };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(document),
  };
}

/**
 * Which check failed is told, for who configures this must find it. A forger learns nothing by it: all that is said before
 * the signature was found right, he could have computed from what he sent, and that a key is known here every client of
 * LiveKit can read in its own token.
 */
export function notVerified(refused: Refused, contentEncoding: string | null = null): Trouble {
  let detail = DETAILS[refused.check](refused.unknownKey ?? refused.key ?? '');
  if (refused.check === 'checksum' && contentEncoding !== null)
    detail += ` It came as Content-Encoding ${JSON.stringify(contentEncoding.slice(0, 40))}: LiveKit compresses nothing, so whatever did that has to stop.`;
  return {
    status: 401,
    code: 'not-verified',
    title: 'This is not signed by LiveKit',
    detail,
    headers: { 'www-authenticate': 'Bearer realm="LiveKit webhook"' },
    refused,
  };
}

const DETAILS: Record<Check, (key: string) => string> = {
  missing_header: () =>
    'There is no Authorization header. LiveKit signs its webhooks with one: if this is LiveKit’s, a proxy on the way drops it and has to let it through.',
  several_headers: () =>
    'There is more than one signature. LiveKit sends one: if this is LiveKit’s, a proxy on the way adds an Authorization header of its own and has to leave it alone.',
  malformed_token: () =>
    'The signature is not of the form that LiveKit’s have. If this is LiveKit’s, a proxy on the way replaces the Authorization header and has to leave it alone.',
  algorithm: () => 'The token is not signed by HS256, LiveKit’s only algorithm.',
  unknown_key: (key) =>
    `The token names the API key ${JSON.stringify(key)}, which is not configured here. Add it and its secret (LIVEKIT_API_KEY and LIVEKIT_API_SECRET, LIVEKIT_KEYS, a keys file, or option keys), or have LiveKit sign with one that is: webhook.api_key in its configuration.`,
  signature: (key) =>
    `The signature was not made with the secret that is configured here${key && ` for ${key}`}. If this is LiveKit’s, the secret here is not LiveKit’s: copy it again.`,
  no_expiry: () => 'The token has no exp: it would be good for ever. LiveKit’s webhooks expire after 5 minutes.',
  expired: () =>
    'The token has expired more than 60 s ago. If LiveKit has just sent this, one of the two clocks is wrong: set both by NTP.',
  not_yet_valid: () =>
    'The token is not valid for another 60 s and more. If LiveKit has just sent this, one of the two clocks is wrong: set both by NTP.',
  no_checksum: () =>
    'The token has no SHA-256 of the body in sha256: it is a token to join a room or to use the API, not a webhook’s.',
  checksum: () =>
    'The body is not the one that was signed. If this is LiveKit’s, something has rewritten it on the way, even if only its spaces: a JSON parser before this route, or a proxy. Hand the bytes over as they came.',
};

export function wrongMethod(method: string): Trouble {
  return {
    status: 405,
    code: 'method-not-allowed',
    title: 'LiveKit POSTs its webhooks',
    detail: `${method.slice(0, 20)} means nothing here. This is the URL for LiveKit’s configuration: webhook.urls, or the project’s settings in LiveKit Cloud.`,
    headers: { allow: 'POST' },
  };
}

const READ_BEFORE =
  'The body had been read by somebody else before call-evaluator got the request, and its bytes, which are what LiveKit signed, are gone. ' +
  'Express: have this route before app.use(express.json()), or give it express.raw({ type: () => true, limit: "32mb" }). ' +
  'Fastify: in a scope of its own, removeAllContentTypeParsers() and addContentTypeParser("*", (request, payload, done) => done(null)). ' +
  'Next.js pages/api: export const config = { api: { bodyParser: false } }. ' +
  'A Request: hand it over before .json() or .text() is called, or hand over request.clone().';

/** Why there is no body to look at. Only what is too large is told not to come again. */
export function noBody(fault: BodyFault, largest: number, retryAfter: string): Trouble {
  switch (fault) {
    case 'too_large':
      return {
        status: 413,
        code: 'too-large',
        title: 'The body is too large',
        detail: `The body has more than ${largest} bytes, many times what LiveKit sends. If this is LiveKit’s, ${largest < LARGEST_BODY ? 'raise option maxBody' : 'store less in the metadata and attributes of rooms and participants, for no more can be let in'}.`,
      };
    case 'read_before': // not 4xx, which would lose the event; so it also shows as failed in LiveKit's own metrics
      return { status: 503, code: 'body-read-before', title: 'The body was read before', detail: READ_BEFORE };
    case 'no_memory':
      return busy('Too much is on its way to the disk already: send it again.', retryAfter);
    case 'too_slow':
    case 'cut_off':
      return {
        status: 503,
        code: 'incomplete-body',
        title: 'The body did not arrive',
        detail:
          fault === 'too_slow'
            ? 'The body took too long to arrive: send it again, faster, or raise option bodyTimeout.'
            : 'The connection was closed before the body was there: send it again.',
        headers: { 'retry-after': retryAfter },
      };
  }
}

export function busy(detail: string, retryAfter: string): Trouble {
  return { status: 503, code: 'busy', title: 'Busy', detail, headers: { 'retry-after': retryAfter } };
}

/** It is not on disk. Whatever the reason, LiveKit is to send it again. */
export function notStored(error: unknown, retryAfter: string): Trouble {
  const headers = { 'retry-after': retryAfter };
  if (!(error instanceof CallEvaluatorError))
    return {
      status: 503,
      code: 'fault',
      title: 'A fault of the server',
      detail: 'The event was not stored, by a fault of the server: send it again. Its log says more.',
      headers,
      cause: error,
    };
  if (error.code === 'closed')
    return { ...busy('The server is shutting down: send it again.', retryAfter), code: 'closed', cause: error };
  return {
    status: 503,
    code: error.code,
    title: 'The event could not be stored',
    // what the error says of files and disks is for the log
    detail: 'The database cannot be written to now: send it again. The server’s log says why.',
    headers,
    cause: error,
  };
}
