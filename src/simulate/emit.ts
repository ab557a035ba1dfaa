import { seeded } from '../random.ts';
import {
  asOldServerTells,
  type Call,
  createdAt,
  type Egress,
  type Ingress,
  type Job,
  type Person,
  type Session,
  type Track,
  trackEnd,
} from './call.ts';

/** A webhook's body, in LiveKit's protojson encoding. */
export interface WebhookBody {
  event: string;
  id: string;
  createdAt: string;
  [field: string]: unknown;
}

export interface Emitted {
  /** When it truly happened. */
  at: number;
  event: WebhookBody;
}

const seconds = (instant: number) => String(Math.floor(instant / 1000));
const nanos = (instant: number) => String(BigInt(instant) * 1_000_000n);
const micros = (instant: number) => String(instant * 1000);

/** protojson leaves defaults out; undefined, false and '' stand for them here. */
function withoutDefaults(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== false && value !== ''),
  );
}

/** Several things of one instant are told in the order of a call's life. */
const LIFE = [
  'room_started',
  'agent_job_started',
  'participant_joined',
  'participant_connection_aborted',
  'ingress_started',
  'track_published',
  'egress_started',
  'egress_updated',
  'ingress_ended',
  'track_unpublished',
  'participant_left',
  'agent_job_ended',
  'room_finished',
  'egress_ended',
];

/**
 * The webhooks LiveKit sends for a call (webhooks.md, 2 to 4), in true order. `old`: a server without …Ms fields,
 * disconnectReason, and participant_connection_aborted.
 */
export function webhooksOf(trueCall: Call, { old = false }: { old?: boolean } = {}): Emitted[] {
  const call = old ? asOldServerTells(trueCall) : trueCall;
  const ids = seeded(call.seed ^ 0x1d);
  const emitted: Emitted[] = [];
  const emit = (at: number | null, event: string, fields: Record<string, unknown>) => {
    if (at === null) return;
    emitted.push({ at, event: { event, ...fields, id: `EV_${ids.word(12)}`, createdAt: seconds(at) } });
  };

  const born = createdAt(call);
  const partialRoom = { sid: call.room.sid, name: call.room.name };
  const quietRoom = withoutDefaults({
    ...partialRoom,
    emptyTimeout: call.room.emptyTimeout,
    creationTime: seconds(born),
    turnPassword: 'redacted-turn-password',
    enabledCodecs: [{ mime: 'audio/opus' }, { mime: 'audio/red' }, { mime: 'video/VP8' }, { mime: 'video/H264' }],
    departureTimeout: call.room.departureTimeout,
    creationTimeMs: old ? undefined : String(born),
  });
  // LiveKit's own counts lag behind; one that never moves gives away whoever reads it.
  const room = { ...quietRoom, numParticipants: 1 };

  for (const start of call.room.starts) emit(start, 'room_started', { room: quietRoom });
  for (const end of call.room.ends) {
    emit(end, 'room_finished', withoutDefaults({ room, roomEndReason: call.room.endReason }));
  }

  for (const person of call.people) {
    const { identity } = person;
    for (const session of person.sessions) {
      const { active, from, to, reason, tracks, sid } = session;
      const participant = participantInfo(person, { sid, from, state: 'ACTIVE' }, old);
      emit(active, 'participant_joined', { room, participant });
      for (const track of tracks) {
        const told = { room: partialRoom, participant: { sid, identity }, track: trackInfo(track, session) };
        emit(track.from, 'track_published', told);
        emit(trackEnd(track, session), 'track_unpublished', told);
      }
      const isPublisher = tracks.length > 0;
      const state = { sid, from, state: 'DISCONNECTED', reason: reason ?? undefined, isPublisher };
      emit(to, 'participant_left', { room, participant: participantInfo(person, state, old) });
    }
    for (const { sid, from, at, reason } of person.aborted) {
      const participant = participantInfo(person, { sid, from, state: 'DISCONNECTED', reason }, old);
      emit(at, 'participant_connection_aborted', { room, participant });
    }
  }

  for (const egress of call.egresses) {
    const told = (fields: Record<string, unknown>) => ({
      room: partialRoom,
      egressInfo: egressInfo(call, egress, fields),
    });
    const { requestedAt, activeAt, stoppedAt, reportedAt } = egress;
    // An egress that has not begun has the status STARTING, which is zero, and so no status at all.
    emit(requestedAt, 'egress_started', told({ updatedAt: nanos(requestedAt) }));
    emit(activeAt, 'egress_updated', told({ status: 'EGRESS_ACTIVE', ...progress(egress, activeAt, null) }));
    emit(stoppedAt, 'egress_updated', told({ status: 'EGRESS_ENDING', ...progress(egress, activeAt, null) }));
    emit(reportedAt, 'egress_ended', told({ ...progress(egress, activeAt, stoppedAt), ...ended(egress) }));
  }

  for (const ingress of call.ingresses) {
    const told = (state: Record<string, unknown>) => ({
      room: { name: call.room.name },
      ingressInfo: ingressInfo(call, ingress, state),
    });
    emit(ingress.from, 'ingress_started', told({ status: 'ENDPOINT_PUBLISHING', updatedAt: nanos(ingress.from) }));
    if (ingress.to !== null) {
      // INACTIVE is zero.
      const status = ingress.outcome === 'INACTIVE' ? {} : { status: `ENDPOINT_${ingress.outcome}` };
      const error = ingress.outcome === 'ERROR' ? { error: 'connection lost' } : {};
      emit(
        ingress.to,
        'ingress_ended',
        told({ ...status, ...error, endedAt: nanos(ingress.to), updatedAt: nanos(ingress.to) }),
      );
    }
  }

  for (const job of call.jobs) {
    const told = (state: Record<string, unknown>) => ({ room: partialRoom, job: jobInfo(job, quietRoom, state) });
    emit(job.from, 'agent_job_started', told({ status: 'JS_RUNNING', updatedAt: nanos(job.from) }));
    if (job.to !== null) {
      const end = { status: `JS_${job.outcome}`, endedAt: nanos(job.to), updatedAt: nanos(job.to) };
      emit(job.to, 'agent_job_ended', told(end));
    }
  }

  const rank = ({ event }: Emitted) => LIFE.indexOf(event.event);
  return emitted.sort((one, other) => one.at - other.at || rank(one) - rank(other));
}

