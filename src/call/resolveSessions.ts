/** Sessions and their tracks: each boundary placed where the events prove or best support it, with its range. */

import { type Boundary, clamp, inferred, keepWithin, observedAt, openAt, type Span } from './boundary.ts';
import type { Call, SessionLife, TrackLife } from './call.ts';
import { least } from './extremes.ts';
import { type Lost, run, SESSION, TRACK } from './machines.ts';
import { type Cast, holdsRoom } from './people.ts';
import { type Person, type Phone, type Session, sourceOf, type Track } from './resolved.ts';
import { DISBELIEVED_BEFORE, type RoomResolution } from './resolveRoom.ts';
import { absentBy } from './rollCall.ts';

/** LiveKit ends a session no later than this after the same identity's next join (webhooks.md 6.7, metrics.md Evidence). */
const TAKEOVER = 2_000;
const NOT_ANSWERED = new Set(['USER_UNAVAILABLE', 'USER_REJECTED', 'SIP_TRUNK_FAILURE']);

export interface SessionContext {
  call: Call;
  room: RoomResolution;
  now: number;
  tracksOf: Map<SessionLife, TrackLife[]>;
}

/** All sessions of one person, in order, with their tracks. */
export function resolveSessions(person: Cast, context: SessionContext, lastHumanLeave: number): Session[] {
  const { room, now } = context;
  const latest = person.lives.findLastIndex(({ joined, left, lastSign }) => joined ?? left ?? lastSign);
  const placed: Placed[] = [];
  const sessions = person.lives.map((life, i) => {
    const { state, lost } = run(SESSION, [
      life.joined && 'joined',
      life.lastSign && 'sign',
      life.left && 'left',
      life.aborted && 'aborted',
      // the same identity's next join ends a session, too, and so does LiveKit's answer that it is not there
      (room.status !== 'active' || i < latest || absentBy(context.call, life) !== null) && 'over',
    ]);
    const aborted = state === 'aborted';
    const disconnectReason = (aborted ? life.abortReason : life.reason)?.value ?? null;
    const session: Session = {
      life,
      person,
      span: null,
      aborted,
      state,
      activeAt: null,
      disconnectReason,
      tracks: [],
      phone: null,
    };
    if (!aborted) {
      const start = sessionStart(life, lost, placed, context);
      const certain = life.joined !== null || life.lastSign !== null || life.modern;
      session.span = { start, end: openAt(Math.max(now, start.at)), open: state === 'present', certain };
      placed.push({ session, lost });
    }
    return session;
  });
  for (const [i, { session, lost }] of placed.entries()) {
    if (!session.span!.open)
      session.span!.end = sessionEnd(session, lost, surelyNext(placed, i), context, lastHumanLeave);
    session.activeAt =
      session.life.joined && clamp(session.life.joined.ms, session.span!.start.at, session.span!.end.at);
    placeTracks(session, context);
    if (person.kind === 'SIP') session.phone = phoneOf(session);
  }
  return sessions;
}

interface Placed {
  session: Session;
  lost: Lost;
}

/** How far to look for a neighbour whose order is certain: takeovers closer than two seconds are few. */
const NEIGHBOURS = 8;

/** The last instant at which the session is known to have been there. */
const lastKnown = ({ left, lastSign, firstSign }: SessionLife) =>
  Math.max(left?.ms ?? lastSign?.ms ?? firstSign.ms, firstSign.ms);

/**
 * The latest session of the same identity that certainly began before a session first seen at `seen`: had it begun later,
 * that session would have been ended within the takeover, and not been seen any more.
 */
function surelyBefore(placed: readonly Placed[], seen: number): SessionLife | null {
  for (let i = placed.length - 1; i >= Math.max(0, placed.length - NEIGHBOURS); i--) {
    const { life, span } = placed[i]!.session;
    if (seen > span!.start.top + TAKEOVER) return life;
  }
  return null;
}

/** The begin of the next session of the same identity that certainly began later: by its join, or since it outlived this one's. */
function surelyNext(placed: readonly Placed[], at: number): Boundary | null {
  const { life, span } = placed[at]!.session;
  for (let i = at + 1; i < Math.min(placed.length, at + 1 + NEIGHBOURS); i++) {
    const other = placed[i]!.session;
    if (other.span!.start.low >= span!.start.high || lastKnown(other.life) > life.firstSign.ms + TAKEOVER)
      return other.span!.start;
  }
  return null;
}

