/** The bytes of an upload -> what is handed on: the same, whichever way it was written. */
import { MetricsRecordingHeader } from '@livekit/protocol';
import { parseLoosely } from '../../telemetry/looseJson.ts';
import type { Form } from './form.ts';
import { decodeOtlp } from './otlp.ts';
import { decodeMessage, MOST_MESSAGES, table, text } from './protobuf.ts';
import { type UploadTrouble, unreadable, wrongType } from './trouble.ts';

export type Payload = { payload: unknown } | UploadTrouble;

export function otlpPayload(kind: 'logs' | 'traces', contentType: string, bytes: Uint8Array): Payload {
  if (isProtobuf(contentType)) return readable('Protobuf', () => decodeOtlp(kind, bytes));
  if (/^application\/json\b/i.test(contentType)) return jsonPayload(bytes);
  return wrongType(kind);
}

export const isProtobuf = (contentType: string): boolean => /^application\/(x-)?protobuf\b/i.test(contentType);

export function jsonPayload(bytes: Uint8Array): Payload {
  return readable('JSON', () => parsed(bytes));
}

export function formPayload(parts: Form['parts']): Payload {
  const header = parts.get('header');
  const chat = parts.get('chat_history');
  if (header === undefined) return unreadable('The form has no part "header", which says of which call it is.');
  return readable('form', () => ({
    header: { ...(MetricsRecordingHeader.fromBinary(header).toJson() as object), ...summaryIn(header) },
    chatHistory: chat === undefined ? null : parsed(chat),
  }));
}

const SUMMARY = table({ 11: text('summary') });

/** Python 1.8 sums its session up in a field that the library's message does not have yet. */
function summaryIn(header: Uint8Array): { sessionSummary?: unknown } {
  try {
    const { summary } = decodeMessage(header, SUMMARY) as { summary?: string };
    return summary ? { sessionSummary: parsed(Buffer.from(summary)) } : {};
  } catch {
    return {}; // what it sums up comes by other ways as well
  }
}

function readable(what: string, read: () => unknown): Payload {
  try {
    const payload = read();
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return { payload };
  } catch {} // its message may quote what people said
  return unreadable(`It is not the ${what} that it says it is: no object, cut short, or damaged on its way.`);
}

function parsed(bytes: Uint8Array): unknown {
  if (opened(bytes) > MOST_MESSAGES) throw new RangeError('It holds too many objects.');
  return parseLoosely(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}

/** At least as many objects and lists as it makes: 64 MB of brackets would take 1 GB. */
function opened(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x7b || byte === 0x5b) count++;
  return count;
}