function participantInfo(
  { identity, name, kind, hidden, attributes }: Person,
  connection: { sid: string; from: number; state: string; reason?: string; isPublisher?: boolean },
  old: boolean,
): Record<string, unknown> {
  const { sid, from, state, reason, isPublisher } = connection;
  return withoutDefaults({
    sid,
    identity,
    state,
    joinedAt: seconds(from),
    name,
    version: state === 'ACTIVE' ? 3 : 9,
    permission: withoutDefaults({
      canSubscribe: true,
      canPublish: true,
      canPublishData: true,
      hidden,
      recorder: kind === 'EGRESS',
      agent: kind === 'AGENT',
    }),
    isPublisher,
    kind: kind === 'STANDARD' ? undefined : kind,
    attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    disconnectReason: reason,
    joinedAtMs: old ? undefined : String(from),
  });
}

function trackInfo({ sid, type, source, from }: Track, session: Session): Record<string, unknown> {
  const video = type === 'VIDEO';
  const mimeType = video ? 'video/VP8' : 'audio/red';
  const mid = String(session.tracks.findIndex((track) => track.sid === sid));
  return withoutDefaults({
    sid,
    type: video ? type : undefined,
    source: source === 'UNKNOWN' ? undefined : source,
    width: video ? 1280 : undefined,
    height: video ? 720 : undefined,
    mimeType,
    mid,
    codecs: [{ mimeType, mid, cid: `cid-${sid}` }],
    stream: 'camera',
    version: { unixMicro: micros(from) },
    audioFeatures: video ? undefined : ['TF_ECHO_CANCELLATION', 'TF_NOISE_SUPPRESSION'],
  });
}

function egressInfo({ room }: Call, { id, requestedAt, outcome }: Egress, fields: Record<string, unknown>) {
  // One that is aborted before it began has no startedAt to the last.
  const startedAt = outcome === 'ABORTED' ? {} : { startedAt: nanos(requestedAt) };
  return {
    egressId: id,
    roomId: room.sid,
    roomComposite: { roomName: room.name, audioOnly: true },
    ...startedAt,
    roomName: room.name,
    sourceType: 'EGRESS_SOURCE_TYPE_SDK',
    ...fields,
  };
}

/** From when an egress is active, it tells its start, and its result has a span, and in the end a size, of its own. */
function progress({ id, output }: Egress, activeAt: number | null, stoppedAt: number | null): Record<string, unknown> {
  if (activeAt === null) return {};
  const length = stoppedAt === null || stoppedAt === activeAt ? {} : { duration: nanos(stoppedAt - activeAt) };
  const span = { startedAt: nanos(activeAt), ...(stoppedAt === null ? {} : { endedAt: nanos(stoppedAt), ...length }) };
  const size = stoppedAt === null ? {} : { size: '431204' };
  const stored = stoppedAt === null ? {} : { ...size, location: `https://recordings.example.com/${id}.ogg` };
  const results = {
    file: { fileResults: [{ filename: `rec/${id}.ogg`, ...span, ...stored }] },
    stream: { streamResults: [{ url: 'rtmps://live.example.com/x', ...span }] },
    segments: { segmentResults: [{ playlistName: `rec/${id}.m3u8`, ...span, ...size }] },
  };
  return { startedAt: nanos(activeAt), updatedAt: nanos(stoppedAt ?? activeAt), ...results[output] };
}

function ended({ outcome, reportedAt }: Egress): Record<string, unknown> {
  if (reportedAt === null) return {};
  const told = { status: `EGRESS_${outcome}`, endedAt: nanos(reportedAt), updatedAt: nanos(reportedAt) };
  if (outcome === 'COMPLETE') return { ...told, details: 'End reason: Source closed' };
  if (outcome === 'LIMIT_REACHED') return { ...told, error: 'Session limit reached', errorCode: 413 };
  if (outcome === 'ABORTED') return { ...told, error: 'Start signal not received', errorCode: 412 };
  return { ...told, error: 'Pipeline failed' };
}

function ingressInfo({ room }: Call, { id, resourceId, identity, from }: Ingress, state: Record<string, unknown>) {
  return {
    ingressId: id,
    name: 'camera feed',
    streamKey: 'redacted-stream-key',
    url: 'rtmps://ingest.example.com/x',
    audio: {},
    video: {},
    roomName: room.name,
    participantIdentity: identity,
    participantName: identity,
    reusable: true,
    state: { roomId: room.sid, startedAt: nanos(from), resourceId, ...state },
  };
}

function jobInfo(
  { id, dispatchId, identity, from }: Job,
  room: Record<string, unknown>,
  state: Record<string, unknown>,
) {
  const participantIdentity = identity;
  return {
    id,
    dispatchId,
    room,
    agentName: 'frontdesk',
    state: { startedAt: nanos(from), participantIdentity, workerId: 'AW_simulated', ...state },
  };
}
