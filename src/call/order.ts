/**
 * The causal order of events of one instant. `createdAt` is in whole seconds, so ties are the normal case: the rank in a
 * call's life decides. Never the order of arrival.
 */
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
