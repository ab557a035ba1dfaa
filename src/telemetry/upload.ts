/** What an agent uploaded -> the bodies that go into the history: one for each job in each room, without words unless they are kept. */
import type { Json } from '../webhook/read.ts';
import { decodeTelemetry, TELEMETRY } from './decodeTelemetry.ts';
import { type LogRecord, logRecords } from './otlp.ts';
import { isJson, word } from './read.ts';
import { withoutWords } from './withoutWords.ts';

export const UPLOAD_PATHS = ['report', 'recordings', 'logs'] as const;

/** As the server's routes hand it on: parsed, OTLP as its JSON. */
export interface Upload {
  /** `report`: a session report. `recordings`: `{header, chatHistory}`, the end of a session. `logs`: OTLP log records. */
  path: (typeof UPLOAD_PATHS)[number];
  payload: unknown;
}

export interface UploadBody {
  event: typeof TELEMETRY;
  createdAt: number;
  room: { sid?: string; name?: string };
  path: Upload['path'];
  payload: unknown;
  redacted: boolean;
}

export function bodiesOf({ path, payload }: Upload, receivedAt: number, keepWords: boolean): UploadBody[] {
  const parts = path === 'logs' && isJson(payload) ? sessionsIn(payload) : [payload];
  return parts.map((part) => {
    const kept = keepWords ? part : withoutWords(part);
    const body = { event: TELEMETRY, path, payload: kept, redacted: !keepWords } as const;
    return { ...body, room: roomOf(path, kept), createdAt: latestIn(body as unknown as Json) ?? receivedAt };
  });
}

function roomOf(path: Upload['path'], payload: unknown): UploadBody['room'] {
  const holder = isJson(payload) && path === 'recordings' ? payload.header : payload;
  if (!isJson(holder)) return {};
  const sid = word(holder, 'roomId');
  const name = word(holder, path === 'recordings' ? 'roomName' : 'room');
  return { ...(sid !== undefined && { sid }), ...(name !== undefined && { name }) };
}

/** The chat history's records by room and job: those of the runtime tell how it ran, not what was done. */
function sessionsIn(payload: Json): Json[] {
  const sessions = Map.groupBy(
    logRecords(payload).filter(({ scope, attributes }) => (attributes['logger.name'] ?? scope) === 'chat_history'),
    ({ attributes }: LogRecord) => JSON.stringify([attributes.room_id, attributes.job_id]),
  );
  return [...sessions.values()].map((records) => {
    const { room_id, job_id, room } = records[0]!.attributes;
    return {
      room_id,
      job_id,
      room,
      records: records.map(({ attributes, body }) => ({ ...attributes, body })),
    };
  });
}

/** The same upload has the same instant, whenever it arrives. */
function latestIn(body: Json): number | undefined {
  try {
    const instants = decodeTelemetry(body).items.flatMap(({ createdAt, stoppedAt }) => [
      createdAt ?? 0,
      stoppedAt ?? 0,
    ]);
    const latest = instants.reduce((one, other) => Math.max(one, other), 0);
    return latest > 0 ? latest : undefined;
  } catch {
    return undefined; // it will be quarantined, with the reason
  }
}
