/**
 * JSON -> WebhookEvent. Tolerant of every encoding people's LiveKit webhooks come in, strict in what it gives out.
 * Never throws: what cannot be understood comes back with the field, what stood there, and what was expected.
 */
import { decodeTelemetry, TELEMETRY } from '../telemetry/decodeTelemetry.ts';
import { decodeAnswer } from './decodeAnswer.ts';
import { decodeParticipant, decodeTrack } from './decodePeople.ts';
import { decodeEgress, decodeIngress, decodeJob } from './decodeServices.ts';
import { enumName, ROOM_END_REASON } from './enums.ts';
import {
  type Clock,
  type Doubt,
  EVENT_TYPES,
  type Misunderstood,
  RECONCILED,
  type RoomFacts,
  type WebhookEvent,
} from './event.ts';
import { clock, field, id, int64, type Json, message, NotUnderstood, readable, text } from './read.ts';

export type Decoded = { ok: true; event: WebhookEvent } | { ok: false; reason: Misunderstood };

const KNOWN = new Set<string>([...EVENT_TYPES, RECONCILED]);
/** The seed dialect's words for a recording's begin and end (webhooks.md 6.20). */
const ALIASES = new Map([
  ['recording_started', 'egress_started'],
  ['recording_updated', 'egress_updated'],
  ['recording_finished', 'egress_ended'],
  ['recording_ended', 'egress_ended'],
]);
/** A payload instant may lie this far after its event's createdAt before it is disbelieved (metrics.md rule 3). */
const AHEAD = 60_000;

export function decode(payload: unknown): Decoded {
  try {
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
      throw new NotUnderstood('(body)', payload, 'a JSON object with the fields event, room, createdAt');
    return { ok: true, event: decodeEvent(payload as Json) };
  } catch (error) {
    if (error instanceof NotUnderstood) return { ok: false, reason: { ...error.reason, roomSid: guessRoom(payload) } };
    throw error;
  }
}

function decodeEvent(body: Json): WebhookEvent {
  const egressBody = message(body, 'egressInfo') ?? message(body, 'recordingInfo') ?? message(body, 'recording');
  const type = eventType(body, egressBody);
  if (type === TELEMETRY) return decodeUpload(body);
  if (!KNOWN.has(type)) return decodeUnknown(body, type);
  const isParticipant = type.startsWith('participant_');
  const isTrack = type.startsWith('track_');

  const egress = egressBody && type.startsWith('egress_') ? decodeEgress(egressBody, type) : undefined;
  const ingressBody = type.startsWith('ingress_') ? message(body, 'ingressInfo') : undefined;
  const ingress = ingressBody && decodeIngress(ingressBody);
  const jobBody = type.startsWith('agent_job_') ? (message(body, 'job') ?? message(body, 'agentJob')) : undefined;
  const job = jobBody && decodeJob(jobBody);
  if (type.startsWith('egress_') && !egress)
    throw new NotUnderstood('egressInfo', field(body, 'egressInfo'), 'an object');
  if (type.startsWith('ingress_') && !ingress)
    throw new NotUnderstood('ingressInfo', field(body, 'ingressInfo'), 'an object');
  if (type.startsWith('agent_job_') && !job) throw new NotUnderstood('job', field(body, 'job'), 'an object');

  const room = decodeRoom(body, { egressBody, ingressBody, jobBody });
  const participant = decodeParticipant(body, isParticipant);
  if (isParticipant && !participant)
    throw new NotUnderstood('participant', field(body, 'participant'), 'an object with sid and identity');
  const trackBody = isTrack ? message(body, 'track') : undefined;
  const track = trackBody && decodeTrack(trackBody);
  if (isTrack && !track) throw new NotUnderstood('track', field(body, 'track'), 'an object with a sid');
  if (room.sid === null && room.name === null && !egress && !ingress && !job)
    throw new NotUnderstood('room.sid', (body.room as Json | null)?.sid, 'the sid of a room (RM_…)');

  const eventId = id(body, 'id', 'id') ?? null;
  const told = clock(body, 'createdAt');
  if (told === 'unreadable')
    throw new NotUnderstood(
      'createdAt',
      field(body, 'createdAt'),
      'an instant in seconds between the years 2015 and 2100',
    );
  const own = // senders of 2021 gave no createdAt: then the payload's own instant of what it tells
    egress?.updatedAt ??
    egress?.endedAt ??
    egress?.startedAt ??
    ingress?.endedAt ??
    ingress?.startedAt ??
    job?.endedAt ??
    job?.startedAt;
  const at: Clock | undefined =
    told ??
    (type === 'room_started' ? room.createdAt : undefined) ??
    (type === 'participant_joined' ? participant?.joinedAt : undefined) ??
    (own !== undefined ? { ms: own, grain: 1 } : undefined) ??
    (type === 'track_published' && track?.versionAt !== undefined ? { ms: track.versionAt, grain: 1 } : undefined);
  if (at === undefined) throw new NotUnderstood('createdAt', undefined, 'an instant in seconds');

  const event: WebhookEvent = { id: eventId, type, known: true, at, fact: '', room };
  if (type === 'room_finished') {
    const reason = enumName(ROOM_END_REASON, field(body, 'roomEndReason'));
    if (reason !== undefined && reason !== 'ROOM_END_UNKNOWN') event.roomEndReason = reason;
  }
  if (participant && (isParticipant || isTrack)) event.participant = participant;
  if (track) event.track = track;
  if (egress) event.egress = egress;
  if (ingress) event.ingress = ingress;
  if (job) event.job = job;
  if (type === RECONCILED) event.answer = decodeAnswer(body);
  disbelieve(event, body);
  event.fact = factOf(event);
  return event;
}

