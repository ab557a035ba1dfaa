import type { Call } from '../../src/simulate/call.ts';
import type { Emitted } from '../../src/simulate/emit.ts';

type Json = Record<string, unknown>;

/** What LiveKit's own API would say of the room at an instant: whether it exists, who is in it, what of it was recorded. */
export function liveKitSays(at: number, { room, people }: Call, emitted: readonly Emitted[], old = false) {
  const before = (instants: number[]) => Math.max(...instants.filter((instant) => instant <= at), 0);
  const exists = before(room.starts) > before(room.ends); // its node may have died: then there are fewer ends
  const participants = people.flatMap(({ identity, name, kind, hidden, attributes, sessions }) =>
    sessions
      .filter(({ from, to }) => from <= at && (to === null || at < to))
      .map(({ sid, from }) => ({
        sid,
        identity,
        name,
        kind,
        state: 'ACTIVE',
        attributes,
        permission: { hidden },
        joinedAt: String(Math.floor(from / 1000)),
        ...(!old && { joinedAtMs: String(from) }),
      })),
  );
  const told = emitted.filter((one) => one.at <= at).map(({ event }) => event.egressInfo as Json | undefined);
  const latest = new Map(told.flatMap((info) => (info === undefined ? [] : [[info.egressId, info] as const])));
  return { exists, participants: exists ? participants : [], egresses: [...latest.values()] };
}
