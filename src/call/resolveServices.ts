/** Egresses (recordings, streams), ingresses and agent jobs of a room. */
import { type Boundary, clamp, inferred, observedAt, openAt } from './boundary.ts';
import type { EgressLife, IngressLife, JobLife } from './call.ts';
import { EGRESS, INGRESS, JOB, type Lost, run } from './machines.ts';
import type { Egress, Ingress, Job } from './resolved.ts';
import { DISBELIEVED_BEFORE, type RoomResolution } from './resolveRoom.ts';

const FAILED = new Set(['EGRESS_FAILED', 'EGRESS_ABORTED']);
const TERMINAL = new Set([...FAILED, 'EGRESS_COMPLETE', 'EGRESS_LIMIT_REACHED']);
const STARTING_STAGE = 0;

export function resolveEgress(life: EgressLife, room: RoomResolution): Egress {
  const over = room.status !== 'active';
  const status = finalStatus(life);
  const failed = status !== null && FAILED.has(status);
  const { state, lost } = run(EGRESS, [
    life.requested && 'requested',
    life.active && 'active',
    life.ended && (failed ? 'failed' : 'ended'),
    over && 'over',
  ]);
  const told = startTold(life, room);
  const end = egressEnd(life, lost, room, told);
  const resolved: Egress = {
    life,
    kind: life.kind,
    state,
    status,
    span: null,
    end,
    failed,
    mayHaveFailed: life.ended === null && over,
    absurd:
      life.resultDuration !== null && (life.resultDuration.value < 0 || life.resultDuration.value > 30 * 86_400_000),
  };
  if (failed && told === null) return resolved; // it never became active
  const start = egressStart(life, lost, room, told, end);
  if (end.high < start.low) {
    resolved.absurd = true;
    return resolved;
  }
  end.at = Math.max(end.at, start.at);
  resolved.span = { start, end, open: life.ended === null && !over, certain: life.active !== null || told !== null };
  return resolved;
}

/** An end without a final word (hand-made payloads): by whether it carries an error. */
function finalStatus(life: EgressLife): string | null {
  const status = life.status?.value ?? null;
  if (life.ended === null || (status !== null && TERMINAL.has(status))) return status;
  return life.error === null ? 'EGRESS_COMPLETE' : 'EGRESS_FAILED';
}

/** When it became active by its own word: the result's start, else the info's (the one of STARTING is only its request). */
function startTold(life: EgressLife, room: RoomResolution): number | null {
  const info = life.startedAt !== null && life.startedAt.rank > STARTING_STAGE ? life.startedAt.value : null;
  const told = life.resultStartedAt ?? info;
  return told !== null && told >= room.start.low - DISBELIEVED_BEFORE ? told : null;
}

function egressStart(life: EgressLife, lost: Lost, room: RoomResolution, told: number | null, end: Boundary): Boundary {
  const own = life.active ?? life.requested;
  if (told !== null) {
    if (own) return observedAt(own, told, 1);
    return inferred(
      { at: told, low: told, high: told, grain: 1 },
      lost.start ?? 'egress_started',
      'startedAt of a later event',
      life.firstSign.id,
    );
  }
  if (life.active) return observedAt(life.active);
  const low = life.requested?.ms ?? room.start.low;
  const { ms, grain, id } = life.requested ?? life.firstSign;
  const high = Math.max(low, end.high);
  const start = inferred(
    { at: clamp(ms, low, high), low, high, grain },
    lost.start ?? 'egress_updated',
    'the first sign of the egress',
    id,
  );
  start.top = Math.max(high, end.top);
  return start;
}

function egressEnd(life: EgressLife, lost: Lost, room: RoomResolution, startTold: number | null): Boundary {
  const told = life.resultEndedAt ?? life.endedAt?.value ?? null;
  const credible = told !== null && (startTold === null || told >= startTold) ? told : null;
  if (life.ended) return credible === null ? observedAt(life.ended) : observedAt(life.ended, credible, 1);
  if (credible !== null)
    return inferred(
      { at: credible, low: credible, high: credible, grain: 1 },
      lost.end ?? 'egress_ended',
      'endedAt of another event',
      life.lastSign.id,
    );
  if (room.status === 'active') return openAt(Math.max(room.end.at, startTold ?? 0));
  const low = Math.max(startTold ?? room.start.low, life.active?.ms ?? Number.NEGATIVE_INFINITY);
  const high = Math.max(low, room.end.high);
  const end = inferred(
    { at: clamp(room.end.at, low, high), low, high, grain: room.end.grain },
    lost.end ?? 'egress_ended',
    'the end of the room',
    life.lastSign.id,
  );
  end.top = Math.max(high, room.end.top);
  return end;
}

export function resolveIngress(life: IngressLife, room: RoomResolution): Ingress {
  const over = room.status !== 'active';
  const { state, lost } = run(INGRESS, [life.started && 'started', life.ended && 'ended', over && 'over']);
  const { ms, grain, id } = life.firstSign;
  const start = life.started
    ? observedAt(life.started, life.startedAt ?? life.started.ms, life.startedAt === null ? life.started.grain : 1)
    : life.startedAt !== null
      ? inferred(
          { at: life.startedAt, low: life.startedAt, high: life.startedAt, grain: 1 },
          lost.start!,
          'startedAt of a later event',
          id,
        )
      : inferred({ at: ms, low: room.start.low, high: ms, grain }, lost.start!, 'the first sign of the ingress', id);
  return { life, state, span: { start, end: ingressEnd(), open: !over && life.ended === null, certain: true } };

  function ingressEnd(): Boundary {
    if (life.ended)
      return observedAt(
        life.ended,
        Math.max(start.at, life.endedAt ?? life.ended.ms),
        life.endedAt === null ? life.ended.grain : 1,
      );
    if (!over) return openAt(Math.max(room.end.at, start.at));
    const high = Math.max(start.low, room.end.high);
    const end = inferred(
      { at: Math.max(start.at, room.end.at), low: start.low, high, grain: room.end.grain },
      lost.end!,
      'the end of the room',
      id,
    );
    end.top = Math.max(high, room.end.top);
    return end;
  }
}

export function resolveJob(life: JobLife, room: RoomResolution): Job {
  return {
    life,
    state: run(JOB, [life.started && 'started', life.ended && 'ended', room.status !== 'active' && 'over']).state,
  };
}
