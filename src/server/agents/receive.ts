/** One upload of an agent -> the answer. 200 is said when what it tells is on disk, and not before. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receipt } from '../../ingest.ts';
import { BodyMemory, discardStream } from '../webhook/body.ts';
import { busy, notStored, problem } from '../webhook/trouble.ts';
import { type UploadAccessOptions, uploadAccess } from './access.ts';
import { LARGEST_INFLATED, readUpload } from './body.ts';
import type { UploadCounts } from './counts.ts';
import type { TelemetryDoor } from './door.ts';
import { type Form, readForm } from './form.ts';
import { formPayload, isProtobuf, jsonPayload, otlpPayload, type Payload } from './payload.ts';
import type { RecordingFolder } from './recordingFolder.ts';
import { recordingName } from './recordingName.ts';
import { retryStatus } from './retryStatus.ts';
import type { UploadKind } from './routes.ts';
import { notAllowed, notPosted, notRead, RETRY_AFTER, soundNotKept, type UploadTrouble } from './trouble.ts';

export interface UploadOptions extends UploadAccessOptions {
  /** Where the sound of calls is kept. Default: it is not. */
  recordings?: RecordingFolder | null;
  counts: UploadCounts;
  onTrouble: (trouble: UploadTrouble) => void;
}
/** Resolves when the answer is on its way; never rejects. */
export type UploadHandler = (kind: UploadKind, request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** Bytes of uploads that may be in memory at once, on their way in or to the disk. Parsed they take some times as much. */
const MOST_HELD = 2 * LARGEST_INFLATED;
/** With more than this waiting for the disk, agents are to come again. */
const MOST_WAITING = 10_000;

export function uploadHandler(
  door: TelemetryDoor,
  { recordings = null, counts, onTrouble, ...options }: UploadOptions,
): UploadHandler {
  const memory = new BodyMemory(MOST_HELD);
  const refusedBy = uploadAccess(options);

  return async (kind, request, response) => {
    const found = await outcome(kind, request);
    const trouble = 'status' in found ? found : null;
    counts.add(kind, trouble?.code ?? 'taken');
    if (trouble) onTrouble(trouble);
    if (!response.headersSent)
      respond(response, 'status' in found ? refusal(kind, found) : success(kind, request, found));
    discardStream(request);
  };

  async function outcome(kind: UploadKind, request: IncomingMessage): Promise<Taken | UploadTrouble> {
    if (request.method !== 'POST') return notPosted(request.method);
    const refused = refusedBy(kind, (name) => request.headersDistinct[name]?.join(','));
    if (refused) return notAllowed(refused);
    if (kind === 'metrics') return { receipts: [] }; // dropped unread
    if (door.load().queued >= MOST_WAITING) return busy('Too much waits for the disk: send it again.', RETRY_AFTER);
    let held = 0;
    let form: Form | null = null;
    try {
      const body = await (kind === 'recordings' ? readForm(request, memory, recordings) : readUpload(request, memory));
      if (typeof body === 'string') return notRead(body);
      if (!(body instanceof Uint8Array)) form = body;
      held = bytesIn(body);
      const found = payloadOf(kind, request.headers['content-type'] ?? '', body);
      if ('status' in found) return found;
      const receipts = await door.processTelemetry({ path: kind, payload: found.payload });
      return form?.sound ? await kept(form, receipts) : { receipts };
    } catch (error) {
      return notStored(error, RETRY_AFTER);
    } finally {
      memory.release(held);
      await form?.sound?.drop();
    }
  }
}

/** What became of an upload, for who sent it. Where its sound is, nobody else is told: that is no fact of the call, and files come and go. */
interface Taken {
  receipts: Receipt[];
  audio?: string;
}

/** The telemetry is stored by then: if the sound cannot be, and comes again, that is a duplicate. */
async function kept({ parts, sound }: Form, receipts: Receipt[]): Promise<Taken | UploadTrouble> {
  try {
    const audio = await sound!.keepAs(recordingName(parts.get('header')!));
    return audio === null ? { receipts } : { receipts, audio };
  } catch (error) {
    return soundNotKept(error);
  }
}

function bytesIn(body: Uint8Array | Form): number {
  if (body instanceof Uint8Array) return body.length;
  return body.parts.values().reduce((sum, { length }) => sum + length, 0);
}

function payloadOf(kind: Exclude<UploadKind, 'metrics'>, contentType: string, body: Uint8Array | Form): Payload {
  if (!(body instanceof Uint8Array)) return formPayload(body.parts);
  return kind === 'logs' || kind === 'traces' ? otlpPayload(kind, contentType, body) : jsonPayload(body);
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' };

/** To OpenTelemetry an empty ExportXServiceResponse, as it was asked: nothing of what was sent is to come again. */
function success(kind: UploadKind, { headers }: IncomingMessage, { receipts, audio }: Taken): Answer {
  if (kind === 'logs' || kind === 'traces' || kind === 'metrics')
    return isProtobuf(headers['content-type'] ?? '')
      ? { status: 200, headers: PROTOBUF_TYPE, body: '' }
      : { status: 200, headers: JSON_TYPE, body: '{}' };
  const told = receipts.map(({ status, roomSid, reason }) => ({ status, roomSid, ...(reason && { reason }) }));
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ receipts: told, audio }) };
}

function refusal(kind: UploadKind, trouble: UploadTrouble): Answer {
  const answer = problem(trouble);
  if (kind !== 'recordings' || trouble.status !== 503) return answer;
  return {
    status: 503,
    headers: { ...answer.headers, ...PROTOBUF_TYPE },
    body: retryStatus(trouble.detail, Number(RETRY_AFTER)),
  };
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
