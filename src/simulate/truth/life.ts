import { type Call, createdAt, endOf, roleOf } from '../call.ts';

/** How the room stands at `now`, by the contract. */
export interface Life {
  status: 'active' | 'finished' | 'expired';
  from: number;
  /** Where its spans end: the room's end, or `now`. */
  to: number;
}

const STALE_MS = 24 * 3600 * 1000;

export function lifeOf(call: Call, now: number): Life {
  const from = createdAt(call);
  const end = endOf(call);
  if (end !== null) return { status: 'finished', from, to: end };

  const heard = Math.max(...roomSigns(call), ...sideSigns(call));
  const holders = call.people.filter((person) => roleOf(person) === 'human').flatMap(({ sessions }) => sessions);
  const held = holders.some(({ to }) => to === null);
  const abandoned = Math.max(call.room.starts.at(-1)!, ...holders.map(({ to }) => to ?? now));
  const patience = (Math.max(call.room.emptyTimeout, call.room.departureTimeout) + 60) * 1000;
  const expired = (!held && now - abandoned >= patience) || now - heard >= STALE_MS;
  return expired ? { status: 'expired', from, to: Math.max(...roomSigns(call)) } : { status: 'active', from, to: now };
}

/**
 * Is there one reading of when an expired room was last alive? Where an egress, ingress or job was heard of after
 * everything else, the contract does not say whether that proves the room.
 */
export const lastProofIsClear = (call: Call): boolean =>
  Math.max(...roomSigns(call)) >= Math.max(0, ...sideSigns(call));

function roomSigns({ room, people }: Call): number[] {
  const signs = people.flatMap(({ sessions, aborted }) => [
    ...aborted.map(({ at }) => at),
    ...sessions.flatMap(({ active, to, tracks }) => [active, to, ...tracks.flatMap((track) => [track.from, track.to])]),
  ]);
  return [...room.starts, ...room.ends, ...signs.filter((sign) => sign !== null)];
}

function sideSigns({ egresses, ingresses, jobs }: Call): number[] {
  const signs = [
    ...egresses.flatMap(({ requestedAt, activeAt, stoppedAt, reportedAt }) => [
      requestedAt,
      activeAt,
      stoppedAt,
      reportedAt,
    ]),
    ...[...ingresses, ...jobs].flatMap(({ from, to }) => [from, to]),
  ];
  return signs.filter((sign) => sign !== null);
}
