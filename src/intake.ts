/**
 * The door: whatever somebody handed in as an event -> an event for the history, or a reason why it is none. Never throws
 * for content.
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

export type Intake =
  | { understood: true; event: WebhookEvent; row: NewEvent }
  | { understood: false; reason: Misunderstood; row: NewQuarantined };

/** Beyond this nothing is parsed: LiveKit's largest payloads are a fraction of it. Bytes. */
export const LARGEST_BODY = 32 * 1024 * 1024;
/** How much of a body that is too large is kept to look at. */
const KEPT_OF_LARGEST = 64 * 1024;
/** A fact's key in the history: 128 bits of its digest, in base64url. */
const FACT_LENGTH = 22;

export function intake(incoming: Incoming, receivedAt: number): Intake {
  try {
    return read(incoming, receivedAt);
  } catch (error) {
    // a payload that no parser survives (absurd nesting, a getter that throws): kept as far as it can be shown
    const found = error instanceof Error ? error.message : String(error);
    return quarantined(printed(incoming), { field: '(body)', found, expected: 'JSON that can be read and written', roomSid: null }, receivedAt);
  }
}

function read(incoming: Incoming, receivedAt: number): Intake {
  const raw = incoming instanceof Uint8Array || typeof incoming === 'string' ? incoming : JSON.stringify(incoming, bigints);
  if (raw === undefined || raw.length > LARGEST_BODY)
    return quarantined(
      (raw ?? '').slice(0, KEPT_OF_LARGEST),
      { field: '(body)', found: raw === undefined ? 'nothing' : `${raw.length} bytes`, expected: `JSON of at most ${LARGEST_BODY} bytes`, roomSid: null },
      receivedAt,
    );
  if (typeof raw !== 'string' && !isUtf8(raw))
    return quarantined(raw, { field: '(body)', found: 'bytes that are not UTF-8', expected: 'JSON in UTF-8', roomSid: null }, receivedAt);
  const text = typeof raw === 'string' ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString();
  let payload: unknown;
  try {
    payload = parseBody(text);
  } catch (error) {
    return quarantined(text, { field: '(body)', found: (error as Error).message, expected: 'JSON', roomSid: null }, receivedAt);
  }
  const envelope = envelopeOf(payload);
  if (envelope) return read(envelope.body, envelope.receivedAt ?? receivedAt);
  const decoded = decode(payload);
  if (!decoded.ok) return quarantined(text, decoded.reason, receivedAt, raw);
  const { event } = decoded;
  event.fact = sha256(event.fact).slice(0, FACT_LENGTH);
  return {
    understood: true,
    event,
    row: {
      roomSid: event.room.sid ?? '',
      roomName: event.room.name,
      fact: event.fact,
      id: event.id,
      type: event.type,
      at: event.at.ms,
      receivedAt,
      sha256: sha256Bytes(raw),
      body: maskSecrets(text),
    },
  };
}

/** The JSON of a body, which may begin with a byte order mark. */
export function parseBody(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

function quarantined(body: string | Uint8Array, reason: Misunderstood, receivedAt: number, signed: string | Uint8Array = body): Intake {
  const row = { receivedAt, reason, sha256: sha256Bytes(signed), body: typeof body === 'string' ? maskSecrets(body) : body };
  return { understood: false, reason, row };
}

/** A recorded request: its body is what LiveKit sent. */
function envelopeOf(payload: unknown): { body: Incoming; receivedAt: number | null } | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { body, event, receivedAt } = payload as Json;
  if (event !== undefined || (typeof body !== 'string' && (typeof body !== 'object' || body === null))) return null;
  const at = typeof receivedAt === 'number' ? receivedAt : typeof receivedAt === 'string' ? Date.parse(receivedAt) : Number.NaN;
  return { body, receivedAt: Number.isSafeInteger(at) ? at : null };
}

/** SDK objects hold 64-bit integers as BigInt. */
function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function printed(incoming: Incoming): string | Uint8Array {
  if (typeof incoming === 'string' || incoming instanceof Uint8Array) return incoming.slice(0, KEPT_OF_LARGEST);
  return Object.prototype.toString.call(incoming);
}
