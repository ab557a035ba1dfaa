/** A call told in webhooks, a line each: the second since the room's begin, who, and what was unusual. */
import { type Call, newCall } from '../../src/call/call.ts';
import { observe } from '../../src/call/observe.ts';
import { resolve } from '../../src/call/resolve.ts';
import type { Gap, ResolvedCall, ResolveOptions } from '../../src/call/resolved.ts';
import { decode } from '../../src/webhook/decode.ts';
import type { WebhookEvent } from '../../src/webhook/event.ts';

export type Payload = { [key: string]: unknown };

export const SID = 'RM_story';
/** When every story's room begins, epoch s. */
export const BEGIN = Date.UTC(2026, 0, 5, 9) / 1000;
/** When it is looked at, where nothing else is said: an hour later. */
export const LATER = 3600;

export const ms = (second: number) => Math.round((BEGIN + second) * 1000);
export const iso = (second: number) => new Date(ms(second)).toISOString();
/** Nanoseconds as LiveKit writes them. */
export const ns = (second: number) => `${ms(second)}000000`;

const FULL_ROOM = {
  sid: SID,
  name: 'story',
  creationTime: String(BEGIN),
  emptyTimeout: 300,
  departureTimeout: 20,
};
const PARTIAL_ROOM = { sid: SID, name: 'story' };

function webhook(event: string, second: number, who: string, body: Payload): Payload {
  return { id: `EV_${event}_${who}_${second}`, event, createdAt: String(BEGIN + Math.floor(second)), ...body };
}

export const started = (second = 0, more: Payload = {}) =>
  webhook('room_started', second, 'room', { room: FULL_ROOM, ...more });
export const finished = (second: number, more: Payload = {}) =>
  webhook('room_finished', second, 'room', { room: FULL_ROOM, ...more });

/** `sid` tells the connections of one identity apart. */
const person = (identity: string, { sid = `PA_${identity}`, ...more }: Payload) => ({
  room: FULL_ROOM,
  participant: { sid, identity, kind: identity.startsWith('agent') ? 'AGENT' : 'STANDARD', ...more },
});
export const joined = (second: number, identity: string, more: Payload = {}) =>
  webhook('participant_joined', second, String(more.sid ?? identity), person(identity, more));
export const left = (second: number, identity: string, more: Payload = {}) =>
  webhook('participant_left', second, String(more.sid ?? identity), {
    ...person(identity, { disconnectReason: 'CLIENT_INITIATED', ...more }),
  });
export const aborted = (second: number, identity: string, more: Payload = {}) =>
  webhook('participant_connection_aborted', second, String(more.sid ?? identity), person(identity, more));

interface TrackMore extends Payload {
  /** Of the publisher's connection. */
  by?: string;
}
function trackOf(identity: string, { by = `PA_${identity}`, ...more }: TrackMore) {
  const track = { sid: `TR_${identity}`, type: 'AUDIO', source: 'MICROPHONE', ...more };
  return { room: PARTIAL_ROOM, participant: { sid: by, identity }, track };
}
export const published = (second: number, identity: string, more: TrackMore = {}) =>
  webhook('track_published', second, String(more.sid ?? identity), trackOf(identity, more));
export const unpublished = (second: number, identity: string, more: TrackMore = {}) =>
  webhook('track_unpublished', second, String(more.sid ?? identity), trackOf(identity, more));

export const egress = (word: 'started' | 'updated' | 'ended', second: number, info: Payload = {}) =>
  webhook(`egress_${word}`, second, String(info.egressId ?? 'EG_1'), {
    room: PARTIAL_ROOM,
    egressInfo: { egressId: 'EG_1', roomId: SID, roomComposite: {}, ...info },
  });
export const ingress = (word: 'started' | 'ended', second: number, info: Payload = {}) =>
  webhook(`ingress_${word}`, second, 'IN_1', {
    room: { name: 'story' },
    ingressInfo: { ingressId: 'IN_1', roomName: 'story', state: {}, ...info },
  });
export const job = (word: 'started' | 'ended', second: number, more: Payload = {}) =>
  webhook(`agent_job_${word}`, second, 'AJ_1', {
    job: { id: 'AJ_1', agentName: 'helper', room: PARTIAL_ROOM, state: { status: 'JS_RUNNING' }, ...more },
  });

export function understood(payload: unknown): WebhookEvent {
  const decoded = decode(payload);
  if (!decoded.ok) throw new Error(`not understood: ${JSON.stringify(decoded.reason)}`);
  return decoded.event;
}

export function told(...story: Payload[]): Call {
  const call = newCall(SID);
  for (const payload of story) observe(call, understood(payload));
  return call;
}

const AS_IT_IS: ResolveOptions = { staleAfter: 86_400, neverSent: [] };

/** @param now seconds since the room's begin */
export function resolvedAt(
  now: number,
  story: readonly Payload[],
  options: Partial<ResolveOptions> = {},
): ResolvedCall {
  return resolve(told(...story), ms(now), { ...AS_IT_IS, ...options });
}
export const resolved = (...story: Payload[]) => resolvedAt(LATER, story);

const second = (at: number) => (Number.isFinite(at) ? (at - BEGIN * 1000) / 1000 : at);

/** What was missing, as seconds since the room's begin: `participant PA_ana participant_left [10, 40.999]`. */
export function gapsOf({ gaps }: ResolvedCall): string[] {
  return gaps.map(({ subject, sid, missing, range }: Gap) => {
    const told = range ? ` [${range.map(second).join(', ')}]` : '';
    return `${subject} ${sid} ${missing}${told}`;
  });
}

interface Placed {
  /** Seconds since the room's begin. */
  at: number;
  low: number;
  high: number;
  observed: boolean;
}
const placed = ({ at, low, high, observed }: { at: number; low: number; high: number; observed: boolean }): Placed => ({
  at: second(at),
  low: second(low),
  high: second(high),
  observed,
});

export function roomOf({ status, state, room }: ResolvedCall) {
  return { status, state, start: placed(room.start), end: placed(room.end) };
}

export function sessionOf({ sessions }: ResolvedCall, sid: string) {
  const { span, state, person } = sessions.find(({ life }) => life.sid === sid)!;
  return { state, role: person.role, open: span!.open, start: placed(span!.start), end: placed(span!.end) };
}

export function trackIn({ tracks }: ResolvedCall, sid: string) {
  const { span, state } = tracks.find(({ life }) => life.sid === sid)!;
  return { state, open: span.open, start: placed(span.start), end: placed(span.end) };
}
