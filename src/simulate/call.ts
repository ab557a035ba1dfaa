/** A true call: what really happened in a room, before any webhook tells of it. Instants are integer epoch milliseconds. */

export type Mode = 'whole' | 'ms';
export type Kind = 'STANDARD' | 'INGRESS' | 'EGRESS' | 'SIP' | 'AGENT' | 'CONNECTOR' | 'BRIDGE';
export type Source = 'UNKNOWN' | 'CAMERA' | 'MICROPHONE' | 'SCREEN_SHARE' | 'SCREEN_SHARE_AUDIO';
export type Role = 'human' | 'agent' | 'service';

/** `[from, to)`; null while it still goes on. */
export interface Span {
  from: number;
  to: number | null;
}

export interface Track extends Span {
  sid: string;
  type: 'AUDIO' | 'VIDEO';
  source: Source;
}

/** One connection: from signalling (`joinedAt`), through media (`active`, when participant_joined is sent), to the leave. */
export interface Session extends Span {
  sid: string;
  active: number;
  /** LiveKit's DisconnectReason; null where the server gives none. */
  reason: string | null;
  tracks: Track[];
}

/** A connection whose media never came up. */
export interface AbortedTry {
  sid: string;
  from: number;
  at: number;
  reason: string;
}

export interface Person {
  identity: string;
  name: string;
  kind: Kind;
  hidden: boolean;
  attributes: Record<string, string>;
  sessions: Session[];
  aborted: AbortedTry[];
  /** When an outbound phone was picked up: true, but told by no webhook. */
  answeredAt?: number;
}

export interface Egress {
  id: string;
  requestedAt: number;
  /** Null when it never recorded. */
  activeAt: number | null;
  stoppedAt: number | null;
  /** When egress_ended is sent. */
  reportedAt: number | null;
  outcome: 'COMPLETE' | 'FAILED' | 'ABORTED' | 'LIMIT_REACHED' | null;
  output: 'file' | 'stream' | 'segments';
}

export interface Ingress extends Span {
  id: string;
  resourceId: string;
  identity: string;
  outcome: 'INACTIVE' | 'ERROR' | 'COMPLETE';
}

export interface Job extends Span {
  id: string;
  dispatchId: string;
  identity: string;
  outcome: 'SUCCESS' | 'FAILED';
}

export interface Room {
  sid: string;
  name: string;
  /** Usually one of each; a sid that lives twice has more. */
  starts: number[];
  ends: number[];
  endReason?: string;
  /** seconds */
  emptyTimeout: number;
  departureTimeout: number;
}

export interface Call {
  seed: number;
  mode: Mode;
  scenario: string;
  room: Room;
  people: Person[];
  egresses: Egress[];
  ingresses: Ingress[];
  jobs: Job[];
  /** A sensible instant to look at the call: after all that happened in it. */
  now: number;
}

export function roleOf({ kind }: Person): Role {
  if (kind === 'EGRESS' || kind === 'INGRESS') return 'service';
  return kind === 'AGENT' ? 'agent' : 'human';
}

export const createdAt = ({ room }: Call): number => room.starts[0]!;

/** When the room ended; null while it (or its second life) goes on. */
export function endOf({ room }: Call): number | null {
  const end = room.ends.at(-1);
  return end !== undefined && end >= room.starts.at(-1)! ? end : null;
}

/** A track ends with its session at the latest. */
export const trackEnd = (track: Track, session: Session): number | null => track.to ?? session.to;

/** What an old server lets anybody know of the call: no reasons, no aborted tries. */
export function asOldServerTells(call: Call): Call {
  const { endReason: _, ...room } = call.room;
  return {
    ...call,
    room,
    people: call.people
      .map((person) => ({
        ...person,
        aborted: [],
        sessions: person.sessions.map((session) => ({ ...session, reason: null })),
      }))
      .filter(({ sessions }) => sessions.length > 0),
  };
}

/**
 * The call as `createdAt`, a whole-second clock, tells it, put back into causal order. Joins and the room's creation have
 * clocks of their own, fine ones unless the server is old.
 */
export function asClocksTell(call: Call, old: boolean): Call {
  const coarse = (instant: number) => Math.floor(instant / 1000) * 1000;
  const own = (instant: number) => (old ? coarse(instant) : instant);
  const roomEnd = call.room.ends.length > 0 ? coarse(call.room.ends.at(-1)!) : Infinity;
  const between = (low: number, instant: number, high: number) => Math.min(Math.max(low, instant), high);
  return {
    ...call,
    room: {
      ...call.room,
      starts: call.room.starts.map((at, life) => (life === 0 ? own(at) : coarse(at))),
      ends: call.room.ends.map(coarse),
    },
    people: call.people.map((person) => ({
      ...person,
      sessions: person.sessions.map((session) => {
        const from = Math.min(own(session.from), roomEnd);
        const to = session.to === null ? null : between(from, coarse(session.to), roomEnd);
        const inside = (instant: number) => between(from, coarse(instant), to ?? Infinity);
        return {
          ...session,
          from,
          to,
          tracks: session.tracks.map((track) => ({
            ...track,
            from: inside(track.from),
            to: track.to === null ? null : inside(track.to),
          })),
        };
      }),
    })),
  };
}
