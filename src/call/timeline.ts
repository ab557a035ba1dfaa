/** A call as lanes of spans: what a drawing of it needs. Every end says whether it was observed, and if not, its range. */
import type { Boundary, Span } from './boundary.ts';
import { shownName } from './phoneNumbers.ts';
import type { ResolvedCall, Role, Source } from './resolved.ts';

/** One end of a span. Instants ISO 8601. */
export interface Mark {
  at: string;
  /** Its own event came; else it is inferred. */
  observed: boolean;
  /** Where it is inferred: the limits between which the truth lies; null is no limit known. */
  range: [string | null, string | null] | null;
  /** The id of the event that decided it. */
  eventId: string | null;
}

export interface Stretch {
  start: Mark;
  /** null: it is still going on. */
  end: Mark | null;
}

export interface Timeline {
  roomSid: string;
  roomName: string | null;
  status: 'active' | 'finished' | 'expired';
  room: Stretch;
  /** A lane per person and agent, in the order of their coming. */
  people: {
    identity: string;
    /** Without a telephone's number, unless `phoneNumbers` is 'plain'. */
    name: string | null;
    kind: string;
    role: Role;
    hidden: boolean;
    onBehalfOf: string | null;
    /** Of an agent: the name by which it was dispatched. */
    agentName: string | null;
    sessions: (Stretch & { sid: string; disconnectReason: string | null })[];
    /** Tries that never connected. */
    aborted: string[];
    tracks: (Stretch & { sid: string; source: Source; type: string })[];
  }[];
  egresses: (Stretch & { id: string; kind: string | null; status: string | null; failed: boolean })[];
  ingresses: (Stretch & { id: string })[];
}

export function timelineOf(resolved: ResolvedCall, phoneNumbers: 'masked' | 'plain'): Timeline {
  const { call, status, room, people, egresses, ingresses } = resolved;
  return {
    roomSid: call.roomSid,
    roomName: call.room.name?.value ?? null,
    status,
    room: { start: mark(room.start), end: status === 'active' ? null : mark(room.end) },
    people: people.map((person) => ({
      identity: person.identity,
      name: shownName(person, phoneNumbers),
      kind: person.kind,
      role: person.role,
      hidden: person.hidden,
      onBehalfOf: person.onBehalfOf,
      agentName: person.agentName,
      sessions: person.sessions.flatMap(({ life, span, disconnectReason }) =>
        span === null ? [] : [{ sid: life.sid, ...stretch(span), disconnectReason }],
      ),
      aborted: person.sessions.filter(({ span }) => span === null).map(({ life }) => life.sid),
      tracks: person.sessions.flatMap(({ tracks }) =>
        tracks.map(({ life, source, span }) => ({ sid: life.sid, source, type: life.type, ...stretch(span) })),
      ),
    })),
    egresses: egresses.flatMap(({ life, kind, status, failed, span }) =>
      span === null ? [] : [{ id: life.id, kind, status, failed, ...stretch(span) }],
    ),
    ingresses: ingresses.map(({ life, span }) => ({ id: life.id, ...stretch(span) })),
  };
}

function stretch({ start, end, open }: Span): Stretch {
  return { start: mark(start), end: open ? null : mark(end) };
}

function mark({ at, observed, low, top, id }: Boundary): Mark {
  return { at: iso(at)!, observed, range: observed ? null : [iso(low), iso(top)], eventId: id };
}

function iso(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}
