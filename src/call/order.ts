/**
 * The causal order of a room's events. `createdAt` is in whole seconds, so ties are the normal case: by instant, then by
 * rank in a call's life, then by what happened. Never by arrival.
 */
import type { WebhookEvent } from '../webhook/event.ts';

const RANK: Record<string, number> = {
  room_started: 0,
  agent_job_started: 1,
  ingress_started: 2,
  participant_joined: 3,
  track_published: 4,
  egress_started: 5,
  egress_updated: 6,
  track_unpublished: 7,
  participant_connection_aborted: 8,
  participant_left: 8,
  ingress_ended: 9,
  egress_ended: 10,
  agent_job_ended: 11,
  room_finished: 12,
};
const UNKNOWN = 5;

export function rankOf(type: string): number {
  return Object.hasOwn(RANK, type) ? RANK[type]! : UNKNOWN;
}

type Orderable = { type: string; at: { ms: number }; fact: string };

export function inCausalOrder(a: Orderable, b: Orderable): number {
  return a.at.ms - b.at.ms || rankOf(a.type) - rankOf(b.type) || (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : 0);
}

/** How many events sorted before one that had arrived already. */
export function countOutOfOrder(arrivals: Iterable<WebhookEvent>): number {
  let late = 0;
  let last: WebhookEvent | undefined;
  for (const event of arrivals) {
    if (last !== undefined && inCausalOrder(event, last) < 0) late++;
    else last = event;
  }
  return late;
}
