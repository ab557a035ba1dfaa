/** When people came into a call and left it, for how many were in calls at once. */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { type Instants, interval, peak, union } from '../metrics/intervals.ts';

export interface PresenceFigures {
  /**
   * ms after startedAt, one for each stretch in which a person was there, ascending. null where they do not give the call's
   * peak, or are too many: then the call is known by its peak alone.
   */
  arrivals: number[] | null;
  /** As many, ascending. */
  departures: number[] | null;
}

/** Beyond so many stretches the figures of a call would weigh more than those of a thousand others. */
const MOST = 1000;
const UNKNOWN: PresenceFigures = { arrivals: null, departures: null };

export function presenceOf({ participants, duration }: CallMetrics, startedAt: number): PresenceFigures {
  const now = startedAt + Math.round(duration * 1000);
  const stays = new Map<string, Instants[]>();
  for (const { identity, onBehalfOf, role, hidden, sessions } of participants.list) {
    if (role === 'service' || hidden) continue;
    const spans = sessions
      .filter(({ aborted }) => !aborted)
      .map(({ joinedAt, leftAt }) => interval(Date.parse(joinedAt), leftAt === null ? now : Date.parse(leftAt)));
    if (spans.length === 0) continue;
    const whose = onBehalfOf ?? identity; // an avatar is the agent it acts for
    stays.set(whose, [...(stays.get(whose) ?? []), ...spans]);
  }
  const people = [...stays.values()].map(union);
  // whatever the list does not show, such as an avatar whose agent is hidden, shows in another peak
  if (peak(people) !== participants.peak) return UNKNOWN;
  const arrivals: number[] = [];
  const departures: number[] = [];
  for (const stay of people)
    for (let i = 0; i < stay.length; i += 2) {
      arrivals.push(stay[i]! - startedAt);
      departures.push(stay[i + 1]! - startedAt);
    }
  if (arrivals.length > MOST) return UNKNOWN;
  return { arrivals: arrivals.sort((a, b) => a - b), departures: departures.sort((a, b) => a - b) };
}
