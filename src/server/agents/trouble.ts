/** Whatever of an upload is not answered with 200: what is said of it, and how to mend it. */
import { busy, type Trouble } from '../webhook/trouble.ts';
import type { Refused } from '../webhook/verify.ts';
import type { UploadCheck } from './access.ts';
import { LARGEST_INFLATED, LARGEST_UPLOAD, type UploadFault } from './body.ts';
import type { FormFault } from './form.ts';
import type { UploadKind } from './routes.ts';

export type UploadTrouble = Trouble<UploadCheck>;

/** Seconds. OpenTelemetry's exporters obey it; LiveKit's recordings need more: retryStatus.ts. */
export const RETRY_AFTER = '5';

export function notAllowed(refused: Refused<UploadCheck>): UploadTrouble {
  return {
    status: 401,
    code: 'not-verified',
    title: 'Who uploads must show that he may',
    detail: DETAILS[refused.check] ?? 'The token is not of the form that LiveKit’s have.',
    headers: { 'www-authenticate': 'Bearer realm="call-evaluator uploads"' },
    refused,
  };
}

/** Never "data recording is disabled": at that an agent falls silent until its session ends. */
const DETAILS: Partial<Record<UploadCheck, string>> = {
  no_credentials:
    'Neither a key nor a token is configured here, so nobody can be let in: start the server with LIVEKIT_API_KEY and LIVEKIT_API_SECRET, the ones that the agents have, or with CALL_EVALUATOR_TOKEN.',
  missing_header:
    'No token came with it. LiveKit’s agents send one by themselves; others send "Authorization: Bearer TOKEN", livekit-evals X-API-Key, with CALL_EVALUATOR_TOKEN of this server.',
  wrong_token: 'X-API-Key is not the CALL_EVALUATOR_TOKEN of this server: give livekit-evals that one as its key.',
  algorithm: 'The token is not signed by HS256, LiveKit’s only algorithm.',
  unknown_key:
    'The token names an API key that is not configured here. Start the server with the LIVEKIT_API_KEY and LIVEKIT_API_SECRET that the agent has, or list them in LIVEKIT_KEYS.',
  signature: 'The token was not made with the secret that is configured here: agent and server must have the same.',
  no_expiry: 'The token has no exp: it would be good for ever.',
  expired: 'The token has expired more than 60 s ago. If it is new, one of the two clocks is wrong: set both by NTP.',
  not_yet_valid: 'The token is not valid for another 60 s and more: one of the two clocks is wrong, set both by NTP.',
  no_grant: 'The token does not grant observability.write, as those do that LiveKit’s agents make for their uploads.',
};

export function notPosted(method = ''): UploadTrouble {
  return {
    status: 405,
    code: 'method-not-allowed',
    title: 'Here agents POST',
    detail: `${method.slice(0, 20)} means nothing here.`,
    headers: { allow: 'POST' },
  };
}

export function unreadable(detail: string): UploadTrouble {
  return { status: 400, code: 'unreadable', title: 'The upload cannot be read', detail };
}

export function wrongType(kind: UploadKind): UploadTrouble {
  return {
    status: 415,
    code: 'unsupported-type',
    title: 'The upload is of an unknown type',
    detail: `Send ${kind} as OTLP, in application/x-protobuf or application/json.`,
  };
}

/** Of a disk that is full, and of whatever else its file system says: who runs the server can mend it meanwhile. */
export function soundNotKept(cause: unknown): UploadTrouble {
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
  return {
    status: 503,
    code: isFull ? 'recordings-full' : 'recording-not-kept',
    title: 'The sound could not be stored',
    // which file and disk that is, is for the log
    detail: `${isFull ? 'The disk of the recordings is full' : 'The file of the recording cannot be written'}: send all of it again. What was told beside the sound is stored. The server’s log says more.`,
    headers: { 'retry-after': RETRY_AFTER },
    cause,
  };
}

export function notRead(fault: UploadFault | FormFault): UploadTrouble {
  switch (fault) {
    case 'too_large':
      return {
        status: 413,
        code: 'too-large',
        title: 'The upload is too large',
        detail: `An upload may have ${LARGEST_UPLOAD} bytes, and ${LARGEST_INFLATED} inflated, and so may a session’s chat history: send less at once.`,
      };
    case 'unknown_encoding':
      return {
        status: 415,
        code: 'unsupported-encoding',
        title: 'The upload is compressed in an unknown way',
        detail: 'Send it as it is; what is no form may also come with Content-Encoding gzip.',
        headers: { 'accept-encoding': 'gzip, identity' },
      };
    case 'bad_gzip':
      return unreadable('Its Content-Encoding is gzip, and it is none, or ends too early.');
    case 'bad_form':
      return unreadable(
        'It is no multipart/form-data with the boundary that its Content-Type names, or ends too early.',
      );
    case 'no_memory':
      return busy('Too much is on its way to the disk already: send it again.', RETRY_AFTER);
    case 'too_slow':
    case 'cut_off':
    case 'read_before':
      return {
        status: 503,
        code: 'incomplete-body',
        title: 'The upload did not arrive',
        detail: 'It took too long, or its connection was closed: send it again.',
        headers: { 'retry-after': RETRY_AFTER },
      };
  }
}
