/** One POST of LiveKit's -> the answer. 200 is said when the event is on disk, and not before. */
import type { Receipt } from '../../ingest.ts';
import { LARGEST_BODY } from '../../intake.ts';
import { type BodyFault, type BodyLimits, BodyMemory } from './body.ts';
import type { IngestCounts } from './counts.ts';
import { parseWebhookOptions, type WebhookOptions } from './options.ts';
import { isTestEvent } from './testEvent.ts';
import { type Answer, busy, noBody, notStored, notVerified, problem, type Trouble, wrongMethod } from './trouble.ts';
import { verifyBody, verifyHmac, verifyToken } from './verify.ts';

/** A request of whatever server. */
export interface Received {
  method: string;
  /** @param name in lower case. @returns what came more than once joined by commas; null where there is none. */
  header(name: string): string | null;
  /** Called at most once, and only where somebody has vouched for it. */
  body(limits: BodyLimits): Promise<Uint8Array | BodyFault>;
}
export type Receive = (request: Received) => Promise<Answer>;

/** Where authentic bodies go: what this needs of a CallEvaluator. */
export interface Door {
  take(body: Uint8Array): Promise<Receipt>;
  /** How many events wait for the disk. */
  waiting(): number;
  now(): number;
  counts: IngestCounts;
}

/** Bytes of bodies that may be in memory at once: 200,000 of LiveKit's, or eight of the largest that are let in. */
const MOST_HELD = 8 * LARGEST_BODY;
/** Of those whose signature is over the body alone, and so known when all of it is there: strangers fill no more than this. */
const MOST_UNVERIFIED = 2 * LARGEST_BODY;

/** @throws CallEvaluatorError `bad_option` */
export function receiver(door: Door, options: WebhookOptions = {}): Receive {
  const { keys, hmacSecrets, maxBody, bodyTimeout, maxWaiting, onTrouble = warnOnce() } = parseWebhookOptions(options);
  const ofKeyHolders = { largest: maxBody, within: bodyTimeout * 1000, memory: new BodyMemory(MOST_HELD) };
  const ofAnybody = { ...ofKeyHolders, memory: new BodyMemory(MOST_UNVERIFIED) };
  const { counts } = door;

  return async (request) => {
    if (request.method !== 'POST') return told(wrongMethod(request.method));
    counts.received++;
    const found = await outcome(request);
    if (found === 'test') return TESTED;
    if ('code' in found) return told(found);
    counts[COUNTED_AS[found.status]]++;
    return stored(found);
  };

  async function outcome(request: Received): Promise<Receipt | Trouble | 'test'> {
    let retryAfter = retryIn(null, 0);
    let release = () => {};
    try {
      const authorization = request.header('authorization') || request.header('authorize'); // the older name
      const signature = !authorization && hmacSecrets.length > 0 ? request.header('x-livekit-signature') : null;
      const token = signature ? null : verifyToken(authorization, keys, door.now());
      if (token?.ok === false) return notVerified(token);

      retryAfter = retryIn(token?.signedAt ?? null, door.now());
      if (door.waiting() >= maxWaiting) return busy('Too many events wait for the disk: send it again.', retryAfter);
      const limits = token ? ofKeyHolders : ofAnybody;
      const body = await request.body(limits);
      if (typeof body === 'string') return noBody(body, maxBody, retryAfter);
      release = () => limits.memory.release(body.length);
      const verified = token ? verifyBody(token, body) : verifyHmac(signature!, body, hmacSecrets);
      if (!verified.ok) return notVerified(verified, request.header('content-encoding'));
      if (verified.key !== null) counts.authentic(verified.key, door.now());
      if (isTestEvent(body)) {
        counts.test(door.now());
        return 'test';
      }
      return await door.take(body);
    } catch (error) {
      return notStored(error, retryAfter);
    } finally {
      release();
    }
  }

  function told(trouble: Trouble): Answer {
    const { status, code, refused } = trouble;
    if (refused) counts.forgery(refused.check, refused.key);
    else if (status === 413) counts.tooLarge++;
    else if (status === 503) counts.unavailable(code);
    try {
      onTrouble(trouble);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
    return problem(trouble);
  }
}

const COUNTED_AS = { stored: 'stored', duplicate: 'duplicates', quarantined: 'quarantined' } as const;

const JSON_TYPE = { 'content-type': 'application/json' };
const TESTED: Answer = { status: 200, headers: JSON_TYPE, body: '{"status":"test"}' };

/** Metrics are not LiveKit's business, and take time to write. */
function stored({ status, id, reason }: Receipt): Answer {
  return {
    status: 200,
    headers: JSON_TYPE,
    body: JSON.stringify({ status, id, ...(reason && { reason }) }),
  };
}

/**
 * LiveKit tries five times and then drops the event. By itself it waits 1, 2, 4 and 8 s, and obeys `Retry-After` instead:
 * a fixed 1 would have all five over in 4 s. So as many seconds as have passed since the first attempt, which its token
 * tells, and one more: 1, 2, 4, 8 again.
 */
function retryIn(signedAt: number | null, now: number): string {
  const passed = signedAt === null ? 1 : (now - signedAt) / 1000;
  return String(Math.min(Math.max(Math.floor(passed) + 1, 1), 8));
}

/** Who mounts this in a server of his own learns once of each kind of trouble, however often a stranger makes it. */
function warnOnce(): (trouble: Trouble) => void {
  const warned = new Set<string>();
  return ({ status, code, detail, refused, cause }) => {
    const kind = refused?.check ?? code;
    if (status === 405 || warned.has(kind)) return;
    warned.add(kind);
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    process.emitWarning(`A webhook was answered with ${status}: ${detail}${why}`, 'CallEvaluatorWarning');
  };
}
