/**
 * The door: whatever somebody handed in as an event -> what it says, or a reason why it says nothing. Never throws for
 * content.
 */
import { isUtf8 } from 'node:buffer';
import { sha256, sha256Bytes } from './digest.ts';
import { bytesOf, describeIncoming, isPlain, jsonOf, problemOf, sketchOf } from './incoming.ts';
import { maskUnread } from './maskUnread.ts';
import type { NewEvent, NewQuarantined } from './store/store.ts';
import { TELEMETRY } from './telemetry/decodeTelemetry.ts';
import { decode } from './webhook/decode.ts';
import { type Misunderstood, RECONCILED, type WebhookEvent } from './webhook/event.ts';
import type { Json } from './webhook/read.ts';
import { maskHidden, maskNamed } from './webhook/secrets.ts';

/**
 * A parsed webhook, its JSON text, or its bytes (a Uint8Array, an ArrayBuffer, any view of one); or an envelope
 * `{receivedAt, headers, body}` around one of them. Whatever else it is, it is told, and kept.
 */
export type Incoming = unknown;

export interface Understood {
  understood: true;
  event: WebhookEvent;
  /** The JSON as it came, but for secrets that hid within texts. */
  text: string;
  /** What a signature would be over: the bytes, or the text where none came. */
  raw: string | Uint8Array;
  receivedAt: number;
}
export interface NotUnderstood {
  understood: false;
  reason: Misunderstood;
  /** Without its secrets. */
  body: string | Uint8Array;
  raw: string | Uint8Array;
  receivedAt: number;
}
export type Intake = Understood | NotUnderstood;

/** Beyond this nothing is parsed: LiveKit's largest payloads are a fraction of it. Bytes. */
export const LARGEST_BODY = 32 * 1024 * 1024;
/** How much is kept, to look at, of a body that is too large. */
const KEPT_OF_LARGEST = 64 * 1024;
/** A fact's key in its room's history: 96 bits of its digest, in base64url. A room would need 2^48 facts for two to meet. */
const FACT_LENGTH = 16;

export function intake(incoming: Incoming, receivedAt: number): Intake {
  try {
    return read(incoming, receivedAt, false);
  } catch (error) {
    // a getter or a proxy that throws, memory that was given away
    const { found, expected } = describeIncoming(incoming);
    return refused(sketchOf(incoming), receivedAt, {
      found: `${found} that cannot be read: ${problemOf(error)}`,
      expected,
    });
  }
}

/** @param inside an envelope: what it holds is no further envelope, lest one of a million layers be unwrapped layer by layer */
function read(incoming: Incoming, receivedAt: number, inside: boolean): Intake {
  if (typeof incoming === 'string') return readText(incoming, incoming, receivedAt, inside);
  const bytes = bytesOf(incoming);
  return bytes ? readBytes(bytes, receivedAt, inside) : readValue(incoming, receivedAt, inside);
}

function readBytes(bytes: Uint8Array, receivedAt: number, inside: boolean): Intake {
  if (bytes.length > LARGEST_BODY) return tooLarge(bytes, bytes.length, receivedAt);
  if (isUtf8(bytes))
    return readText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(), bytes, receivedAt, inside);
  return refused(bytes, receivedAt, { found: 'bytes that are not UTF-8', expected: 'JSON in UTF-8' });
}

function readValue(incoming: unknown, receivedAt: number, inside: boolean): Intake {
  if (typeof incoming === 'object' && incoming !== null && !inside && isPlain(incoming)) {
    const envelope = envelopeOf(incoming);
    if (envelope) return read(envelope.body, envelope.receivedAt ?? receivedAt, true);
  }
  const text = jsonOf(incoming);
  if (text !== undefined) {
    const taken = readText(text, text, receivedAt, inside);
    const tells = taken.understood || taken.reason.field !== 'event' || taken.reason.found !== 'nothing';
    if (tells || isPlain(incoming as object)) return taken;
  }
  // an object of a class, such as a Promise or a Request: what it holds is elsewhere
  return refused(sketchOf(incoming), receivedAt, describeIncoming(incoming));
}

function readText(text: string, raw: string | Uint8Array, receivedAt: number, inside: boolean): Intake {
  if (text.length > LARGEST_BODY) return tooLarge(text, text.length, receivedAt);
  let payload: unknown;
  try {
    payload = parseBody(text);
  } catch (error) {
    return { ...refused(text, receivedAt, { found: brokenAt(error), expected: 'JSON' }), raw };
  }
  const envelope = inside ? null : envelopeOf(payload);
  if (envelope) return read(envelope.body, envelope.receivedAt ?? receivedAt, true);
  // a half surrogate, which no JSON from the wire can hold unescaped, has no place in UTF-8
  const kept = maskHidden(text.isWellFormed() ? text : text.toWellFormed());
  const decoded = decode(kept === text ? payload : parseBody(kept));
  if (decoded.ok) return { understood: true, event: decoded.event, text: kept, raw, receivedAt };
  return { understood: false, reason: decoded.reason, body: maskNamed(kept), raw, receivedAt };
}

type Told = Pick<Misunderstood, 'found' | 'expected'>;

/** What is no JSON, and may hold secrets all the same. */
function refused(body: string | Uint8Array, receivedAt: number, told: Told): NotUnderstood {
  return {
    understood: false,
    reason: { field: '(body)', ...told, roomSid: null },
    body: maskUnread(body),
    raw: body,
    receivedAt,
  };
}

/** The JSON of a body, which may begin with a byte order mark. */
export function parseBody(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** What V8 says of the JSON, up to where it quotes from it: a secret may stand there. */
function brokenAt(error: unknown): string {
  const [said = ''] = /^Unexpected token '.'|^[^"]*/su.exec((error as Error).message) ?? [];
  return `a text that is no JSON: ${said === '' ? 'no value' : JSON.stringify(said).slice(1, -1)}`;
}

/** A payload that is longer than what is read of it. */
export function tooLarge(beginning: string | Uint8Array, length: number, receivedAt: number): NotUnderstood {
  return refused(beginning.slice(0, KEPT_OF_LARGEST), receivedAt, {
    found: `${length} bytes`,
    expected: `at most ${LARGEST_BODY} bytes`,
  });
}

const OURS = new Set<string>([RECONCILED, TELEMETRY]);

/** What came by LiveKit's route: events of our own making are not its to send, and would be believed. */
export function fromLiveKit(taken: Intake): Intake {
  if (!taken.understood || !OURS.has(taken.event.type)) return taken;
  const { type, room } = taken.event;
  const reason = { field: 'event', found: type, expected: 'an event that LiveKit sends', roomSid: room.sid };
  // what it says is not kept: it may be words of a conversation, and is nobody's word for anything
  return { ...turnedAway(taken, reason), body: JSON.stringify({ event: type, id: taken.event.id }) };
}

/** What was understood, and is not taken in all the same. */
export function turnedAway({ text, raw, receivedAt }: Understood, reason: Misunderstood): NotUnderstood {
  return { understood: false, reason, body: maskNamed(text), raw, receivedAt };
}

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
    body: maskNamed(text),
    ...(event.telemetry && { byOtherClock: true }),
  };
}

export function quarantineRow({ reason, body, raw, receivedAt }: NotUnderstood): NewQuarantined {
  return { receivedAt, reason, sha256: sha256Bytes(raw), body };
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
