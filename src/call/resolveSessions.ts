/** Sessions and their tracks: each boundary placed where the events prove or best support it, with its range. */
import { type Boundary, clamp, inferred, keepWithin, observedAt, openAt, type Span } from './boundary.ts';
import type { Call, SessionLife, TrackLife } from './call.ts';
import { run, SESSION, TRACK } from './machines.ts';
import { type Cast, holdsRoom } from './people.ts';
import type { RoomResolution } from './resolveRoom.ts';
import { type Person, type Phone, type Session, sourceOf, type Track } from './resolved.ts';

/** LiveKit ends a session no later than this after the same identity's next join (webhooks.md 6.7, metrics.md Evidence). */
const TAKEOVER = 2_000;
/** A joinedAt may lie this far before the room's creation before it is disbelieved (metrics.md rule 3). */
const BEHIND = 60_000;
const NOT_ANSWERED = new Set(['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE']);

export interface SessionContext {
  call: Call;
  room: RoomResolution;
  now: number;
  tracksOf: Map<SessionLife, TrackLife[]>;
}

/** All sessions of one person, in order, with their tracks. */
export function resolveSessions(person: Cast, context: SessionContext, lastHumanLeave: number): Session[] {
  const { room } = context;
  const sessions: Session[] = [];
  let before: SessionLife | undefined;
  for (const life of person.lives) {
    const aborted = life.aborted !== null && life.joined === null && life.left === null && life.lastSign === null;
    const { state } = run(SESSION, [
      life.joined && 'joined',
      life.lastSign && 'sign',
      life.left && 'left',
      life.aborted && 'aborted',
      room.status !== 'active' && 'over',
    ]);
    const session: Session = {
      life,
      person,
      span: null,
      aborted,
      state,
      activeAt: null,
      disconnectReason: (aborted ? life.abortReason : life.reason)?.value ?? null,
      tracks: [],
      phone: null,
    };
    sessions.push(session);
    if (aborted) continue;
    const certain = life.joined !== null || life.lastSign !== null || life.modern;
    session.span = { start: sessionStart(life, before, context), end: openAt(context.now), open: false, certain };
    before = life;
  }
  const present = sessions.filter((session) => !session.aborted);
  for (const [i, session] of present.entries()) {
    placeEnd(session, present[i + 1]?.span?.start ?? null, context, lastHumanLeave);
    session.activeAt = session.life.joined && clamp(session.life.joined.ms, session.span!.start.at, session.span!.end.at);
    placeTracks(session, context);
    if (person.kind === 'SIP') session.phone = phoneOf(session);
  }
  return sessions;
}

function sessionStart(life: SessionLife, before: SessionLife | undefined, { room }: SessionContext): Boundary {
  const told = life.joinedAt !== null && life.joinedAt.ms >= room.start.low - BEHIND ? life.joinedAt : null;
  const { joined } = life;
  if (joined) return keepWithin(told ? observedAt(joined, told.ms, told.grain) : observedAt(joined), room.start, room.end);
  const { ms, grain, id } = life.firstSign;
  if (told)
    return keepWithin(
      inferred({ at: told.ms, low: told.ms, high: told.ms, grain: told.grain }, 'participant_joined', 'joinedAt of a later event', id),
      room.start,
      room.end,
    );
  const taken = before ? (before.left?.ms ?? before.lastSign?.ms ?? Number.NEGATIVE_INFINITY) - TAKEOVER : Number.NEGATIVE_INFINITY;
  const low = Math.min(ms, Math.max(room.start.low, taken));
  return keepWithin(inferred({ at: ms, low, high: ms, grain }, 'participant_joined', 'the first sign of the session', id), room.start, room.end);
}

/** The last instant at which the session is proven to have been there. */
function lastProof(life: SessionLife): { ms: number; id: string | null } {
  return life.lastSign ?? life.firstSign;
}

function placeEnd(session: Session, next: Boundary | null, context: SessionContext, lastHumanLeave: number): void {
  const { room, now, tracksOf } = context;
  const { life, person } = session;
  const span = session.span!;
  const gone = life.left ?? life.aborted;
  if (gone) {
    span.end = keepWithin(observedAt(gone), span.start, room.end);
  } else if (room.status === 'active' && !next) {
    span.open = true;
    span.end = openAt(Math.max(now, span.start.at));
  } else {
    const proof = lastProof(life);
    const low = Math.max(proof.ms, span.start.low);
    const taken = next ? next.top + TAKEOVER : Number.POSITIVE_INFINITY;
    const high = Math.max(low, Math.min(room.end.high, taken));
    const { at, why } = likelyEnd();
    span.end = inferred({ at: clamp(at, low, high), low, high, grain: taken < room.end.high ? 1 : room.end.grain }, 'participant_left', why, proof.id);
    span.end.top = Math.max(high, Math.min(room.end.top, taken));
    span.end.at = clamp(span.end.at, span.start.at, room.end.at);

    function likelyEnd(): { at: number; why: string } {
      const tracks = tracksOf.get(life) ?? [];
      const ended = Math.max(...tracks.map((track) => track.unpublished?.ms ?? Number.POSITIVE_INFINITY));
      if (tracks.length > 0 && ended === proof.ms) return { at: proof.ms, why: 'its last track was unpublished' };
      if (next) return { at: next.at, why: 'the next join of the same identity' };
      if (room.status !== 'finished') return { at: room.end.at, why: 'the last proof of life in the room' };
      if (holdsRoom(person) && !room.closedFromOutside) return { at: room.end.at - room.departure, why: 'room_finished less the departure timeout' };
      if (person.role === 'agent' && Number.isFinite(lastHumanLeave)) return { at: lastHumanLeave, why: 'the last human’s leave' };
      return { at: room.end.at, why: 'room_finished' };
    }
  }
}

