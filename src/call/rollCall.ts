/** What LiveKit's answers about a room (decodeAnswer.ts) prove: that it, or somebody in it, was gone by then. */
import type { Call, SessionLife, Sign } from './call.ts';
import { earliest } from './call.ts';

/** The first answer that there is no such room; null where none came, or the room showed life after it. */
export function roomGoneBy({ rollCalls, room }: Call): Sign | null {
  let gone: Sign | null = null;
  const alive = room.lastLife?.ms ?? Number.NEGATIVE_INFINITY;
  for (const { sign, exists } of rollCalls.values()) if (!exists && sign.ms >= alive) gone = earliest(gone, sign);
  return gone;
}

/** The first answer, after the session's last sign, that does not name it. */
export function absentBy({ rollCalls }: Call, { sid, firstSign, lastSign }: SessionLife): Sign | null {
  if (rollCalls.size === 0) return null;
  const seen = Math.max(firstSign.ms, lastSign?.ms ?? firstSign.ms);
  let absent: Sign | null = null;
  for (const { sign, present } of rollCalls.values())
    if (sign.ms >= seen && !present.has(sid)) absent = earliest(absent, sign);
  return absent;
}
