/** The limits between which a call says that its values lie: the bounds it states, and for the ends of single spans the ranges of its gaps. */
import type { CallMetrics, Evidence } from '../../metrics/callMetrics.ts';
import { type Bounds, numeric } from '../../metrics/verdict.ts';

export class Limits {
  readonly #bounds: Evidence['bounds'];
  readonly #ends = new Map<string, Bounds>();

  constructor({ evidence, participants, agent, recording, ingress }: CallMetrics) {
    this.#bounds = evidence.bounds;
    if (evidence.gaps.length === 0) return;
    const gaps = new Map<string, Bounds>();
    for (const { sid, missing, range } of evidence.gaps) if (range) gaps.set(`${sid} ${missing}`, range);
    for (const { identity, sessions } of participants.list)
      for (const { sid, joinedAt, leftAt } of sessions) {
        const path = `participants.list[identity=${identity}].sessions[sid=${sid}]`;
        const start = gaps.get(`${sid} participant_joined`);
        const end = gaps.get(`${sid} participant_left`);
        if (start) this.#ends.set(`${path}.joinedAt`, start);
        if (end) this.#ends.set(`${path}.leftAt`, end);
        if (start || end)
          this.#ends.set(`${path}.duration`, between(start ?? [joinedAt, joinedAt], end ?? [leftAt, leftAt]));
      }
    for (const { id } of recording.egresses) {
      const start = gaps.get(`${id} egress_started`) ?? gaps.get(`${id} egress_updated`);
      const end = gaps.get(`${id} egress_ended`);
      if (start) this.#ends.set(`recording.egresses[id=${id}].startedAt`, start);
      if (end) this.#ends.set(`recording.egresses[id=${id}].endedAt`, end);
    }
    for (const { id } of agent.jobs) {
      const end = gaps.get(`${id} agent_job_ended`);
      if (end) this.#ends.set(`agent.jobs[id=${id}].endedAt`, end);
    }
    for (const { id } of ingress) {
      const start = gaps.get(`${id} ingress_started`);
      const end = gaps.get(`${id} ingress_ended`);
      if (start) this.#ends.set(`ingress[id=${id}].startedAt`, start);
      if (end) this.#ends.set(`ingress[id=${id}].endedAt`, end);
    }
  }

  /** @param ways the path, and what it lies in */
  at(ways: readonly string[]): Bounds | null {
    for (const path of ways) {
      const found = this.#bounds[path] ?? this.#ends.get(path);
      if (found !== undefined) return found;
    }
    return null;
  }
}

/** How long what begins in one range and ends in another lasts. */
function between([from, started]: Bounds, [ended, to]: Bounds): Bounds {
  return [
    started === null || ended === null ? 0 : Math.max(0, seconds(ended) - seconds(started)),
    from === null || to === null ? null : Math.max(0, seconds(to) - seconds(from)),
  ];
}

const seconds = (instant: number | string) => numeric(instant) as number;
