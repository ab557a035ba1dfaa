/**
 * The door: whatever somebody handed in as an event -> what it says, or a reason why it says nothing. Never throws for
 * content.
 */
import { isUtf8 } from 'node:buffer';
import { sha256, sha256Bytes } from './digest.ts';
import type { NewEvent, NewQuarantined } from './store/store.ts';
import { decode } from './webhook/decode.ts';
import type { Misunderstood, WebhookEvent } from './webhook/event.ts';
import type { Json } from './webhook/read.ts';
import { maskSecrets } from './webhook/secrets.ts';

/** A parsed webhook, its JSON text, or its bytes; or an envelope `{receivedAt, headers, body}` around one of them. */
export type Incoming = object | string | Uint8Array;

export interface Understood {
  understood: true;
  event: WebhookEvent;
  /** The JSON as it came. */
  text: string;
  /** What a signature would be over: the bytes, or the text where none came. */
  raw: string | Uint8Array;
  receivedAt: number;
}
export interface NotUnderstood {
  understood: false;
  reason: Misunderstood;
  body: string | Uint8Array;
  raw: string | Uint8Array;
  receivedAt: number;
}
export type Intake = Understood | NotUnderstood;

/** Beyond this nothing is parsed: LiveKit's largest payloads are a fraction of it. Bytes. */
export const LARGEST_BODY = 32 * 1024 * 1024;
/** How much of a body that is too large, or beyond parsing, is kept to look at. */
const KEPT_OF_LARGEST = 64 * 1024;
/** A fact's key in its room's history: 96 bits of its digest, in base64url. A room would need 2^48 facts for two to meet. */
const FACT_LENGTH = 16;

export function intake(incoming: Incoming, receivedAt: number): Intake {
  try {
    return read(incoming, receivedAt);
  } catch (error) {
    // a payload that no parser survives: absurd nesting, a getter that throws
    const found = error instanceof Error ? error.message : String(error);
    const body =
      typeof incoming === 'string' || incoming instanceof Uint8Array
        ? incoming.slice(0, KEPT_OF_LARGEST)
        : Object.prototype.toString.call(incoming);
    return refused(body, receivedAt, found, 'JSON that can be read and written');
  }
}

function read(incoming: Incoming, receivedAt: number): Intake {
  const raw =
    incoming instanceof Uint8Array || typeof incoming === 'string' ? incoming : JSON.stringify(incoming, bigints);
  if (raw === undefined) return refused('', receivedAt, 'nothing', 'JSON');
  if (raw.length > LARGEST_BODY) return tooLarge(raw, raw.length, receivedAt);
  if (typeof raw !== 'string' && !isUtf8(raw))
    return refused(raw, receivedAt, 'bytes that are not UTF-8', 'JSON in UTF-8');
  const text = typeof raw === 'string' ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
  let payload: unknown;
  try {
    payload = parseBody(text);
  } catch (error) {
    return refused(text, receivedAt, (error as Error).message, 'JSON');
  }
  const envelope = envelopeOf(payload);
  if (envelope) return read(envelope.body, envelope.receivedAt ?? receivedAt);
  const decoded = decode(payload);
  if (!decoded.ok) return { understood: false, reason: decoded.reason, body: text, raw, receivedAt };
  return { understood: true, event: decoded.event, text, raw, receivedAt };
}

function refused(body: string | Uint8Array, receivedAt: number, found: string, expected: string): NotUnderstood {
  return {
    understood: false,
    reason: { field: '(body)', found, expected, roomSid: null },
    body,
    raw: body,
    receivedAt,
  };
}

/** The JSON of a body, which may begin with a byte order mark. */
export function parseBody(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** A payload that is longer than what is read of it. */
export function tooLarge(beginning: string | Uint8Array, length: number, receivedAt: number): NotUnderstood {
  return refused(beginning.slice(0, KEPT_OF_LARGEST), receivedAt, `${length} bytes`, `at most ${LARGEST_BODY} bytes`);
}

/** A half surrogate, which no JSON from the wire can hold unescaped, has no place in UTF-8. */
const stored = (text: string) => maskSecrets(text.isWellFormed() ? text : text.toWellFormed());

/** What goes into the history: the body as it came but for secrets, and the digest of what was signed. */
export function eventRow({ event, text, raw, receivedAt }: Understood): NewEvent {
  return {
    roomSid: event.room.sid ?? '',
    roomName: event.room.name,
    fact: sha256(event.fact).slice(0, FACT_LENGTH),
    id: event.id,
    type: event.type,
    at: event.at.ms,
    receivedAt,
    sha256: sha256Bytes(raw),
    body: stored(text),
  };
}

export function quarantineRow({ reason, body, raw, receivedAt }: NotUnderstood): NewQuarantined {
  return { receivedAt, reason, sha256: sha256Bytes(raw), body: typeof body === 'string' ? stored(body) : body };
}

/** A recorded request: its body is what LiveKit sent. */
function envelopeOf(payload: unknown): { body: Incoming; receivedAt: number | null } | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { body, event, receivedAt } = payload as Json;
  if (event !== undefined || (typeof body !== 'string' && (typeof body !== 'object' || body === null))) return null;
  const at =
    typeof receivedAt === 'number' ? receivedAt : typeof receivedAt === 'string' ? Date.parse(receivedAt) : Number.NaN;
  return { body, receivedAt: Number.isSafeInteger(at) ? at : null };
}

/** SDK objects hold 64-bit integers as BigInt. */
function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
