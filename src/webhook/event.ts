/**
 * The one shape in which a webhook goes through the engine, whatever encoding it came in.
 * Source of names and fields: livekit/protocol, livekit_webhook.proto, livekit_models.proto, livekit_egress.proto.
 */

import type { AgentFacts } from '../telemetry/facts.ts';

/** An instant in epoch milliseconds together with the grain of the clock that told it: the truth lies in [ms, ms + grain). */
export interface Clock {
  ms: number;
  /** 1000 for whole-second fields such as `createdAt`, 1 for millisecond, microsecond and nanosecond fields. */
  grain: 1 | 1000;
}

export const EVENT_TYPES = [
  'room_started',
  'room_finished',
  'participant_joined',
  'participant_left',
  'participant_connection_aborted',
  'track_published',
  'track_unpublished',
  'egress_started',
  'egress_updated',
  'egress_ended',
  'ingress_started',
  'ingress_ended',
  'agent_job_started',
  'agent_job_ended',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface RoomFacts {
  /** `RM_…`; null where the payload names the room only by name (ingress) or not at all (web egress). */
  sid: string | null;
  name: string | null;
  /** `creationTimeMs`, else `creationTime`. */
  createdAt?: Clock;
  /** seconds */
  emptyTimeout?: number;
  /** seconds */
  departureTimeout?: number;
  /** Only where it is a JSON object of moderate length: the user's own labels. */
  metadata?: string;
}

export interface ParticipantFacts {
  /** `PA_…`, one per connection. */
  sid: string;
  /** The user's own name of a person or agent; the same across reconnects. */
  identity: string;
  name?: string;
  /** LiveKit's kind name, only where the payload really tells it (never a default of a partial payload). */
  kind?: string;
  /** `joinedAtMs`, else `joinedAt`. */
  joinedAt?: Clock;
  /** Absent for UNKNOWN_REASON. */
  disconnectReason?: string;
  hidden?: boolean;
  recorder?: boolean;
  /** `permission.agent` */
  agent?: boolean;
  /** Only the attributes that metrics read: `sip.*` and `lk.*`. */
  attributes?: Record<string, string>;
  /** The payload has clocks or fields of servers that report aborted tries as such (v1.9.1+). */
  modern?: boolean;
}

export interface TrackFacts {
  sid: string;
  type: string; // AUDIO, VIDEO, DATA, or an unknown word
  source: string; // UNKNOWN, CAMERA, MICROPHONE, SCREEN_SHARE, SCREEN_SHARE_AUDIO, or an unknown word
  mimeType?: string;
  disableRed?: boolean;
  /** `version.unixMicro` in ms: when LiveKit last changed the track; a hint at its start where track_published is lost. */
  versionAt?: number;
}

export interface EgressFacts {
  id: string;
  /** roomComposite, web, participant, trackComposite, track, egress, replay */
  kind?: string;
  /** EGRESS_…; absent where the payload does not say. */
  status?: string;
  startedAt?: number;
  endedAt?: number;
  updatedAt?: number;
  /** Span of the results (file, segments, stream): the earliest start, the latest end. */
  resultStartedAt?: number;
  resultEndedAt?: number;
  /** milliseconds as the results tell it, also when it is absurd */
  resultDuration?: number;
  bytes?: number;
  location?: string;
  error?: string;
}

export interface IngressFacts {
  id: string;
  resourceId?: string;
  inputType?: string;
  status?: string;
  participantIdentity?: string;
  startedAt?: number;
  endedAt?: number;
  error?: string;
}

export interface JobFacts {
  id: string;
  agentName?: string;
  dispatchId?: string;
  status?: string;
  startedAt?: number;
  endedAt?: number;
  error?: string;
  participantIdentity?: string;
}

/** Not LiveKit's: what it answered when it was asked about a room (decodeAnswer.ts). */
export const RECONCILED = 'reconciled';

export interface AnswerFacts {
  /** False: LiveKit knows no room of this sid any more. */
  exists: boolean;
  /** Who is connected. */
  participants: ParticipantFacts[];
  egresses: EgressFacts[];
}

/** Something a payload says that is not believed (metrics.md, rule 3). */
export interface Doubt {
  field: string;
  why: string;
}

export interface WebhookEvent {
  /** LiveKit's `EV_…`, opaque; null where the sender gives none. */
  id: string | null;
  /** One of EVENT_TYPES, or a type this version does not know. */
  type: EventType | (string & {});
  known: boolean;
  /** When it happened, by the server: `createdAt`, else the finest instant the payload has. */
  at: Clock;
  /** What happened, in words that are the same for every delivery of the same fact: the key of deduplication. */
  fact: string;
  room: RoomFacts;
  /** `roomEndReason` of room_finished, e.g. ROOM_END_API_DELETE. */
  roomEndReason?: string;
  participant?: ParticipantFacts;
  track?: TrackFacts;
  egress?: EgressFacts;
  ingress?: IngressFacts;
  job?: JobFacts;
  answer?: AnswerFacts;
  /** Of an upload of an agent's, by the agent's clock. */
  telemetry?: AgentFacts;
  doubts?: Doubt[];
}

/** Why a payload could not be understood: which field, what stood there, what was expected. */
export interface Misunderstood {
  field: string;
  found: string;
  expected: string;
  /** The room the payload seems to speak of, where it says. */
  roomSid: string | null;
}
