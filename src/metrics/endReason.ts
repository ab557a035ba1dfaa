/** Why the call ended: the first rule of metrics.md that applies. */

import { z } from 'zod';
import { greatest } from '../call/extremes.ts';
import type { Session } from '../call/resolved.ts';
import { noShow } from './agent.ts';
import { holds } from './intervals.ts';
import { value } from './metric.ts';
import { peopleSpans } from './room.ts';
import type { Actor, Scene } from './scene.ts';

export const END_REASON_CLASSES = [
  'human_hangup',
  'agent_hangup',
  'kicked',
  'duplicate_identity',
  'connection_lost',
  'agent_error',
  'completed_by_app',
  'server_shutdown',
  'no_answer',
  'rejected',
  'trunk_failure',
  'agent_no_show',
  'unknown',
] as const;
type Class = (typeof END_REASON_CLASSES)[number];
interface EndReason {
  class: Class;
  /** LiveKit's own word. */
  raw: string | null;
  /** Whose leaving ended it; null where nobody's or several people's did. */
  identity: string | null;
}
interface Leave {
  at: number;
  actor: Actor;
  session: Session;
}

/** A room's closing takes a moment to reach all that are in it. */
const TOGETHER = 2_000;
const CLOSED: readonly (readonly [string, string, Class])[] = [
  ['ROOM_END_API_DELETE', 'ROOM_DELETED', 'completed_by_app'],
  ['ROOM_END_SERVER_SHUTDOWN', 'SERVER_SHUTDOWN', 'server_shutdown'],
];
const UNANSWERED: Record<string, Class> = {
  USER_UNAVAILABLE: 'no_answer',
  USER_REJECTED: 'rejected',
  SIP_TRUNK_FAILURE: 'trunk_failure',
};
/** In the order in which they decide when several leave in one instant. */
const LEFT: Record<string, Class | 'hangup'> = {
  CLIENT_INITIATED: 'hangup',
  PARTICIPANT_REMOVED: 'kicked',
  DUPLICATE_IDENTITY: 'duplicate_identity',
  SIGNAL_CLOSE: 'connection_lost',
  CONNECTION_TIMEOUT: 'connection_lost',
  MEDIA_FAILURE: 'connection_lost',
  STATE_MISMATCH: 'connection_lost',
  JOIN_FAILURE: 'connection_lost',
  MIGRATION: 'connection_lost',
  AGENT_ERROR: 'agent_error',
};
const DECIDES = Object.keys(LEFT);

export function endReason(scene: Scene): EndReason | null {
  const { resolved } = scene;
  if (resolved.status === 'active') return null;
  const leaves = leavesOf(scene);
  const last = greatest(leaves.map(({ at }) => at));
  for (const [room, person, name] of CLOSED) {
    if (resolved.call.room.endReason?.value === room) return { class: name, raw: room, identity: null };
    if (leaves.some(({ at, session }) => session.disconnectReason === person && at >= last - TOGETHER))
      return { class: name, raw: person, identity: null };
  }
  const together = scene.point.connected;
  const parted = together.at(-1);
  if (parted !== undefined) return whoParted(scene, leaves, parted);
  const phone = lastOf(leaves, ({ session }) => session.phone?.answered === false);
  if (phone) {
    const raw = phone.session.disconnectReason!;
    return { class: UNANSWERED[raw] ?? 'no_answer', raw, identity: phone.actor.identity };
  }
  if (noShow(scene) === true) {
    const human = lastOf(leaves, ({ actor }) => actor.role === 'human');
    return {
      class: 'agent_no_show',
      raw: human?.session.disconnectReason ?? null,
      identity: human?.actor.identity ?? null,
    };
  }
  return leaves.length > 0 ? explainedBy(leaves, last) : { class: 'unknown', raw: null, identity: null };
}

/** Observed leaves of people, in no order: few of a great many are looked at. */
function leavesOf(scene: Scene): Leave[] {
  const leaves: Leave[] = [];
  for (const actor of scene.people)
    for (const session of actor.sessions)
      if (session.life.left !== null) leaves.push({ at: session.span!.end.at, actor, session });
  return leaves;
}

const inCausalOrder = (a: Leave, b: Leave) => a.at - b.at || (a.session.life.sid < b.session.life.sid ? -1 : 1);

function lastOf(leaves: readonly Leave[], which: (leave: Leave) => boolean): Leave | null {
  let last: Leave | null = null;
  for (const leave of leaves) if (which(leave) && (last === null || inCausalOrder(last, leave) < 0)) last = leave;
  return last;
}

