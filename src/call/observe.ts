/** The fold: one event into a Call. Commutative and idempotent; O(1) in the length of the call. */
import type { AnswerFacts, EgressFacts, ParticipantFacts, TrackFacts, WebhookEvent } from '../webhook/event.ts';
import {
  type Call,
  type EgressLife,
  earliest,
  finest,
  laterWord,
  latest,
  type SessionLife,
  type Sign,
  type TrackLife,
  type Word,
} from './call.ts';
import { rankOf } from './order.ts';
import { hear } from './talk.ts';

/** Only a room that goes on sends these; a leave or an end may come from one that is closing (webhooks.md 6.5, 6.6). */
const LIFE = new Set(['room_started', 'participant_joined', 'track_published', 'agent_job_started']);
const PROOF = /^(room|participant|track)_/;
/** The states in which an egress is over. */
const OVER = new Set(['EGRESS_COMPLETE', 'EGRESS_LIMIT_REACHED', 'EGRESS_ABORTED', 'EGRESS_FAILED']);
const ANSWERED = new Set(['active', 'automation']);

/** True when the fact is new to the call. */
export function observe(call: Call, event: WebhookEvent): boolean {
  const fresh = !call.facts.has(event.fact);
  if (fresh) {
    // an agent's clock is not LiveKit's: what it tells lies nowhere among the rest
    call.facts.set(event.fact, event.telemetry ? Number.NEGATIVE_INFINITY : event.at.ms);
    if (!event.known) call.unknownTypes++;
  }
  if (event.telemetry) {
    if (call.talks.size === 0) call.talks = new Map();
    if (fresh) call.uploads++;
    call.told += event.telemetry.items.length + (event.telemetry.spans?.length ?? 0);
    hear(call.talks, event.telemetry, { id: event.id ?? event.fact, ms: event.at.ms });
    return fresh;
  }
  const sign: Sign = { ms: event.at.ms, grain: event.at.grain, id: event.id };
  observeRoom(call, event, sign);
  if (event.known) {
    const session = event.participant && observeSession(call, event, event.participant, sign);
    if (event.track) observeTrack(call, event, event.track, session ?? null, sign);
    if (event.egress) observeEgress(call, event, event.egress, sign);
    if (event.ingress) observeIngress(call, event, sign);
    if (event.job) observeJob(call, event, sign);
    if (event.answer) observeAnswer(call, event, event.answer, sign);
  }
  for (const { field, why } of event.doubts ?? []) {
    const subject = field.split('.')[0]!.replace('Info', '');
    const sid =
      { participant: event.participant?.sid, track: event.track?.sid, egress: event.egress?.id }[subject] ??
      call.roomSid;
    call.doubts.set(`${sid} ${field}`, { subject, sid, field, why });
  }
  return fresh;
}

function observeRoom(call: Call, event: WebhookEvent, sign: Sign): void {
  const { room } = call;
  const rank = rankOf(event.type);
  room.name = laterWord(room.name, event.room.name ?? undefined, sign.ms, rank);
  room.emptyTimeout = laterWord(room.emptyTimeout, event.room.emptyTimeout, sign.ms, rank);
  room.departureTimeout = laterWord(room.departureTimeout, event.room.departureTimeout, sign.ms, rank);
  room.metadata = laterWord(room.metadata, event.room.metadata, sign.ms, rank);
  if (event.room.createdAt) room.created = finest(room.created, event.room.createdAt);
  room.firstSign = earliest(room.firstSign, sign);
  if (sign.ms > room.lastHeard) room.lastHeard = sign.ms;
  if (event.type === 'room_started') room.started = earliest(room.started, sign);
  if (event.type === 'room_finished') {
    room.finished = latest(room.finished, sign);
    room.endReason = laterWord(room.endReason, event.roomEndReason, sign.ms, rank);
  } else if (event.known && PROOF.test(event.type)) room.lastProof = latest(room.lastProof, sign);
  if (LIFE.has(event.type)) room.lastLife = latest(room.lastLife, sign);
}

function observeAnswer(
  call: Call,
  event: WebhookEvent,
  { exists, participants, egresses }: AnswerFacts,
  sign: Sign,
): void {
  if (exists) {
    call.room.lastProof = latest(call.room.lastProof, sign);
    call.room.lastLife = latest(call.room.lastLife, sign);
  }
  for (const facts of participants) observeSession(call, event, facts, sign);
  for (const facts of egresses) {
    observeEgress(call, event, facts, sign);
    const egress = call.egresses.get(facts.id)!;
    if (OVER.has(facts.status ?? '') && facts.endedAt !== undefined)
      egress.ended = latest(egress.ended, { ms: facts.endedAt, grain: 1, id: sign.id });
  }
  const present = new Set(participants.map(({ sid }) => sid));
  call.rollCalls = new Map(call.rollCalls).set(event.fact, { sign, exists, present });
}

