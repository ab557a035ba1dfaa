/** The room's own life: when it began, whether it is over, and when it ended. */
import { type Boundary, inferred, observedAt, openAt } from './boundary.ts';
import type { Call } from './call.ts';
import { ROOM, run } from './machines.ts';
import { type Cast, holdsRoom } from './people.ts';
import type { CallStatus, ResolveOptions } from './resolved.ts';
import { absentBy, roomGoneBy } from './rollCall.ts';

/** LiveKit's defaults, seconds (livekit config-sample.yaml: room.empty_timeout, room.departure_timeout). */
const EMPTY_TIMEOUT = 300;
const DEPARTURE_TIMEOUT = 20;
/** LiveKit looks for idle rooms once a second; a room may outlive its timeout by that and the way of the event. */
const CLOSING = 2_000;
/** A payload instant that lies longer before the room's creation is not believed, ms (metrics.md rule 3). */
export const DISBELIEVED_BEFORE = 60_000;
/** metrics.md: a room nobody holds is taken for over this long after its timeout. */
const EXPIRY_GRACE = 60_000;

export interface RoomResolution {
  status: CallStatus;
  state: string;
  start: Boundary;
  end: Boundary;
  /** When its timeouts should have closed it, epoch ms; infinite while somebody holds it open. */
  closesBy: number;
  /** Milliseconds an emptied room stays open. */
  departure: number;
  timeoutsTold: boolean;
  /** Somebody's leave or the room's own reason says that it was closed from outside, not by its timeout. */
  closedFromOutside: boolean;
}

export function resolveRoom(call: Call, cast: Map<string, Cast>, now: number, options: ResolveOptions): RoomResolution {
  const { room } = call;
  const { finished, lastProof, lastLife } = room;
  const start = roomStart(call);
  const empty = (room.emptyTimeout?.value ?? EMPTY_TIMEOUT) * 1000;
  const departure = (room.departureTimeout?.value ?? DEPARTURE_TIMEOUT) * 1000;
  // a proof of life beyond the grain of the finish's clock: LiveKit has hosted the same sid anew
  const over = finished !== null && !(lastLife !== null && lastLife.ms >= finished.ms + finished.grain);
  const gone = roomGoneBy(call);
  const holders = lastHolders(cast, call);
  const closesBy = holders.open
    ? Number.POSITIVE_INFINITY
    : (Number.isFinite(holders.lastLeave) ? holders.lastLeave + departure : start.high + empty) + CLOSING;
  const there = holders.open ? now : Math.max(holders.lastLeave, start.at);
  const quiet =
    gone !== null ||
    now - there > Math.max(empty, departure) + EXPIRY_GRACE ||
    now - room.lastHeard > options.staleAfter * 1000;
  const { state, lost } = run(ROOM, [
    room.started && 'started',
    lastProof && 'sign',
    finished && 'finished',
    finished && !over && 'started',
    !over && quiet && 'silence',
  ]);
  const status: CallStatus = over ? 'finished' : quiet ? 'expired' : 'active';
  return {
    status,
    state,
    start,
    end: roomEnd(),
    closesBy,
    departure,
    timeoutsTold: room.departureTimeout !== null && room.emptyTimeout !== null,
    closedFromOutside: closedFromOutside(call),
  };

  function roomEnd(): Boundary {
    if (status === 'active') return openAt(Math.max(now, start.at));
    if (over) {
      const end = observedAt(finished!);
      end.at = Math.max(end.at, start.at);
      end.low = Math.max(end.low, start.low);
      end.high = Math.max(end.high, end.low);
      end.top = Math.max(end.top, end.high);
      return end;
    }
    const proof = lastProof ?? room.firstSign!;
    const at = Math.max(proof.ms, start.at);
    const high = Math.max(at, Math.min(closesBy, gone?.ms ?? Number.POSITIVE_INFINITY));
    return inferred(
      { at, low: at, high, grain: proof.grain },
      lost.end!,
      gone
        ? 'the last proof of life, and LiveKit’s answer that there is no such room'
        : 'the last proof of life and the room’s timeouts',
      proof.id,
    );
  }
}

function roomStart(call: Call): Boundary {
  const { created, started, firstSign } = call.room;
  if (started) return created ? observedAt(started, created.ms, created.grain) : observedAt(started);
  if (created)
    return inferred(
      { at: created.ms, low: created.ms, high: created.ms, grain: created.grain },
      'room_started',
      'the room’s creation time',
      firstSign!.id,
    );
  const { ms, grain, id } = firstSign!;
  return inferred(
    { at: ms, low: Number.NEGATIVE_INFINITY, high: ms, grain },
    'room_started',
    'the first sign of the room',
    id,
  );
}

/** Whether somebody who holds the room open has not been seen to leave, else when the last such one left or gave up. */
function lastHolders(cast: Map<string, Cast>, call: Call): { open: boolean; lastLeave: number } {
  let open = false;
  let lastLeave = Number.NEGATIVE_INFINITY;
  for (const person of cast.values()) {
    if (!holdsRoom(person)) continue;
    for (const [i, life] of person.lives.entries()) {
      const gone = life.left ?? (life.joined ? null : life.aborted) ?? absentBy(call, life);
      if (gone) lastLeave = Math.max(lastLeave, gone.ms);
      else if (i === person.lives.length - 1) open = true; // a later session of the same identity has replaced the others
    }
  }
  return { open, lastLeave };
}

function closedFromOutside(call: Call): boolean {
  const reason = call.room.endReason?.value;
  if (reason !== undefined) return reason !== 'ROOM_END_IDLE_TIMEOUT';
  for (const { reason: left } of call.sessions.values())
    if (left?.value === 'ROOM_DELETED' || left?.value === 'SERVER_SHUTDOWN') return true;
  return false;
}
