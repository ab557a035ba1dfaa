import type { Call } from '../call.ts';
import { answered, type Member, UNANSWERED } from './cast.ts';
import type { Life } from './life.ts';
import { covers, type Slices } from './slices.ts';

/** `endReason`; a part that the contract does not settle for this call is absent. */
export interface Ending {
  class?: string;
  raw?: string | null;
  identity?: string | null;
}

interface Departure {
  at: number;
  member: Member;
  reason: string | null;
}

const CONNECTION_LOST = [
  'SIGNAL_CLOSE',
  'CONNECTION_TIMEOUT',
  'MEDIA_FAILURE',
  'STATE_MISMATCH',
  'JOIN_FAILURE',
  'MIGRATION',
];
/** Rule 2's list, in its order, which breaks ties. */
const ORDER = ['CLIENT_INITIATED', 'PARTICIPANT_REMOVED', 'DUPLICATE_IDENTITY', ...CONNECTION_LOST, 'AGENT_ERROR'];

export function endingOf(call: Call, life: Life, slices: Slices, members: Member[], noShow: boolean | null): Ending {
  const departures = members.flatMap((member) => departuresOf(member, slices)).sort((one, other) => one.at - other.at);

  const imposed = imposedEnding(call, departures);
  if (imposed !== null) return imposed;
  if (members.length === 0) return { class: 'unknown', raw: null, identity: null };

  const connected = (instant: number) =>
    members.filter((member) => !member.ringing && covers(member.presence, instant)).length;
  const apart = slices.stops((instant) => connected(instant) >= 2).at(-1);
  if (apart !== undefined) {
    const others = departures.filter(({ member }) => !member.ringing);
    return explain(others, apart);
  }

  const phone = call.people.find((person) => answered(person) === false);
  if (phone !== undefined) {
    const raw = phone.sessions.at(-1)!.reason!;
    return { class: UNANSWERED[raw]!, raw, identity: phone.identity };
  }

  if (noShow === true) {
    const last = departures.filter(({ member }) => member.role === 'human').at(-1);
    // Humans who are still there have no last leave; without a reason the contract names no raw word.
    if (last === undefined) return { class: 'agent_no_show' };
    const raw = last.reason === null ? {} : { raw: last.reason };
    return { class: 'agent_no_show', ...raw, identity: last.member.identity };
  }

  const last = departures.at(-1);
  // Somebody is inside still, and so the last person's leave is none yet.
  const allGone = members.every(({ presence }) => presence.every(({ to }) => to !== null && to <= life.to));
  return last === undefined || !allGone ? {} : explain(departures, last.at);
}

/** Where presence stops: not where one of two connections ends. */
function departuresOf(member: Member, slices: Slices): Departure[] {
  return slices
    .stops((instant) => covers(member.presence, instant))
    .flatMap((at) => {
      const ended = member.presence.find(({ to }) => to === at);
      return ended === undefined ? [] : [{ at, member, reason: ended.reason }];
    });
}

/** Rule 1: the application or the server ended it for everybody. */
function imposedEnding(call: Call, departures: Departure[]): Ending | null {
  const last = departures.at(-1);
  const imposed = [
    { class: 'completed_by_app', leave: 'ROOM_DELETED', room: 'ROOM_END_API_DELETE' },
    { class: 'server_shutdown', leave: 'SERVER_SHUTDOWN', room: 'ROOM_END_SERVER_SHUTDOWN' },
  ];
  for (const { class: name, leave, room } of imposed) {
    // Of the room's word and the leave's, the contract does not say which is kept.
    if (call.room.endReason === room) return { class: name, identity: null };
    const leaves = departures.filter(({ at, reason }) => reason === leave && last!.at - at <= 2000);
    if (leaves.length > 0) return { class: name, raw: leave, identity: null };
  }
  return null;
}

/** Rule 2, for the leaves of one instant. */
function explain(departures: Departure[], at: number): Ending {
  const then = departures.filter((departure) => departure.at === at);
  // Those whom nobody saw leave explain nothing.
  if (then.length === 0) return { class: 'unknown', raw: null, identity: null };

  let telling = then.filter(({ reason }) => reason !== 'ROOM_CLOSED');
  if (telling.length === 0) {
    const before = departures.filter((departure) => departure.at < at && departure.reason !== 'ROOM_CLOSED').at(-1);
    // With no leave before it, ROOM_CLOSED is all there is. Is its raw word kept, or null as by rule 6?
    if (before === undefined) return { class: 'unknown' };
    telling = departures.filter((departure) => departure.at === before.at && departure.reason !== 'ROOM_CLOSED');
  }

  const humans = telling.filter(({ member }) => member.role === 'human');
  const candidates = humans.length > 0 ? humans : telling;
  const place = ({ reason }: Departure) => (reason === null ? 0 : ORDER.indexOf(reason));
  const first = [...candidates].sort((one, other) => place(one) - place(other))[0]!;
  // A word that is not in rule 2's list has no class there.
  if (place(first) < 0) return {};
  return {
    class: classOf(first),
    // LiveKit gave no word: null, or its UNKNOWN_REASON.
    ...(first.reason === null ? {} : { raw: first.reason }),
    // Several agents at once: the contract speaks of humans only.
    ...(candidates.length === 1 || humans.length > 0
      ? { identity: candidates.length === 1 ? first.member.identity : null }
      : {}),
  };
}

function classOf({ reason, member }: Departure): string {
  if (reason === null || reason === 'CLIENT_INITIATED')
    return member.role === 'human' ? 'human_hangup' : 'agent_hangup';
  if (reason === 'PARTICIPANT_REMOVED') return 'kicked';
  if (reason === 'DUPLICATE_IDENTITY') return 'duplicate_identity';
  return reason === 'AGENT_ERROR' ? 'agent_error' : 'connection_lost';
}
