/**
 * Who was in a call, and how long: presence without the gaps between connections, each end with what told it. Where an end was
 * inferred, it says from what, and between which limits the truth lies.
 */
import type { CallMetrics, Evidence } from '../metrics/callMetrics.ts';
import type { Limits } from './shownNumber.ts';

type Person = CallMetrics['participants']['list'][number];
type Gap = Evidence['gaps'][number];

/** One end of a session. */
export interface AttendedEnd {
  /** ISO 8601; null: it is not over. */
  at: string | null;
  /** Its own webhook came. */
  observed: boolean;
  /** What stood in for it, where it did not. */
  resolvedBy: string | null;
  /** Between these the truth lies; null is no limit known. */
  range: readonly [string | null, string | null] | null;
}

export interface AttendedSession {
  sid: string;
  joined: AttendedEnd;
  left: AttendedEnd;
  seconds: number;
  disconnectReason: string | null;
}

export interface Attendee {
  identity: string;
  name: string | null;
  kind: string;
  role: Person['role'];
  /** Connections that became active; tries that did not are none. */
  sessions: AttendedSession[];
  aborted: number;
  /** Seconds: the union of the sessions, so that a gap between two of them is absence. */
  presence: Limits;
  /** Of the call: from when the first person joined to when the last one left. */
  share: Limits;
  /** Stretches between the first join and the last leave in which there was no session. */
  absences: { from: string; until: string; seconds: number }[];
}

export interface Attendance {
  roomSid: string;
  roomName: string | null;
  status: CallMetrics['status'];
  /** When the first person joined, and the last one left; null: nobody came, or it is still on. */
  from: string | null;
  until: string | null;
  callDuration: Limits;
  people: Attendee[];
  completeness: number;
  /** Seconds: the grain of the coarsest clock. */
  resolution: number;
  inputs: Evidence['inputs'];
}

/**
 * @param identity of one alone, whoever that is; else of all people who came
 */
export function attendanceOf(metrics: CallMetrics, identity?: string): Attendance {
  const { roomSid, roomName, status, participants, evidence, callDuration } = metrics;
  const people = participants.list.filter(isVisitor);
  const asked = identity === undefined ? people : participants.list.filter((one) => one.identity === identity);
  const ends = people.flatMap(({ sessions }) => sessions.filter(({ aborted }) => !aborted));
  const on = ends.some(({ leftAt }) => leftAt === null);
  return {
    roomSid,
    roomName,
    status,
    from: extreme(
      ends.map(({ joinedAt }) => joinedAt),
      'first',
    ),
    until: on
      ? null
      : extreme(
          ends.map(({ leftAt }) => leftAt!),
          'last',
        ),
    callDuration: limits(callDuration, evidence.bounds.callDuration),
    people: asked.map((person) => attendee(person, metrics)),
    completeness: evidence.completeness,
    resolution: evidence.resolution,
    inputs: evidence.inputs,
  };
}

/** Recorders are no people, who is hidden is nobody's business, and who never got in was not there. */
const isVisitor = ({ role, hidden, sessions }: Person) =>
  role !== 'service' && !hidden && sessions.some(({ aborted }) => !aborted);

const LIST = 'participants.list';
const UNKNOWN: Evidence['bounds'][string] = [null, null];

function attendee(person: Person, { evidence, callDuration }: CallMetrics): Attendee {
  const { identity, name, kind, role, presentSeconds, presenceShare } = person;
  const sessions = person.sessions.filter(({ aborted }) => !aborted);
  // of a crowd the list is uncertain as a whole
  const boundsOf = (leaf: string) =>
    evidence.uncertain.includes(LIST) ? UNKNOWN : evidence.bounds[`${LIST}[identity=${identity}].${leaf}`];
  return {
    identity,
    name,
    kind,
    role,
    sessions: sessions.map(({ sid, joinedAt, leftAt, duration, disconnectReason }) => {
      const missing = evidence.gaps.filter((gap) => gap.subject === 'participant' && gap.sid === sid);
      return {
        sid,
        joined: end(joinedAt, missing, 'participant_joined'),
        left: end(leftAt, missing, 'participant_left'),
        seconds: duration,
        disconnectReason,
      };
    }),
    aborted: person.sessions.length - sessions.length,
    presence: limits(presentSeconds, boundsOf('presentSeconds')),
    share: limits(callDuration === null ? null : presenceShare, boundsOf('presenceShare')),
    absences: absencesOf(sessions),
  };
}

function end(at: string | null, gaps: readonly Gap[], event: string): AttendedEnd {
  const gap = gaps.find(({ missing }) => missing === event);
  return { at, observed: gap === undefined, resolvedBy: gap?.resolvedBy ?? null, range: gap?.range ?? null };
}

function absencesOf(sessions: Person['sessions']): Attendee['absences'] {
  const ordered = [...sessions].sort((a, b) => Date.parse(a.joinedAt) - Date.parse(b.joinedAt));
  const absences: Attendee['absences'] = [];
  let until: string | null = ordered[0]?.leftAt ?? null;
  for (const { joinedAt, leftAt } of ordered.slice(1)) {
    if (until === null) break; // still there
    const away = Date.parse(joinedAt) - Date.parse(until);
    if (away > 0) absences.push({ from: until, until: joinedAt, seconds: away / 1000 });
    if (leftAt === null || Date.parse(leftAt) > Date.parse(until)) until = leftAt;
  }
  return absences;
}

function limits(value: number | null, bounds: Evidence['bounds'][string] | undefined): Limits {
  if (bounds === undefined) return { value, low: value, high: value };
  const [low, high] = bounds as [number | null, number | null];
  return { value, low, high };
}

function extreme(instants: readonly string[], which: 'first' | 'last'): string | null {
  const sorted = [...instants].sort(); // of one form, all of them
  return (which === 'first' ? sorted[0] : sorted.at(-1)) ?? null;
}
