/** Participants and their tracks on the wire. */
import { DISCONNECT_REASON, enumName, KIND, TRACK_SOURCE, TRACK_TYPE } from './enums.ts';
import type { ParticipantFacts, TrackFacts } from './event.ts';
import { clock, field, flag, id, type Json, message, NotUnderstood, readable, text } from './read.ts';

const ATTRIBUTES = [
  'sip.callID',
  'sip.callStatus',
  'sip.phoneNumber',
  'sip.ruleID',
  'sip.trunkID',
  'sip.trunkPhoneNumber',
  'lk.agent.name',
  'lk.publish_on_behalf',
];

/**
 * `full` payloads (participant_*) tell all; in the partial ones of track events an absent or default kind tells nothing.
 * A full payload without a kind is a STANDARD participant only if its server is new enough to have said otherwise.
 */
export function decodeParticipant(body: Json, full: boolean): ParticipantFacts | undefined {
  const info = message(body, 'participant');
  if (!info) return undefined;
  const ownSid = id(info, 'sid', 'participant.sid');
  const ownIdentity = id(info, 'identity', 'participant.identity');
  if (ownSid === undefined && ownIdentity === undefined) {
    if (full) throw new NotUnderstood('participant.sid', field(info, 'sid'), 'the sid of a participant (PA_…)');
    return undefined;
  }
  // either may stand in for the other: a connection without a sid is told apart by its identity
  const facts: ParticipantFacts = { sid: ownSid ?? `identity:${ownIdentity}`, identity: ownIdentity ?? ownSid ?? '' };
  const name = text(info, 'name');
  if (name !== undefined) facts.name = name;
  const joinedMs = readable(clock(info, 'joinedAtMs'));
  const joined = joinedMs ?? readable(clock(info, 'joinedAt'));
  if (joined) facts.joinedAt = joined;
  if (joinedMs) facts.modern = true;
  const kind = enumName(KIND, field(info, 'kind'));
  if (kind !== undefined && (full || kind !== 'STANDARD')) facts.kind = kind;
  else if (kind === undefined && full && joinedMs) facts.kind = 'STANDARD';
  const reason = enumName(DISCONNECT_REASON, field(info, 'disconnectReason'));
  if (reason !== undefined && reason !== 'UNKNOWN_REASON') facts.disconnectReason = reason;
  if (full) {
    const permission = field(info, 'permission');
    const granted = typeof permission === 'object' && permission !== null ? (permission as Json) : undefined;
    if (flag(granted, 'hidden')) facts.hidden = true;
    if (flag(granted, 'recorder')) facts.recorder = true;
    if (flag(granted, 'agent')) facts.agent = true;
    const attributes = field(info, 'attributes');
    if (typeof attributes === 'object' && attributes !== null) {
      for (const key of ATTRIBUTES) {
        const value = text(attributes as Json, key);
        if (value !== undefined) facts.attributes = { ...facts.attributes, [key]: value };
      }
    }
  }
  return facts;
}

export function decodeTrack(info: Json): TrackFacts {
  const sid = id(info, 'sid', 'track.sid');
  if (sid === undefined) throw new NotUnderstood('track.sid', field(info, 'sid'), 'the sid of a track (TR_…)');
  const facts: TrackFacts = {
    sid,
    type: enumName(TRACK_TYPE, field(info, 'type')) ?? 'AUDIO',
    source: enumName(TRACK_SOURCE, field(info, 'source')) ?? 'UNKNOWN',
  };
  const mimeType = text(info, 'mimeType');
  if (mimeType !== undefined) facts.mimeType = mimeType;
  if (flag(info, 'disableRed')) facts.disableRed = true;
  const version = field(info, 'version');
  if (typeof version === 'object' && version !== null) {
    const changed = readable(clock(version as Json, 'unixMicro'));
    if (changed) facts.versionAt = changed.ms;
  }
  return facts;
}