function observeSession(call: Call, event: WebhookEvent, facts: ParticipantFacts, sign: Sign): SessionLife {
  let session = call.sessions.get(facts.sid);
  if (session === undefined) {
    session = newSession(facts.sid, facts.identity, sign);
    call.sessions.set(facts.sid, session);
  }
  const rank = rankOf(event.type);
  if (facts.identity < session.identity) session.identity = facts.identity;
  session.firstSign = earliest(session.firstSign, sign);
  switch (event.type) {
    case 'participant_joined':
      session.joined = earliest(session.joined, sign);
      session.lastSign = latest(session.lastSign, sign);
      break;
    case 'participant_left':
      session.left = latest(session.left, sign);
      session.reason = laterWord(session.reason, facts.disconnectReason, sign.ms, rank);
      break;
    case 'participant_connection_aborted':
      session.aborted = latest(session.aborted, sign);
      session.abortReason = laterWord(session.abortReason, facts.disconnectReason, sign.ms, rank);
      break;
    default: // its tracks
      session.lastSign = latest(session.lastSign, sign);
  }
  session.kind = laterWord(session.kind, facts.kind, sign.ms, rank);
  session.name = laterWord(session.name, facts.name, sign.ms, rank);
  if (facts.joinedAt) {
    session.joinedAt = finest(session.joinedAt, facts.joinedAt);
    // who joined was in a living room, also where a later event alone tells of it
    call.room.lastLife = latest(call.room.lastLife, { ...facts.joinedAt, id: sign.id });
  }
  if (facts.hidden) session.hidden = true;
  if (facts.recorder) session.recorder = true;
  if (facts.agent) session.agent = true;
  if (facts.modern) session.modern = true;
  if (facts.attributes) {
    session.attributes ??= {};
    for (const [key, value] of Object.entries(facts.attributes)) {
      // an attribute of a call does not change, save its status; where it does, the greater word stands in every order
      if ((session.attributes[key] ?? '') < value) session.attributes[key] = value;
    }
    if (event.type !== 'participant_left' && ANSWERED.has(facts.attributes['sip.callStatus'] ?? ''))
      session.answeredBy = earliest(session.answeredBy, sign);
  }
  return session;
}

function newSession(sid: string, identity: string, firstSign: Sign): SessionLife {
  return {
    sid,
    identity,
    joined: null,
    left: null,
    aborted: null,
    joinedAt: null,
    firstSign,
    lastSign: null,
    reason: null,
    abortReason: null,
    kind: null,
    name: null,
    hidden: false,
    recorder: false,
    agent: false,
    modern: false,
    attributes: null,
    answeredBy: null,
  };
}

function observeTrack(
  call: Call,
  event: WebhookEvent,
  facts: TrackFacts,
  session: SessionLife | null,
  sign: Sign,
): void {
  let track = call.tracks.get(facts.sid);
  if (track === undefined) {
    track = newTrack(facts);
    call.tracks.set(facts.sid, track);
  }
  if (session !== null && (track.session === null || session.sid < track.session.sid)) track.session = session;
  if (event.type === 'track_published') track.published = earliest(track.published, sign);
  else track.unpublished = latest(track.unpublished, sign);
  // AUDIO and UNKNOWN are what an encoder leaves out: a word that was written overrules them
  if (facts.type > track.type) track.type = facts.type;
  if (track.source === 'UNKNOWN' || (facts.source !== 'UNKNOWN' && facts.source > track.source))
    track.source = facts.source;
  if (facts.mimeType !== undefined && facts.mimeType > (track.mimeType ?? '')) track.mimeType = facts.mimeType;
  if (facts.disableRed) track.disableRed = true;
  if (facts.versionAt !== undefined) track.versionAt = Math.min(facts.versionAt, track.versionAt ?? facts.versionAt);
}

function newTrack({ sid, type, source }: TrackFacts): TrackLife {
  return {
    sid,
    session: null,
    published: null,
    unpublished: null,
    type,
    source,
    mimeType: null,
    disableRed: false,
    versionAt: null,
  };
}

const EGRESS_RANK = [
  'EGRESS_STARTING',
  'EGRESS_ACTIVE',
  'EGRESS_ENDING',
  'EGRESS_COMPLETE',
  'EGRESS_LIMIT_REACHED',
  'EGRESS_ABORTED',
  'EGRESS_FAILED',
];

