/** Rooms of which too little came: those about which LiveKit itself had better be asked. */
import type { ResolvedCall } from './resolved.ts';
import { roomGoneBy } from './rollCall.ts';

export interface Suspicion {
  roomSid: string;
  roomName: string | null;
  /**
   * `overdue`: nobody holds it open by our account, and it has not finished. `unended`: it is taken to be over, though no
   * room_finished came. `silent`: people are in it, and nothing was heard for long.
   */
  why: 'overdue' | 'unended' | 'silent';
  /** Epoch ms. */
  since: number;
}

/** What comes late comes within this, ms. */
const LATE = 30_000;
/** After so long without an event, ms, it is worth a question whether a call goes on: most do, and to ask is cheap. */
const LONG_SILENCE = 15 * 60_000;

/** null where nothing is odd, or LiveKit has already said that the room is gone. */
export function suspicionOf({ call, room, status, now }: ResolvedCall): Suspicion | null {
  if (status === 'finished' || roomGoneBy(call) !== null) return null;
  const of = (why: Suspicion['why'], since: number) => ({
    roomSid: call.roomSid,
    roomName: call.room.name?.value ?? null,
    why,
    since,
  });
  if (status === 'expired') return of('unended', room.end.at);
  if (now > room.closesBy + LATE) return of('overdue', room.closesBy);
  return now > call.room.lastHeard + LONG_SILENCE ? of('silent', call.room.lastHeard) : null;
}
