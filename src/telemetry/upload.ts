/** What an agent uploaded -> the bodies that go into the history: one for each job in each room, without words unless they are kept. */
import { isPlausible, type Json } from '../webhook/read.ts';
import { isTold } from './decodeSpans.ts';
import { decodeTelemetry, TELEMETRY } from './decodeTelemetry.ts';
import { KEPT_FIELDS } from './keptFields.ts';
import { flatSpans, type LogRecord, logRecords } from './otlp.ts';
import { isJson, told, word } from './read.ts';
import { SESSION_ATTRIBUTES, wordIn } from './spanAttributes.ts';

export const UPLOAD_PATHS = ['report', 'recordings', 'logs', 'traces', 'evals'] as const;

/** As the server's routes hand it on: parsed, OTLP as its JSON. */
export interface Upload {
  /** `report`: a session report. `recordings`: `{header, chatHistory}`, the end of a session. `logs`, `traces`: OTLP. `evals`: `call.ended` of livekit-evals. */
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
  const split = SPLIT[path];
  const parts = split && isJson(payload) ? split(payload) : [payload];
  return parts.map((part) => {
    const kept = keepWords ? part : KEPT_FIELDS[path](part);
    const body = { event: TELEMETRY, path, payload: kept, redacted: !keepWords } as const;
    return { ...body, room: roomOf(path, kept), createdAt: latestIn(body as unknown as Json) ?? receivedAt };
  });
}

/** Where each tells of its room. livekit-evals knows it by name alone. */
const ROOM: Record<Upload['path'], { holder: string | null; sid: string; name: string }> = {
  report: { holder: null, sid: 'roomId', name: 'room' },
  recordings: { holder: 'header', sid: 'roomId', name: 'roomName' },
  logs: { holder: null, sid: 'roomId', name: 'room' },
  traces: { holder: null, sid: 'roomId', name: 'room' },
  evals: { holder: 'call', sid: 'roomSid', name: 'roomName' },
};

function roomOf(path: Upload['path'], payload: unknown): UploadBody['room'] {
  const place = ROOM[path];
  const holder = isJson(payload) && place.holder !== null ? payload[place.holder] : payload;
  if (!isJson(holder)) return {};
  const sid = word(holder, place.sid);
  const name = word(holder, place.name);
  return { ...(sid !== undefined && { sid }), ...(name !== undefined && { name }) };
}

const SPLIT: Partial<Record<Upload['path'], (payload: Json) => Json[]>> = { logs: sessionsIn, traces: tracesIn };

/**
 * Spans by room and job. Where a span does not name them itself, another one of its trace does: older agents name the room
 * on the outermost ones alone.
 */
function tracesIn(payload: Json): Json[] {
  const spans = flatSpans(payload);
  const names = new Map<unknown, Json>();
  for (const span of spans) names.set(span.traceId, { ...told(sessionOf(span)), ...names.get(span.traceId) });
  const known = spans.filter(({ name }) => isTold(name));
  const sessions = Map.groupBy(known, (span) =>
    JSON.stringify({ ...names.get(span.traceId), ...told(sessionOf(span)) }),
  );
  return [...sessions].map(([session, own]) => ({
    ...JSON.parse(session),
    spans: own.map((span) => ({ ...span, language: span['telemetry.sdk.language'] })),
  }));
}

function sessionOf(span: Json): Json {
  return Object.fromEntries(
    Object.entries(SESSION_ATTRIBUTES).map(([key, attribute]) => [key, wordIn(span, attribute)]),
  );
}

/** LiveKit's scopes: other records, of the runtime, tell how it ran, not what was done. */
const TELLING = new Set<unknown>(['chat_history', 'evaluations']);

/** What tells of a session, by room and job. */
function sessionsIn(payload: Json): Json[] {
  const sessions = Map.groupBy(
    logRecords(payload).filter(({ scope, attributes }) => TELLING.has(attributes['logger.name'] ?? scope)),
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
    const { items, spans = [] } = decodeTelemetry(body);
    let latest: number | undefined;
    const look = (ms: number | undefined) => {
      if (ms !== undefined && isPlausible(ms) && ms > (latest ?? 0)) latest = ms;
    };
    for (const { createdAt, stoppedAt } of items) [createdAt, stoppedAt].forEach(look);
    for (const { to } of spans) look(to);
    return latest;
  } catch {
    return undefined; // it will be quarantined, with the reason
  }
}