/** Of a type that this version does not know, only where and when is understood: whatever else it carries is no fault. */
function decodeUnknown(body: Json, type: string): WebhookEvent {
  const at = readable(clock(body, 'createdAt'));
  if (at === undefined) throw new NotUnderstood('createdAt', field(body, 'createdAt'), 'an instant in seconds');
  const event: WebhookEvent = {
    id: id(body, 'id', 'id') ?? null,
    type,
    known: false,
    at,
    fact: '',
    room: decodeRoom(body, {}),
  };
  disbelieve(event, body);
  event.fact = factOf(event);
  return event;
}

/** What an agent uploaded. The same bytes are the same fact, whenever they arrive. */
function decodeUpload(body: Json): WebhookEvent {
  const room = decodeRoom(body, {});
  if (room.sid === null && room.name === null)
    throw new NotUnderstood('room.sid', undefined, 'the sid or the name of the room that the agent was in');
  const at = readable(clock(body, 'createdAt'));
  const uploadId = id(body, 'id', 'id');
  if (at === undefined) throw new NotUnderstood('createdAt', field(body, 'createdAt'), 'an instant in milliseconds');
  if (uploadId === undefined) throw new NotUnderstood('id', undefined, 'the id of an upload (AU_…)');
  const telemetry = decodeTelemetry(body);
  return { id: uploadId, type: TELEMETRY, known: true, at, fact: `${TELEMETRY}|${uploadId}`, room, telemetry };
}

/** Some keep only the egress' info (real-8): its status tells which event it was. */
function eventType(body: Json, egressBody: Json | undefined): string {
  const type = field(body, 'event');
  if (type === undefined && egressBody !== undefined) {
    const status = decodeEgress(egressBody, 'egress_updated').status;
    if (status === undefined || status === 'EGRESS_STARTING') return 'egress_started';
    return status === 'EGRESS_ACTIVE' || status === 'EGRESS_ENDING' ? 'egress_updated' : 'egress_ended';
  }
  if (typeof type !== 'string' || type === '' || type.length > 100)
    throw new NotUnderstood('event', type, `the name of an event, such as ${EVENT_TYPES[0]}`);
  return ALIASES.get(type) ?? type.toWellFormed();
}

const LONGEST_METADATA = 16_384;

