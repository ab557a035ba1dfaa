/** Who is new to a series, and who has been in an earlier call of it. Calls come in the order in which they started. */
import type { Figure } from '../figure.ts';
import { Portion } from '../portion.ts';
import type { SeriesCall } from './seriesCall.ts';
import type { Visit } from './visits.ts';

export interface Regular {
  identity: string;
  /** As it may be shown; null: not a telephone, or its number is not known. */
  phone: string | null;
  /** Calls of the series that they came to. */
  calls: number;
  firstAt: number;
  lastAt: number;
}

interface Known extends Regular {
  /** One of the visits is sure to have been. */
  certain: boolean;
}

/** Of one call. */
export interface Comers {
  new: number;
  returning: number;
  /** Not to be told apart from others. */
  unknown: number;
  people: { identity: string; phone: string | null; returning: boolean | null }[];
}

export class Returning {
  readonly #known = new Map<string, Known>();
  readonly #share = new Portion();
  #isFirst = true;
  /** To an earlier call more may have come than is known. */
  #open = false;

  /** @param visits those of the call who are followed */
  add(call: SeriesCall, visits: readonly Visit[]): Comers {
    const comers: Comers = { new: 0, returning: 0, unknown: 0, people: [] };
    const part = { within: 0, without: 0, withinLow: 0, withinHigh: 0, withoutLow: 0, withoutHigh: 0 };
    const certain = call.doubtful === 0;
    for (const { key, identity, phone } of visits) {
      const before = key === null ? undefined : this.#known.get(key);
      comers.people.push({ identity, phone, returning: key === null ? null : before !== undefined });
      if (key === null) comers.unknown++;
      else if (before) comers.returning++;
      else comers.new++;
      if (key === null) continue;
      const mayBeNew = before === undefined || !before.certain;
      const mayReturn = before !== undefined || this.#open;
      if (before) part.within++;
      else part.without++;
      if (certain && !mayBeNew) part.withinLow++;
      if (certain && !mayReturn) part.withoutLow++;
      if (mayReturn) part.withinHigh++;
      if (mayBeNew) part.withoutHigh++;
    }
    if (call.open) part.withinHigh = part.withoutHigh = Number.POSITIVE_INFINITY;
    this.#count(call, part, visits.length === comers.unknown);
    for (const visit of visits) if (visit.key !== null) this.#note(visit.key, visit, call, certain);
    this.#open ||= call.open;
    return comers;
  }

  #count(call: SeriesCall, part: Parameters<Portion['add']>[0], nobodyKnown: boolean): void {
    const { basis } = this.#share;
    if (this.#isFirst) {
      this.#isFirst = false;
      basis.leaveOut('first');
      return;
    }
    if (nobodyKnown) basis.leaveOut(call.visits.length > 0 ? 'callerUnknown' : 'noHuman');
    else basis.add(call.completeness === 1);
    this.#share.add(part);
  }

  #note(key: string, { identity, phone }: Visit, { startedAt }: SeriesCall, certain: boolean): void {
    const known = this.#known.get(key);
    if (known) {
      known.calls++;
      known.lastAt = startedAt;
      known.certain ||= certain;
      known.phone ??= phone;
    } else this.#known.set(key, { identity, phone, calls: 1, firstAt: startedAt, lastAt: startedAt, certain });
  }

  /** Of all who came to calls after the first, those who had come before. */
  get share(): Figure {
    return this.#share.shown();
  }

  /** Who came most often comes first. */
  get regulars(): Regular[] {
    return [...this.#known.values()]
      .map(({ identity, phone, calls, firstAt, lastAt }) => ({ identity, phone, calls, firstAt, lastAt }))
      .sort((a, b) => b.calls - a.calls || a.firstAt - b.firstAt || (a.identity < b.identity ? -1 : 1));
  }
}
