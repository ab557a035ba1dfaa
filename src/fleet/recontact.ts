/**
 * Whether those who were in a call came again: into another call of the series that they joined after they had left this one,
 * and within so many hours.
 */
import { type Judgement, judged, NO, OUT, YES } from './outcomes.ts';
import type { SeriesCall } from './series/seriesCall.ts';
import type { Limits, Visit } from './series/visits.ts';

export interface Recontact {
  judgement: Judgement;
  /** ms from the leave to the next join, of whoever came again first; null: nobody did. */
  after: number | null;
  /** The call into which they came. */
  roomSid: string | null;
}

/** A visit, and whether it may be none. */
interface Stay {
  call: SeriesCall;
  visit: Visit;
  doubtful: boolean;
}
interface Life {
  /** By their begin. */
  stays: Stay[];
  /** None of them was doubtful, nor are their ends inferred. */
  exact: boolean;
}
interface Again {
  /** The first of those that most likely were. */
  next: { after: number; roomSid: string } | null;
  may: boolean;
  certainly: boolean;
}

const UNTOLD = { after: null, roomSid: null };

export class Recontacts {
  readonly #lives = new Map<string, Life>();
  /** Starts of calls to which more may have come than is known, ascending. */
  readonly #open: number[];
  readonly #within: number;
  readonly #now: number;

  /**
   * @param calls all into which somebody may have come again
   * @param within ms
   * @param now who has not come again by then may still come
   */
  constructor(calls: readonly SeriesCall[], within: number, now: number) {
    this.#within = within;
    this.#now = now;
    for (const call of calls) for (const visit of call.visits) this.#add({ call, visit, doubtful: call.doubtful > 0 });
    for (const { stays } of this.#lives.values()) stays.sort(byBegin);
    this.#open = calls
      .filter(({ open }) => open)
      .map(({ startedAt }) => startedAt)
      .sort((a, b) => a - b);
  }

  #add(stay: Stay): void {
    const { key, fromLimits, toLimits } = stay.visit;
    if (key === null) return;
    const exact = !stay.doubtful && fromLimits === null && toLimits === null;
    const life = this.#lives.get(key);
    if (life) {
      life.stays.push(stay);
      life.exact &&= exact;
    } else this.#lives.set(key, { stays: [stay], exact });
  }

  /** @param visits those of the call who are followed */
  of(call: SeriesCall, visits: readonly Visit[] = call.visits): Recontact {
    const judgedOut = (why: Judgement['why'], may = 0) => ({ judgement: judged(OUT, OUT | may, why), ...UNTOLD });
    if (call.status === 'active') return judgedOut('active');
    if (visits.length === 0) return judgedOut('noHuman', call.open ? YES | NO : 0);
    const known = visits.filter(({ key }) => key !== null);
    if (known.length === 0) return judgedOut('callerUnknown');
    const all = known.map((visit) => this.#again(call, visit));
    const next = all.reduce<Again['next']>(
      (soonest, again) => (again.next && (!soonest || again.next.after < soonest.after) ? again.next : soonest),
      null,
    );
    const came = { after: next?.after ?? null, roomSid: next?.roomSid ?? null };
    // whether somebody has come already or not: else only those who have would be counted
    const left = Math.max(...known.map(({ to }) => to));
    if (left + this.#within > this.#now) return { judgement: judged(OUT, OUT, 'tooRecent'), ...came };
    const mayBeYes = all.some(({ may }) => may) || call.open || this.#opensAfter(known);
    const mayBeNo = !all.some(({ certainly }) => certainly);
    const mayBeOut = call.doubtful >= call.visits.length;
    const is = next ? YES : NO;
    const may = is | (mayBeYes ? YES : 0) | (mayBeNo ? NO : 0) | (mayBeOut ? OUT : 0);
    return { judgement: judged(is, may, 'noHuman'), ...came };
  }

  #again(call: SeriesCall, visit: Visit): Again {
    const { stays, exact } = this.#lives.get(visit.key!)!;
    const first = firstFrom(stays, visit.to);
    let next: Stay | null = null;
    for (let i = first; i < stays.length && next === null; i++) {
      const stay = stays[i]!;
      if (stay.visit.from > visit.to + this.#within) break;
      if (stay.call !== call) next = stay;
    }
    const told = next && { after: next.visit.from - visit.to, roomSid: next.call.roomSid };
    if (exact) return { next: told, may: next !== null, certainly: next !== null };
    const sure = call.doubtful === 0;
    const others = stays.filter((stay) => stay.call !== call);
    return {
      next: told,
      may: others.some((stay) => this.#mayFollow(visit, stay.visit)),
      certainly: sure && others.some((stay) => !stay.doubtful && this.#surelyFollows(visit, stay.visit)),
    };
  }

  #mayFollow(visit: Visit, next: Visit): boolean {
    const left = leaving(visit);
    const came = coming(next);
    return came.high >= left.low && came.low <= left.high + this.#within;
  }

  #surelyFollows(visit: Visit, next: Visit): boolean {
    const left = leaving(visit);
    const came = coming(next);
    return came.low >= left.high && came.high <= left.low + this.#within;
  }

  /** They may have been in one of those, unseen. */
  #opensAfter(visits: readonly Visit[]): boolean {
    if (this.#open.length === 0) return false;
    return visits.some(({ to }) => this.#open.some((at) => at >= to && at <= to + this.#within));
  }
}

const leaving = ({ to, toLimits }: Visit): Limits => toLimits ?? { low: to, high: to };
const coming = ({ from, fromLimits }: Visit): Limits => fromLimits ?? { low: from, high: from };

function byBegin(a: Stay, b: Stay): number {
  return a.visit.from - b.visit.from || (a.call.roomSid < b.call.roomSid ? -1 : 1);
}

/** The first stay that begins at an instant or later. */
function firstFrom(stays: readonly Stay[], at: number): number {
  let low = 0;
  let high = stays.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stays[middle]!.visit.from < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