function sessionStart(life: SessionLife, lost: Lost, placed: readonly Placed[], { room }: SessionContext): Boundary {
  const told = life.joinedAt !== null && life.joinedAt.ms >= room.start.low - DISBELIEVED_BEFORE ? life.joinedAt : null;
  const { joined } = life;
  if (joined)
    return keepWithin(told ? observedAt(joined, told.ms, told.grain) : observedAt(joined), room.start, room.end);
  const { ms, grain, id } = life.firstSign;
  if (told)
    return keepWithin(
      inferred(
        { at: told.ms, low: told.ms, high: told.ms, grain: told.grain },
        lost.start!,
        'joinedAt of a later event',
        id,
      ),
      room.start,
      room.end,
    );
  const before = surelyBefore(placed, ms);
  const taken = before ? lastKnown(before) - TAKEOVER : Number.NEGATIVE_INFINITY;
  const low = Math.min(ms, Math.max(room.start.low, taken));
  return keepWithin(
    inferred({ at: ms, low, high: ms, grain }, lost.start!, 'the first sign of the session', id),
    room.start,
    room.end,
  );
}

/** The last instant at which the session is proven to have been there. */
function lastProof(life: SessionLife): { ms: number; id: string | null } {
  return life.lastSign ?? life.firstSign;
}

function sessionEnd(
  session: Session,
  lost: Lost,
  next: Boundary | null,
  context: SessionContext,
  lastHumanLeave: number,
): Boundary {
  const { room } = context;
  const { life } = session;
  const { start } = session.span!;
  if (lost.end === undefined) return keepWithin(observedAt((life.left ?? life.aborted)!), start, room.end);
  const proof = lastProof(life);
  const low = Math.max(Math.min(proof.ms, room.end.high), start.low); // who is closing may report after the finish
  const taken = next ? next.top + TAKEOVER : Number.POSITIVE_INFINITY;
  const absent = absentBy(context.call, life)?.ms ?? Number.POSITIVE_INFINITY;
  const high = Math.max(low, Math.min(room.end.high, taken, absent));
  const likely = likelyEnd(session, next, context, lastHumanLeave);
  const end = inferred(
    { at: clamp(likely.at, low, high), low, high, grain: Math.min(taken, absent) < room.end.high ? 1 : room.end.grain },
    lost.end,
    likely.why,
    proof.id,
  );
  end.top = Math.max(high, Math.min(room.end.top, taken, absent));
  end.at = clamp(end.at, start.at, Math.max(start.at, room.end.at));
  return end;
}

/** Where the proofs support best that a session of which no leave came has ended. */
function likelyEnd(
  { life, person }: Session,
  next: Boundary | null,
  { room, tracksOf }: SessionContext,
  lastHumanLeave: number,
): { at: number; why: string } {
  const proof = lastProof(life);
  const tracks = tracksOf.get(life) ?? [];
  const silent = tracks.length > 0 && tracks.every(({ unpublished }) => unpublished !== null);
  if (silent && tracks.some(({ unpublished }) => unpublished!.ms === proof.ms))
    return { at: proof.ms, why: 'its last track was unpublished' };
  if (next) return { at: next.at, why: 'the next join of the same identity' };
  if (room.status === 'finished' && holdsRoom(person) && !room.closedFromOutside)
    return { at: room.end.at - room.departure, why: 'room_finished less the departure timeout' };
  if (person.role === 'agent' && Number.isFinite(lastHumanLeave))
    return { at: lastHumanLeave, why: 'the last human’s leave' };
  if (room.status === 'finished') return { at: room.end.at, why: 'room_finished' };
  // who published and did not cease to was there; of another, that others were proves nothing
  const publishing = tracks.some(({ unpublished }) => unpublished === null);
  return publishing
    ? { at: room.end.at, why: 'the last proof of life in the room' }
    : { at: proof.ms, why: 'its last sign' };
}

