/** Why a call is left out of a figure. Together with the calls that a figure rests on they are all calls of its group. */
import { round } from '../metrics/round.ts';

export const REASONS = {
  active: 'it is still on: its numbers are not final',
  notKnowable: 'the events that would tell it are never sent (option neverSent)',
  notOffered: 'no human was connected where an agent was expected',
  abandoned: 'it was offered and not answered',
  shortAbandon: 'the human gave up within shortAbandon',
  earlyAbandon: 'the human gave up within the threshold of the service level',
  tooShort: 'human and agent were together for less than containment.minDuration',
  nobodyCame: 'no person came',
  nobodyConnected: 'no two people were connected',
  noHuman: 'no human was connected',
  noAgent: 'no agent was there from the first human’s joining on',
  noResponse: 'no response of an agent was timed',
  noSamples: 'its samples were not kept: they belong to figures that were stored without them',
  noTelemetry: 'no agent told of it',
  noPrice: 'none of the models it used has a price',
  first: 'it is the first of the series: nobody can have returned to it',
  tooRecent: 'the time within which somebody may come again is not over',
  callerUnknown: 'its callers withheld their numbers: nobody can tell whether they came again',
} as const;
export type Reason = keyof typeof REASONS;

const NAMES = Object.keys(REASONS) as Reason[];
const PLACE = Object.fromEntries(NAMES.map((name, place) => [name, place])) as Record<Reason, number>;
export const placeOf = (why: Reason): number => PLACE[why];

/** What a figure rests on. */
export interface Trust {
  /** Calls it rests on. */
  n: number;
  /** Share of these that have a completeness of 1; null where there are none. */
  complete: number | null;
  /** Calls it does not rest on, by why. */
  leftOut: Partial<Record<Reason, number>>;
}

/** The calls of a group, as one figure counts them. */
export class Basis {
  n = 0;
  #complete = 0;
  readonly #leftOut: number[] = NAMES.map(() => 0);

  add(complete: boolean): void {
    this.n++;
    if (complete) this.#complete++;
  }

  leaveOut(why: Reason): void {
    this.#leftOut[PLACE[why]]!++;
  }

  merge(other: Basis): void {
    this.n += other.n;
    this.#complete += other.#complete;
    for (let place = 0; place < NAMES.length; place++) this.#leftOut[place]! += other.#leftOut[place]!;
  }

  get trust(): Trust {
    const leftOut: Trust['leftOut'] = {};
    for (const [place, name] of NAMES.entries()) if (this.#leftOut[place]! > 0) leftOut[name] = this.#leftOut[place]!;
    return { n: this.n, complete: this.n === 0 ? null : round(this.#complete / this.n, 'share'), leftOut };
  }
}
