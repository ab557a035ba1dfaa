/** Who is in the room, what is published, what is recorded: at any instant that the history reaches. */
import type { Span } from './boundary.ts';
import type { ResolvedCall, Role, Source } from './resolved.ts';

export interface RoomState {
  roomSid: string;
  roomName: string | null;
  /** The instant the state is of, ISO 8601. */
  at: string;
  /** `unheard` before the room began. */
  status: 'unheard' | 'active' | 'finished' | 'expired';
  participants: {
    identity: string;
    sid: string;
    kind: string;
    role: Role;
    hidden: boolean;
    joinedAt: string;
    published: { sid: string; source: Source; type: string; since: string }[];
  }[];
  recordings: { id: string; kind: string | null; since: string }[];
  ingresses: { id: string; since: string }[];
}

/** @param at epoch ms */
export function stateAt(resolved: ResolvedCall, at: number): RoomState {
  const { call, room, status, sessions, egresses, ingresses, now } = resolved;
  const during = ({ start, end, open }: Span) => start.at <= at && (at < end.at || (open && at <= now));
  const since = ({ start }: Span) => new Date(start.at).toISOString();
  return {
    roomSid: call.roomSid,
    roomName: call.room.name?.value ?? null,
    at: new Date(at).toISOString(),
    status: at < room.start.at ? 'unheard' : status === 'active' || at < room.end.at ? 'active' : status,
    participants: sessions.flatMap(({ life, person, span, tracks }) => {
      if (span === null || !during(span)) return [];
      const { identity, kind, role, hidden } = person;
      const published = tracks
        .filter((track) => during(track.span))
        .map((track) => ({
          sid: track.life.sid,
          source: track.source,
          type: track.life.type,
          since: since(track.span),
        }));
      return [{ identity, sid: life.sid, kind, role, hidden, joinedAt: since(span), published }];
    }),
    recordings: egresses.flatMap(({ life, kind, span, failed }) =>
      span !== null && !failed && during(span) ? [{ id: life.id, kind, since: since(span) }] : [],
    ),
    ingresses: ingresses.flatMap(({ life, span }) => (during(span) ? [{ id: life.id, since: since(span) }] : [])),
  };
}