function placeTracks(session: Session, context: SessionContext): void {
  const lives = context.tracksOf.get(session.life);
  if (!lives) return;
  const span = session.span!;
  const starts = lives.map((life) => {
    const ran = trackRun(life, !span.open);
    return { life, ran, start: trackStart(life, ran.lost, span, session.activeAt) };
  });
  starts.sort((a, b) => a.start.at - b.start.at || (a.life.sid < b.life.sid ? -1 : 1));
  const next = new Map<string, Boundary>();
  session.tracks = starts
    .reverse()
    .map(({ life, ran, start }) => {
      const later = next.get(life.source);
      next.set(life.source, start);
      const replaced = later && later.at > start.at ? later : null;
      return newTrack(life, session, ran, trackSpan(life, ran, start, span, replaced, context.now));
    })
    .reverse();
}

/** A track whose publisher no event names: the room alone limits it. */
export function orphanTrack(life: TrackLife, { room, now }: SessionContext): Track {
  const within: Span = { start: room.start, end: room.end, open: room.status === 'active', certain: true };
  const ran = trackRun(life, !within.open);
  return newTrack(life, null, ran, trackSpan(life, ran, trackStart(life, ran.lost, within, null), within, null, now));
}

const trackRun = (life: TrackLife, over: boolean) =>
  run(TRACK, [life.published && 'published', life.unpublished && 'unpublished', over && 'over']);
type TrackRun = ReturnType<typeof trackRun>;

function newTrack(life: TrackLife, session: Session | null, { state }: TrackRun, span: Span): Track {
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

function trackStart(life: TrackLife, lost: Lost, within: Span, activeAt: number | null): Boundary {
  if (lost.start === undefined) return keepWithin(observedAt(life.published!), within.start, within.end);
  const { ms, grain, id } = life.unpublished!;
  const low = Math.min(within.start.low, ms);
  // the track's own version is no proof of when it was published, but the best hint there is
  const hint = life.versionAt ?? activeAt ?? within.start.at;
  const at = clamp(hint, within.start.at, Math.max(within.start.at, ms));
  const why = life.versionAt !== null ? 'the track’s version' : 'its publisher’s join';
  return keepWithin(inferred({ at, low, high: ms, grain }, lost.start, why, id), within.start, within.end);
}

function trackSpan(
  life: TrackLife,
  { state, lost }: TrackRun,
  start: Boundary,
  within: Span,
  replaced: Boundary | null,
  now: number,
): Span {
  if (state === 'published') return { start, end: openAt(Math.max(now, start.at)), open: true, certain: true };
  if (lost.end === undefined)
    return { start, end: keepWithin(observedAt(life.unpublished!), start, within.end), open: false, certain: true };
  const low = Math.max(Math.min(life.published!.ms, within.end.high), start.low);
  const high = Math.max(low, within.end.high);
  const at = replaced ? Math.min(replaced.at, within.end.at) : within.end.at;
  const why = replaced ? 'the next track of the same source' : 'its publisher’s leave';
  const end = inferred(
    { at: Math.max(at, start.at), low, high, grain: within.end.grain },
    lost.end,
    why,
    within.end.id,
  );
  end.top = Math.max(high, within.end.top);
  return { start, end, open: false, certain: true };
}

function phoneOf(session: Session): Phone {
  const { life, tracks } = session;
  const inbound = life.attributes?.['sip.ruleID'] !== undefined;
  const firstAudio = least(tracks.filter((track) => track.audio).map((track) => track.span.start.top));
  const heard = Number.isFinite(firstAudio);
  const answered = NOT_ANSWERED.has(session.disconnectReason ?? '') ? false : heard || inbound ? true : null;
  const told = life.answeredBy === null ? Number.POSITIVE_INFINITY : life.answeredBy.ms + life.answeredBy.grain - 1;
  const mayBeUnanswered = answered === null && life.left === null && !session.span!.open;
  return {
    inbound,
    answered,
    mayBeUnanswered,
    certainFrom: inbound ? Number.NEGATIVE_INFINITY : Math.min(firstAudio, told),
  };
}

export function lastLeaveOf(people: Iterable<Person>): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { role, sessions } of people)
    if (role === 'human') for (const { span } of sessions) if (span) last = Math.max(last, span.end.at);
  return last;
}