function observeEgress(call: Call, event: WebhookEvent, facts: EgressFacts, sign: Sign): void {
  let egress = call.egresses.get(facts.id);
  if (egress === undefined) {
    egress = newEgress(facts.id, sign);
    call.egresses.set(facts.id, egress);
  }
  egress.firstSign = earliest(egress.firstSign, sign);
  egress.lastSign = latest(egress.lastSign, sign);
  if (event.type === 'egress_started') egress.requested = earliest(egress.requested, sign);
  if (facts.status === 'EGRESS_ACTIVE') egress.active = earliest(egress.active, sign);
  if (event.type === 'egress_ended') egress.ended = latest(egress.ended, sign);
  // within an egress' life its status tells the order better than a clock of whole seconds
  const rank = event.type === 'egress_ended' ? EGRESS_RANK.length : EGRESS_RANK.indexOf(facts.status ?? '');
  egress.status = laterStage(egress.status, facts.status, EGRESS_RANK.indexOf(facts.status ?? ''));
  egress.startedAt = laterStage(egress.startedAt, facts.startedAt, rank);
  egress.endedAt = laterStage(egress.endedAt, facts.endedAt, rank);
  egress.resultDuration = laterStage(egress.resultDuration, facts.resultDuration, rank);
  egress.location = laterStage(egress.location, facts.location, rank);
  egress.error = laterStage(egress.error, facts.error, rank);
  if (facts.kind !== undefined && facts.kind > (egress.kind ?? '')) egress.kind = facts.kind;
  if (facts.bytes !== undefined) egress.bytes = Math.max(facts.bytes, egress.bytes ?? 0);
  if (facts.resultStartedAt !== undefined)
    egress.resultStartedAt = Math.min(facts.resultStartedAt, egress.resultStartedAt ?? facts.resultStartedAt);
  if (facts.resultEndedAt !== undefined)
    egress.resultEndedAt = Math.max(facts.resultEndedAt, egress.resultEndedAt ?? 0);
}

function laterStage<T extends string | number>(
  word: Word<T> | null,
  value: T | undefined,
  rank: number,
): Word<T> | null {
  return laterWord(word, value, rank, rank);
}

function newEgress(id: string, sign: Sign): EgressLife {
  return {
    id,
    kind: null,
    requested: null,
    active: null,
    ended: null,
    firstSign: sign,
    lastSign: sign,
    status: null,
    startedAt: null,
    endedAt: null,
    resultStartedAt: null,
    resultEndedAt: null,
    resultDuration: null,
    bytes: null,
    location: null,
    error: null,
  };
}

function observeIngress(call: Call, event: WebhookEvent, sign: Sign): void {
  const facts = event.ingress!;
  // a reusable ingress runs several times; each run is a resource of its own
  const key = `${facts.id} ${facts.resourceId ?? ''}`;
  let ingress = call.ingresses.get(key);
  if (ingress === undefined) {
    ingress = {
      id: facts.id,
      resourceId: facts.resourceId ?? null,
      started: null,
      ended: null,
      firstSign: sign,
      inputType: null,
      status: null,
      participantIdentity: null,
      startedAt: null,
      endedAt: null,
      error: null,
    };
    call.ingresses.set(key, ingress);
  }
  const rank = rankOf(event.type);
  ingress.firstSign = earliest(ingress.firstSign, sign);
  if (event.type === 'ingress_started') ingress.started = earliest(ingress.started, sign);
  else ingress.ended = latest(ingress.ended, sign);
  ingress.inputType = laterWord(ingress.inputType, facts.inputType, sign.ms, rank);
  ingress.status = laterWord(ingress.status, facts.status, sign.ms, rank);
  ingress.participantIdentity = laterWord(ingress.participantIdentity, facts.participantIdentity, sign.ms, rank);
  ingress.error = laterWord(ingress.error, facts.error, sign.ms, rank);
  if (facts.startedAt !== undefined)
    ingress.startedAt = Math.min(facts.startedAt, ingress.startedAt ?? facts.startedAt);
  if (facts.endedAt !== undefined) ingress.endedAt = Math.max(facts.endedAt, ingress.endedAt ?? 0);
}

function observeJob(call: Call, event: WebhookEvent, sign: Sign): void {
  const facts = event.job!;
  let job = call.jobs.get(facts.id);
  if (job === undefined) {
    job = {
      id: facts.id,
      started: null,
      ended: null,
      agentName: null,
      dispatchId: null,
      status: null,
      startedAt: null,
      endedAt: null,
      error: null,
      participantIdentity: null,
    };
    call.jobs.set(facts.id, job);
  }
  const rank = rankOf(event.type);
  if (event.type === 'agent_job_started') job.started = earliest(job.started, sign);
  else job.ended = latest(job.ended, sign);
  job.agentName = laterWord(job.agentName, facts.agentName, sign.ms, rank);
  job.dispatchId = laterWord(job.dispatchId, facts.dispatchId, sign.ms, rank);
  job.status = laterWord(job.status, facts.status, sign.ms, rank);
  job.error = laterWord(job.error, facts.error, sign.ms, rank);
  job.participantIdentity = laterWord(job.participantIdentity, facts.participantIdentity, sign.ms, rank);
  if (facts.startedAt !== undefined) job.startedAt = Math.min(facts.startedAt, job.startedAt ?? facts.startedAt);
  if (facts.endedAt !== undefined) job.endedAt = Math.max(facts.endedAt, job.endedAt ?? 0);
}