function placeTracks(session: Session, { tracksOf, room, now }: SessionContext): void {
  const lives = tracksOf.get(session.life);
  if (!lives) return;
  const span = session.span!;
  const starts = lives.map((life) => ({ life, start: trackStart(life, span, session.activeAt) }));
  starts.sort((a, b) => a.start.at - b.start.at || (a.life.sid < b.life.sid ? -1 : 1));
  for (const [i, { life, start }] of starts.entries()) {
    const replaced = starts.find(({ life: other, start: later }, k) => k > i && other.source === life.source && later.at > start.at)?.start;
    session.tracks.push(newTrack(life, session, trackSpan(life, start, span, replaced ?? null, room, now), room));
  }
}

/** A track whose publisher no event names: the room alone limits it. */
export function orphanTrack(life: TrackLife, { room, now }: SessionContext): Track {
  const within: Span = { start: room.start, end: room.end, open: room.status === 'active', certain: true };
  return newTrack(life, null, trackSpan(life, trackStart(life, within, null), within, null, room, now), room);
}

function newTrack(life: TrackLife, session: Session | null, span: Span, room: RoomResolution): Track {
  const over = room.status !== 'active' || (session !== null && !session.span!.open);
  const { state } = run(TRACK, [life.published && 'published', life.unpublished && 'unpublished', over && 'over']);
  return {
    life,
    session,
    span,
    state,
    source: sourceOf(life.source),
    audio: life.type === 'AUDIO',
    video: life.type === 'VIDEO',
  };
}

function trackStart(life: TrackLife, within: Span, activeAt: number | null): Boundary {
  if (life.published) return keepWithin(observedAt(life.published), within.start, within.end);
  const { ms, grain, id } = life.unpublished!;
  const low = Math.min(within.start.low, ms);
  // the track's own version is no proof of when it was published, but the best hint there is
  const hint = life.versionAt ?? activeAt ?? within.start.at;
  const at = clamp(hint, within.start.at, Math.max(within.start.at, ms));
  const why = life.versionAt !== null ? 'the track’s version' : 'its publisher’s join';
  return keepWithin(inferred({ at, low, high: ms, grain }, 'track_published', why, id), within.start, within.end);
}

function trackSpan(life: TrackLife, start: Boundary, within: Span, replaced: Boundary | null, room: RoomResolution, now: number): Span {
  if (life.unpublished) return { start, end: keepWithin(observedAt(life.unpublished), start, within.end), open: false, certain: true };
  if (within.open && room.status === 'active') return { start, end: openAt(Math.max(now, start.at)), open: true, certain: true };
  const low = Math.max(life.published!.ms, start.low);
  const high = Math.max(low, within.end.high);
  const at = replaced ? Math.min(replaced.at, within.end.at) : within.end.at;
  const why = replaced ? 'the next track of the same source' : 'its publisher’s leave';
  const end = inferred({ at: Math.max(at, start.at), low, high, grain: within.end.grain }, 'track_unpublished', why, within.end.id);
  end.top = Math.max(high, within.end.top);
  return { start, end, open: false, certain: true };
}

function phoneOf(session: Session): Phone {
  const { life, tracks } = session;
  const inbound = life.attributes?.['sip.ruleID'] !== undefined;
  const firstAudio = Math.min(...tracks.filter((track) => track.audio).map((track) => track.span.start.top));
  const heard = Number.isFinite(firstAudio);
  const answered = NOT_ANSWERED.has(session.disconnectReason ?? '') ? false : heard || inbound ? true : null;
  const told = life.answeredBy === null ? Number.POSITIVE_INFINITY : life.answeredBy.ms + life.answeredBy.grain - 1;
  return { inbound, answered, certainFrom: inbound ? Number.NEGATIVE_INFINITY : Math.min(firstAudio, told) };
}

export function lastLeaveOf(people: Iterable<Person>): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { role, sessions } of people)
    if (role === 'human') for (const { span } of sessions) if (span) last = Math.max(last, span.end.at);
  return last;
}

