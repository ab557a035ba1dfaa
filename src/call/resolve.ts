/**
 * Call -> ResolvedCall: every boundary of every span placed, and told how well it is known. Pure; `now` is an argument.
 */

import { type Boundary, isExact } from './boundary.ts';
import type { Call, JobLife, SessionLife, TrackLife } from './call.ts';
import { least } from './extremes.ts';
import { castOf } from './people.ts';
import type { Gap, ResolvedCall, ResolveOptions, Session, Track } from './resolved.ts';
import { DISBELIEVED_BEFORE, resolveRoom } from './resolveRoom.ts';
import { resolveEgress, resolveIngress, resolveJob } from './resolveServices.ts';
import { lastLeaveOf, orphanTrack, resolveSessions, type SessionContext } from './resolveSessions.ts';

/** @param now epoch ms at which the call is looked at; what is open runs to it. An event later than it moves it on. */
export function resolve(call: Call, now: number, options: ResolveOptions): ResolvedCall {
  const at = Math.max(now, call.room.lastHeard);
  const cast = castOf(call, options);
  const room = resolveRoom(call, cast, at, options);
  const context: SessionContext = {
    call,
    room,
    now: room.status === 'active' ? room.end.at : at,
    tracksOf: tracksBySession(call),
  };
  const tally = new Tally(options.neverSent);

  // humans first: when an agent's leave was lost, theirs is the best hint at it
  const people = [...cast.values()];
  let lastHumanLeave = Number.NEGATIVE_INFINITY;
  for (const humans of [true, false]) {
    for (const person of people)
      if ((person.role === 'human') === humans) {
        person.sessions = resolveSessions(person, context, lastHumanLeave);
        person.firstSign = firstSignOf(person.sessions);
      }
    if (humans) lastHumanLeave = lastLeaveOf(people);
  }
  people.sort((a, b) => a.firstSign - b.firstSign || (a.identity < b.identity ? -1 : 1));

  tally.add('room', call.roomSid, room.start);
  if (room.status !== 'active') tally.add('room', call.roomSid, room.end);
  if (room.status === 'expired' && !room.timeoutsTold)
    tally.note({
      subject: 'room',
      sid: call.roomSid,
      missing: 'timeouts',
      resolvedBy: 'LiveKit’s defaults: 300 s empty, 20 s after the last departure',
      range: null,
    });
  const sessions: Session[] = [];
  const tracks: Track[] = [];
  for (const person of people)
    for (const session of person.sessions) {
      sessions.push(session);
      tallySession(session, tally);
      for (const track of session.tracks) tracks.push(track);
      noteTooEarly('participant', session.life.sid, 'participant.joinedAt', session.life.joinedAt?.ms ?? null);
    }
  for (const life of call.tracks.values()) if (life.session === null) tracks.push(orphanTrack(life, context));
  tracks.sort((a, b) => a.span.start.at - b.span.start.at || (a.life.sid < b.life.sid ? -1 : 1));
  for (const { life, span } of tracks) {
    tally.add('track', life.sid, span.start);
    if (!span.open) tally.add('track', life.sid, span.end);
  }
  const egresses = [...call.egresses.values()].map((life) => resolveEgress(life, room));
  egresses.sort((a, b) => a.life.firstSign.ms - b.life.firstSign.ms || (a.life.id < b.life.id ? -1 : 1));
  for (const egress of egresses) {
    const { life, span, end } = egress;
    if (span) tally.add('egress', life.id, span.start);
    if (end && !span?.open) tally.add('egress', life.id, end);
    if (egress.absurd)
      tally.note({
        subject: 'egress',
        sid: life.id,
        missing: 'duration',
        resolvedBy: 'an impossible duration in the result, recomputed from its span',
        range: null,
      });
    noteTooEarly('egress', life.id, 'egressInfo.startedAt', life.resultStartedAt ?? life.startedAt?.value ?? null);
    if (egress.mayHaveFailed) tally.uncertain = true;
  }
  const ingresses = [...call.ingresses.values()].map((life) => resolveIngress(life, room));
  ingresses.sort((a, b) => a.span.start.at - b.span.start.at || (a.life.id < b.life.id ? -1 : 1));
  for (const { life, span } of ingresses) {
    tally.add('ingress', life.id, span.start);
    if (!span.open) tally.add('ingress', life.id, span.end);
  }
  const jobs = [...call.jobs.values()].map((life) => resolveJob(life, room));
  jobs.sort((a, b) => (a.life.id < b.life.id ? -1 : 1));
  for (const { life } of jobs) noteLostEnd(life);
  for (const { subject, sid, field, why } of [...call.doubts.values()].sort((a, b) =>
    `${a.sid} ${a.field}` < `${b.sid} ${b.field}` ? -1 : 1,
  ))
    tally.note({
      subject: subject as Gap['subject'],
      sid,
      missing: field,
      resolvedBy: `not believed: ${why}`,
      range: null,
    });

  /** A job's ends are no boundaries: its participant's are. But when it ended, nothing else tells. */
  function noteLostEnd({ id, ended, endedAt, startedAt, started }: JobLife): void {
    if (room.status === 'active' || ended !== null || endedAt !== null) return;
    if (options.neverSent.includes('agent_job_ended')) return;
    const from = startedAt ?? started?.ms ?? room.start.low;
    const range: Gap['range'] = [from, Number.POSITIVE_INFINITY];
    tally.note({
      subject: 'job',
      sid: id,
      missing: 'agent_job_ended',
      resolvedBy: 'nothing: no other event tells it',
      range,
    });
  }

  function noteTooEarly(subject: Gap['subject'], sid: string, field: string, ms: number | null): void {
    if (ms === null || ms >= room.start.low - DISBELIEVED_BEFORE) return;
    tally.note({
      subject,
      sid,
      missing: field,
      resolvedBy: 'not believed: it lies more than a minute before the room’s creation',
      range: null,
    });
  }
  return {
    call,
    now: context.now,
    status: room.status,
    state: room.state,
    room: { start: room.start, end: room.end, closesBy: room.closesBy },
    people,
    sessions,
    tracks,
    egresses,
    ingresses,
    jobs,
    gaps: tally.gaps,
    boundaries: { expected: tally.expected, observed: tally.observed },
    uncertain: tally.uncertain,
  };
}

