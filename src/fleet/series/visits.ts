/** Who came to a call, when, and when they left. */
import { maskNumber } from '../../call/phoneNumbers.ts';
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { conversations, isHuman } from '../contactFigures.ts';
import { keyOf, tellsNumber } from './whoItIs.ts';

/** Epoch ms; infinite where there is no limit. */
export interface Limits {
  low: number;
  high: number;
}

/** A human in a call, from the first join to the last leave. */
export interface Visit {
  /** Who it is, to the engine alone: it may be a telephone number. null: not to be told apart from others. */
  key: string | null;
  identity: string;
  /** As it may be shown. */
  phone: string | null;
  from: number;
  /** Of one who is still there: infinite. */
  to: number;
  /** Where events were lost. */
  fromLimits: Limits | null;
  toLimits: Limits | null;
}

export interface Telephony {
  /** Plain, by identity. */
  numbers: ReadonlyMap<string, string>;
  shown: 'masked' | 'plain';
}

type Person = CallMetrics['participants']['list'][number];
type Session = Person['sessions'][number];
type Gaps = ReadonlyMap<string, Limits>;

/** Humans who were there; a phone that only rang was not. Ordered by who they are. */
export function visitsOf(metrics: CallMetrics, telephony: Telephony): Visit[] {
  const gaps = gapsOf(metrics);
  const visits = metrics.participants.list.flatMap((person) => {
    const sessions = isHuman(person) ? conversations(person) : [];
    return sessions.length > 0 ? [visitOf(person, sessions, gaps, telephony)] : [];
  });
  return merged(visits).sort((a, b) => a.from - b.from || (a.identity < b.identity ? -1 : 1));
}

/** Whether some human's telephone number has to be looked up in the call's events. */
export function needsNumbers({ participants, sip }: CallMetrics): boolean {
  if (sip === null) return false;
  const { from, to, direction, legs } = sip;
  const isTold = legs > 1 || (direction === 'inbound' ? from : to) !== null;
  return isTold && participants.list.some(({ kind, identity }) => kind === 'SIP' && !tellsNumber(identity));
}

function visitOf({ identity, kind }: Person, sessions: Session[], gaps: Gaps, { numbers, shown }: Telephony): Visit {
  const number = kind === 'SIP' ? numbers.get(identity) : undefined;
  const joins = sessions.map((session) => boundary(Date.parse(session.joinedAt), gaps.get(`${JOINED} ${session.sid}`)));
  const leaves = sessions.map(({ sid, leftAt }) =>
    boundary(leftAt === null ? Number.POSITIVE_INFINITY : Date.parse(leftAt), gaps.get(`${LEFT} ${sid}`)),
  );
  return {
    key: keyOf(identity, kind, number),
    identity,
    phone: number === undefined ? null : shown === 'plain' ? number : maskNumber(number),
    from: Math.min(...joins.map(({ at }) => at)),
    to: Math.max(...leaves.map(({ at }) => at)),
    fromLimits: limitsOf(joins, Math.min),
    toLimits: limitsOf(leaves, Math.max),
  };
}

interface Boundary extends Limits {
  at: number;
  lost: boolean;
}

const boundary = (at: number, limits: Limits | undefined): Boundary =>
  limits ? { at, lost: true, ...limits } : { at, lost: false, low: at, high: at };

function limitsOf(boundaries: readonly Boundary[], extreme: (...of: number[]) => number): Limits | null {
  if (!boundaries.some(({ lost }) => lost)) return null;
  return {
    low: extreme(...boundaries.map(({ low }) => low)),
    high: extreme(...boundaries.map(({ high }) => high)),
  };
}

const JOINED = 'participant_joined';
const LEFT = 'participant_left';

/** By event and sid of the connection. */
function gapsOf({ evidence: { gaps } }: CallMetrics): Gaps {
  const limits = new Map<string, Limits>();
  for (const { subject, sid, missing, range } of gaps) {
    if (subject !== 'participant' || range === null) continue;
    const [low, high] = range;
    limits.set(`${missing} ${sid}`, {
      low: low === null ? Number.NEGATIVE_INFINITY : Date.parse(low),
      high: high === null ? Number.POSITIVE_INFINITY : Date.parse(high),
    });
  }
  return limits;
}

/** One telephone number under two identities is one who came. */
function merged(visits: readonly Visit[]): Visit[] {
  const byKey = new Map<string, Visit>();
  const apart: Visit[] = [];
  for (const visit of visits) {
    const other = visit.key === null ? undefined : byKey.get(visit.key);
    if (other) byKey.set(visit.key!, together(other, visit));
    else if (visit.key === null) apart.push(visit);
    else byKey.set(visit.key, visit);
  }
  return [...byKey.values(), ...apart];
}

function together(one: Visit, other: Visit): Visit {
  const { key, phone } = one;
  const least = (a: Limits | null, b: Limits | null, at: [number, number], extreme: (...of: number[]) => number) =>
    a || b
      ? { low: extreme(a?.low ?? at[0], b?.low ?? at[1]), high: extreme(a?.high ?? at[0], b?.high ?? at[1]) }
      : null;
  return {
    key,
    phone: phone ?? other.phone,
    identity: [one.identity, other.identity].sort()[0]!,
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    fromLimits: least(one.fromLimits, other.fromLimits, [one.from, other.from], Math.min),
    toLimits: least(one.toLimits, other.toLimits, [one.to, other.to], Math.max),
  };
}
