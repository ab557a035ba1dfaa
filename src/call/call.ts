/**
 * What is known of one call: for every room, session, track, egress, ingress and job, which of its events came and when.
 *
 * A Call is a set of observations, not a running total: each one is kept by a rule that does not ask for the order of
 * arrival (the earliest start, the latest end, the word of the latest event). That is why any order and any repeats give
 * the same call, and why a late event costs as little as one in order.
 */
import type { Clock } from '../webhook/event.ts';
import type { Talk } from './talk.ts';

/** That an event came: its instant, and the id it is known by (the smallest, if it was told under several). */
export interface Sign {
  ms: number;
  grain: number;
  id: string | null;
}

/** A word that later events may overrule. */
export interface Word<T> {
  value: T;
  ms: number;
  rank: number;
}

export interface RoomLife {
  name: Word<string> | null;
  started: Sign | null;
  finished: Sign | null;
  created: Clock | null;
  emptyTimeout: Word<number> | null;
  departureTimeout: Word<number> | null;
  endReason: Word<string> | null;
  metadata: Word<string> | null;
  /** The earliest of all events. */
  firstSign: Sign | null;
  /** The latest event of any kind: when the room was last heard of. */
  lastHeard: number;
  /** The latest event that needs a living room: of the room, a participant or a track. */
  lastProof: Sign | null;
  /** The latest event that only a room that goes on can send: a start, a join, a publication. */
  lastLife: Sign | null;
}

export interface SessionLife {
  sid: string;
  identity: string;
  joined: Sign | null;
  left: Sign | null;
  aborted: Sign | null;
  /** The payload's own instant of joining. */
  joinedAt: Clock | null;
  firstSign: Sign;
  /** The latest event that shows the participant present: its join, its tracks. */
  lastSign: Sign | null;
  reason: Word<string> | null;
  abortReason: Word<string> | null;
  kind: Word<string> | null;
  name: Word<string> | null;
  hidden: boolean;
  recorder: boolean;
  agent: boolean;
  /** Its server reports aborted tries as such: a leave without a join is a lost join, not a try. */
  modern: boolean;
  attributes: Record<string, string> | null;
  /** The earliest sign by which a phone call was answered (`sip.callStatus` active). */
  answeredBy: Sign | null;
}

export interface TrackLife {
  sid: string;
  /** null where no event named the participant. */
  session: SessionLife | null;
  published: Sign | null;
  unpublished: Sign | null;
  type: string;
  source: string;
  mimeType: string | null;
  disableRed: boolean;
  versionAt: number | null;
}

export interface EgressLife {
  id: string;
  kind: string | null;
  requested: Sign | null;
  active: Sign | null;
  ended: Sign | null;
  firstSign: Sign;
  lastSign: Sign;
  status: Word<string> | null;
  startedAt: Word<number> | null;
  endedAt: Word<number> | null;
  resultStartedAt: number | null;
  resultEndedAt: number | null;
  resultDuration: Word<number> | null;
  bytes: number | null;
  location: Word<string> | null;
  error: Word<string> | null;
}

export interface IngressLife {
  id: string;
  resourceId: string | null;
  started: Sign | null;
  ended: Sign | null;
  firstSign: Sign;
  inputType: Word<string> | null;
  status: Word<string> | null;
  participantIdentity: Word<string> | null;
  startedAt: number | null;
  endedAt: number | null;
  error: Word<string> | null;
}

export interface JobLife {
  id: string;
  started: Sign | null;
  ended: Sign | null;
  agentName: Word<string> | null;
  dispatchId: Word<string> | null;
  status: Word<string> | null;
  startedAt: number | null;
  endedAt: number | null;
  error: Word<string> | null;
  participantIdentity: Word<string> | null;
}

/** Who was there when LiveKit was asked: nobody else was. */
export interface RollCall {
  sign: Sign;
  exists: boolean;
  /** sids of participants */
  present: ReadonlySet<string>;
}

export interface Call {
  roomSid: string;
  room: RoomLife;
  sessions: Map<string, SessionLife>;
  tracks: Map<string, TrackLife>;
  egresses: Map<string, EgressLife>;
  ingresses: Map<string, IngressLife>;
  jobs: Map<string, JobLife>;
  /** What agents told of their sessions, by job. */
  talks: Map<string, Talk>;
  /** How many uploads that was, and how many items and spans were in them. */
  uploads: number;
  told: number;
  /** By fact. */
  rollCalls: Map<string, RollCall>;
  /** Every distinct fact and its instant. */
  facts: Map<string, number>;
  unknownTypes: number;
  /** Payload instants that are not believed, by what they are of. */
  doubts: Map<string, { subject: string; sid: string; field: string; why: string }>;
}

/** Few calls have any: they share empty maps. */
const NONE: Map<string, RollCall> = new Map();
const NOTHING_TOLD: Map<string, Talk> = new Map();

export function newCall(roomSid: string): Call {
  return {
    roomSid,
    room: {
      name: null,
      started: null,
      finished: null,
      created: null,
      emptyTimeout: null,
      departureTimeout: null,
      endReason: null,
      metadata: null,
      firstSign: null,
      lastHeard: Number.NEGATIVE_INFINITY,
      lastProof: null,
      lastLife: null,
    },
    sessions: new Map(),
    tracks: new Map(),
    egresses: new Map(),
    ingresses: new Map(),
    jobs: new Map(),
    talks: NOTHING_TOLD,
    uploads: 0,
    told: 0,
    rollCalls: NONE,
    facts: new Map(),
    unknownTypes: 0,
    doubts: new Map(),
  };
}

/** Of two signs of the same thing, by the smaller id; null counts as the largest. */
function smallerId(a: string | null, b: string | null): string | null {
  if (a === null) return b;
  if (b === null) return a;
  return a < b ? a : b;
}

export function earliest(a: Sign | null, b: Sign): Sign {
  if (a === null || b.ms < a.ms) return b;
  if (b.ms > a.ms) return a;
  return sameInstant(a, b);
}

export function latest(a: Sign | null, b: Sign): Sign {
  if (a === null || b.ms > a.ms) return b;
  if (b.ms < a.ms) return a;
  return sameInstant(a, b);
}

function sameInstant(a: Sign, b: Sign): Sign {
  const id = smallerId(a.id, b.id);
  const grain = Math.min(a.grain, b.grain);
  return a.id === id && a.grain === grain ? a : { ms: a.ms, grain, id };
}

/** The finest clock wins, then the earliest instant. */
export function finest(a: Clock | null, b: Clock): Clock {
  if (a === null || b.grain < a.grain) return b;
  if (b.grain > a.grain) return a;
  return b.ms < a.ms ? b : a;
}

/** The word of the later event; in one instant of one rank, the greater word, so that arrival never decides. */
export function laterWord<T extends string | number>(
  a: Word<T> | null,
  value: T | undefined,
  ms: number,
  rank: number,
): Word<T> | null {
  if (value === undefined) return a;
  if (a !== null && (a.ms > ms || (a.ms === ms && (a.rank > rank || (a.rank === rank && a.value >= value))))) return a;
  return { value, ms, rank };
}