function decodeRoom(body: Json, inside: { egressBody?: Json; ingressBody?: Json; jobBody?: Json }): RoomFacts {
  const jobRoom = inside.jobBody && message(inside.jobBody, 'room', 'job.room');
  const room = message(body, 'room') ?? jobRoom ?? {};
  const ingressState = inside.ingressBody && message(inside.ingressBody, 'state', 'ingressInfo.state');
  const facts: RoomFacts = {
    sid:
      id(room, 'sid', 'room.sid') ??
      (inside.egressBody && id(inside.egressBody, 'roomId', 'egressInfo.roomId')) ??
      (ingressState && id(ingressState, 'roomId', 'ingressInfo.state.roomId')) ??
      (jobRoom && id(jobRoom, 'sid', 'job.room.sid')) ??
      null,
    name:
      id(room, 'name', 'room.name') ??
      (inside.egressBody && egressRoomName(inside.egressBody)) ??
      (inside.ingressBody && id(inside.ingressBody, 'roomName', 'ingressInfo.roomName')) ??
      (jobRoom && id(jobRoom, 'name', 'job.room.name')) ??
      null,
  };
  const created = readable(clock(room, 'creationTimeMs')) ?? readable(clock(room, 'creationTime'));
  if (created) facts.createdAt = created;
  const emptyTimeout = int64(room, 'emptyTimeout');
  if (emptyTimeout !== undefined && emptyTimeout > 0 && emptyTimeout < 1e9) facts.emptyTimeout = emptyTimeout;
  const departureTimeout = int64(room, 'departureTimeout');
  if (departureTimeout !== undefined && departureTimeout > 0 && departureTimeout < 1e9)
    facts.departureTimeout = departureTimeout;
  const metadata = text(room, 'metadata');
  if (metadata?.startsWith('{') && metadata.length <= LONGEST_METADATA) facts.metadata = metadata;
  return facts;
}

/** The room's name stands in the info, or only in the request it was started with. */
function egressRoomName(egress: Json): string | undefined {
  const direct = id(egress, 'roomName', 'egressInfo.roomName');
  if (direct !== undefined) return direct;
  for (const kind of ['roomComposite', 'participant', 'trackComposite', 'track']) {
    const request = field(egress, kind);
    if (typeof request === 'object' && request !== null && !Array.isArray(request)) {
      const name = text(request as Json, 'roomName');
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

/** Takes out payload instants that lie more than a minute after the event itself, and notes it; those that are none, too. */
function disbelieve(event: WebhookEvent, body: Json): void {
  const limit = event.at.ms + AHEAD;
  const doubts: Doubt[] = [];
  const drop = (holder: object | undefined, key: string, name: string) => {
    const value = (holder as Record<string, Clock | number | undefined> | undefined)?.[key];
    const ms = typeof value === 'object' ? value.ms : value;
    if (ms === undefined || ms <= limit) return;
    doubts.push({ field: name, why: `${new Date(ms).toISOString()} lies more than a minute after the event itself` });
    delete (holder as Record<string, unknown>)[key];
  };
  const noteUnreadable = (holder: string, key: string) => {
    const info = message(body, holder);
    if (info && clock(info, key) === 'unreadable')
      doubts.push({ field: `${holder}.${key}`, why: 'it is no instant between the years 2015 and 2100' });
  };
  for (const key of ['creationTime', 'creationTimeMs']) noteUnreadable('room', key);
  if (event.participant) for (const key of ['joinedAt', 'joinedAtMs']) noteUnreadable('participant', key);
  drop(event.room, 'createdAt', 'room.creationTime');
  drop(event.participant, 'joinedAt', 'participant.joinedAt');
  drop(event.track, 'versionAt', 'track.version');
  for (const key of ['startedAt', 'endedAt', 'resultStartedAt', 'resultEndedAt'])
    drop(event.egress, key, `egressInfo.${key}`);
  for (const key of ['startedAt', 'endedAt']) drop(event.ingress, key, `ingressInfo.state.${key}`);
  for (const key of ['startedAt', 'endedAt']) drop(event.job, key, `job.state.${key}`);
  if (doubts.length > 0) event.doubts = doubts;
}

/**
 * What happened, whoever tells it and under whichever id: (event, sids, egress, ingress or job and its status, instant).
 * Two egress_updated of one second differ in updatedAt. A type we do not know is told apart by its id.
 */
function factOf(event: WebhookEvent): string {
  const { participant, track, egress, ingress, job } = event;
  const parts: (string | number | undefined)[] = [event.type, event.at.ms, participant?.sid, track?.sid];
  if (egress) parts.push(egress.id, egress.status, egress.updatedAt);
  if (ingress) parts.push(ingress.id, ingress.resourceId, ingress.status);
  if (job) parts.push(job.id, job.status);
  if (!event.known) parts.push(event.id ?? undefined);
  if (event.room.sid === null) parts.push(event.room.name ?? undefined);
  return parts.map((part) => (part === undefined ? '' : String(part))).join('|');
}

/** The room a payload seems to speak of, for the count of what was not understood. */
function guessRoom(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const room = (payload as Json).room;
  const sid = typeof room === 'object' && room !== null ? (room as Json).sid : undefined;
  return typeof sid === 'string' && sid !== '' && sid.length <= 100 ? sid.toWellFormed() : null;
}