/** The leave that took the number of connected people below two for the last time. */
function whoParted(scene: Scene, leaves: readonly Leave[], parted: number): EndReason {
  const those = leaves.filter(
    ({ at, actor, session }) =>
      at === parted && session.phone?.answered !== false && !holds(scene.point.conversing(actor), parted),
  );
  return those.length > 0 ? explainedBy(leaves, parted, those) : { class: 'unknown', raw: null, identity: null };
}

const tells = ({ session }: Leave) => session.disconnectReason !== 'ROOM_CLOSED';

/** By the leaves of one instant; ROOM_CLOSED explains nothing: then by those before it. */
function explainedBy(
  leaves: readonly Leave[],
  at: number,
  those = leaves.filter((leave) => leave.at === at),
): EndReason {
  const first = those.sort(inCausalOrder);
  let telling = first.filter(tells);
  const before = telling.length > 0 ? null : lastOf(leaves, (leave) => leave.at < at && tells(leave));
  if (before) telling = leaves.filter((leave) => leave.at === before.at && tells(leave)).sort(inCausalOrder);
  if (telling.length === 0)
    return { class: 'unknown', raw: first[0]?.session.disconnectReason ?? null, identity: null };
  const humans = telling.filter(({ actor }) => actor.role === 'human');
  const deciding = humans.length > 0 ? humans : telling;
  const rank = ({ session }: Leave) => {
    const found = DECIDES.indexOf(session.disconnectReason ?? 'CLIENT_INITIATED');
    return found < 0 ? DECIDES.length : found;
  };
  const decisive = deciding.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const raw = decisive.session.disconnectReason;
  const found = LEFT[raw ?? 'CLIENT_INITIATED'] ?? 'unknown';
  const identities = new Set(deciding.map(({ actor }) => actor.identity));
  return {
    class: found === 'hangup' ? (decisive.actor.role === 'human' ? 'human_hangup' : 'agent_hangup') : found,
    raw,
    identity: identities.size === 1 ? decisive.actor.identity : null,
  };
}

/** Whether a lost event could turn it. */
function mayTurn(scene: Scene): boolean {
  const { resolved } = scene;
  if (resolved.status === 'active') return false;
  const told = resolved.call.room.endReason?.value;
  if (told !== undefined && CLOSED.some(([room]) => room === told)) return false;
  if (resolved.call.room.finished === null) return true; // it would have told of a deletion, or of a server's shutdown
  const spans = peopleSpans(scene);
  const lost = spans.filter(({ end, open }) => !end.observed && !open);
  const last = greatest(spans.filter(({ end }) => end.observed).map(({ end }) => end.at));
  const decided = endReason(scene)!;
  if (CLOSED.some(([, person]) => person === decided.raw)) return lost.some(({ end }) => end.high > last + TOGETHER);
  if (lost.some(({ end }) => end.high >= last - TOGETHER) && told === undefined) return true; // it may have been ROOM_DELETED
  const parted = scene.point.connected.at(-1);
  const mustPart = scene.look('core').connected.at(-1);
  const mayPart = scene.look('hull').connected.at(-1);
  if (parted !== mustPart || parted !== mayPart) return true;
  if (parted === undefined) return lost.length > 0;
  // a lost leave of that instant, or of the one looked back to, would have been heard first
  return (
    lost.some(
      ({ end }) =>
        end.high >= Math.min(parted, decided.identity === null ? Number.NEGATIVE_INFINITY : parted) &&
        end.low <= parted,
    ) ||
    (decided.class !== 'unknown' && lookedBack(scene, parted) && lost.length > 0)
  );
}

function lookedBack(scene: Scene, parted: number): boolean {
  const those = leavesOf(scene).filter(({ at }) => at === parted);
  return !those.some(tells);
}

export const END_REASON_METRICS = [
  value({
    path: 'endReason',
    unit: 'object',
    formula:
      'First that applies: the room was deleted or its server shut down; the leave that took the connected people below two for the last time; an unanswered phone; a no-show; the last person’s leave; `unknown`.',
    nullWhen: 'the call is active',
    needs: ['participant_left', 'room_finished'],
    source: 'LiveKit (DisconnectReason, roomEndReason), in the classes of Twilio and Retell',
    schema: z
      .object({ class: z.enum(END_REASON_CLASSES), raw: z.string().nullable(), identity: z.string().nullable() })
      .nullable(),
    compute: endReason,
    uncertain: (scene) => (mayTurn(scene) ? ['endReason.class', 'endReason.raw', 'endReason.identity'] : []),
    spans: peopleSpans,
  }),
] as const;