function firstSignOf(sessions: readonly Session[]): number {
  return least(sessions.map(({ span, life }) => span?.start.at ?? life.joinedAt?.ms ?? life.firstSign.ms));
}

function tracksBySession(call: Call): Map<SessionLife, TrackLife[]> {
  const bySession = new Map<SessionLife, TrackLife[]>();
  for (const track of call.tracks.values()) {
    if (track.session === null) continue;
    const own = bySession.get(track.session);
    if (own) own.push(track);
    else bySession.set(track.session, [track]);
  }
  return bySession;
}

function tallySession({ life, span, aborted, phone }: Session, tally: Tally): void {
  if (aborted) {
    tally.count('participant_connection_aborted', true);
    return;
  }
  if (span === null) return;
  const mayStillRing = phone !== null && !phone.inbound && phone.answered !== false;
  if (!span.certain || mayStillRing) tally.uncertain = true;
  tally.add('participant', life.sid, span.start);
  if (!span.open) tally.add('participant', life.sid, span.end);
}

/** Expected and observed boundaries, and the gaps between. */
class Tally {
  expected = 0;
  observed = 0;
  uncertain = false;
  readonly gaps: Gap[] = [];
  private readonly neverSent: ReadonlySet<string>;

  constructor(neverSent: readonly string[]) {
    this.neverSent = new Set(neverSent);
  }

  count(type: string, observed: boolean): void {
    if (!observed && this.neverSent.has(type)) return;
    this.expected++;
    if (observed) this.observed++;
  }

  add(subject: Gap['subject'], sid: string, boundary: Boundary): void {
    this.count(boundary.missing ?? '', boundary.observed);
    if (!isExact(boundary)) this.uncertain = true;
    if (boundary.missing === null) return;
    const { missing, resolvedBy, low, top } = boundary;
    this.gaps.push({ subject, sid, missing, resolvedBy, range: [low, top], boundary });
  }

  note(gap: Gap): void {
    this.gaps.push(gap);
  }
}
