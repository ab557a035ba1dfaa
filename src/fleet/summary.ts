/**
 * Many calls as one set of figures per group. Calls may come in any order and in any parts: the summary is the same, byte for
 * byte, for all that is added up are whole numbers, and sketches of counts.
 */
import { iso } from '../metrics/round.ts';
import {
  type CallSummary,
  type FigurePath,
  type GroupKey,
  SUMMARIES_CONSTANTS,
  type Summaries,
} from './callSummary.ts';
import { type Contact, contactOf } from './contact.ts';
import type { CallFigures } from './figures.ts';
import { inOrder, isManifold, isPeriodUnit, keyOf, type Place, type Placing, periodOf, placingOf } from './grouping.ts';
import { periodsBetween, periodsOf } from './period.ts';
import type { Counted, Gathered } from './summaryFigure.ts';
import { type SummaryOptions, type SummarySettings, summaryOptionsSchema } from './summaryOptions.ts';
import { SUMMARY_FIGURES } from './summaryRegistry.ts';
import { TimeZone } from './timeZone.ts';

type State = Gathered<unknown>;
/** Of whatever state: each is given its own back. */
export interface AnyFigure {
  path: string;
  begin(settings: SummarySettings): State;
  add(state: State, call: Counted): void;
  shown(state: State, settings: SummarySettings): unknown;
}
const FIGURES = SUMMARY_FIGURES as unknown as readonly AnyFigure[];

/** The figures of one group of calls. */
class Group<Path extends FigurePath> {
  readonly place: Place;
  readonly #figures: readonly AnyFigure[];
  readonly #states: readonly State[];

  constructor(place: Place, figures: readonly AnyFigure[], settings: SummarySettings) {
    this.place = place;
    this.#figures = figures;
    this.#states = figures.map((figure) => figure.begin(settings));
  }

  add(call: Counted): void {
    const figures = this.#figures;
    const states = this.#states;
    for (let i = 0; i < figures.length; i++) figures[i]!.add(states[i]!, call);
  }

  merge(other: Group<Path>): void {
    for (const [i, state] of this.#states.entries()) state.merge(other.#states[i]!);
  }

  shown(group: GroupKey, settings: SummarySettings): CallSummary<Path> {
    const figures = this.#figures.map(({ path, shown }, i) => [path, shown(this.#states[i]!, settings)]);
    return { group, ...Object.fromEntries(figures) } as CallSummary<Path>;
  }
}

/** How it counts in a contact centre is asked once, and only where one of the figures asks for it. */
class CountedCall implements Counted {
  readonly figures: CallFigures;
  readonly complete: boolean;
  readonly #settings: SummarySettings;
  #contact: Contact | null = null;

  constructor(figures: CallFigures, settings: SummarySettings) {
    this.figures = figures;
    this.complete = figures.completeness === 1;
    this.#settings = settings;
  }

  get contact(): Contact {
    this.#contact ??= contactOf(this.figures, this.#settings);
    return this.#contact;
  }
}

const NOWHERE: Place = { id: '', parts: [] };

export class Summarizer<Path extends FigurePath = FigurePath> {
  readonly settings: SummarySettings;
  readonly #figures: readonly AnyFigure[];
  readonly #placing: Placing;
  readonly #groups = new Map<string, Group<Path>>();
  /** Calls of groups beyond the last that is shown. */
  #others: Group<Path> | null = null;
  /** From here on all places lie beyond. */
  #last: Place | null = null;
  /** Of all calls, where groups overlap; else it is their sum. */
  readonly #total: Group<Path> | null;

  /**
   * @param only the figures that are asked for; all by default
   * @param beside what else is made of the same calls
   * @throws ZodError for options that are none, CallEvaluatorError `bad_option` for an unknown time zone
   */
  constructor(options: SummaryOptions = {}, only?: readonly Path[], beside: readonly AnyFigure[] = []) {
    this.settings = summaryOptionsSchema.parse(options);
    this.#figures = [
      ...FIGURES.filter(({ path }) => only === undefined || (only as readonly string[]).includes(path)),
      ...beside,
    ];
    const { by, timeZone } = this.settings;
    this.#placing = placingOf(by, timeZone);
    this.#total = by.length === 0 || isManifold(by) ? this.#group(NOWHERE) : null;
  }

  #group(place: Place): Group<Path> {
    return new Group(place, this.#figures, this.settings);
  }

  add(figures: CallFigures): void {
    const { from, until } = this.settings;
    if ((from !== undefined && figures.startedAt < from) || (until !== undefined && figures.startedAt >= until)) return;
    const call = new CountedCall(figures, this.settings);
    for (const place of this.#placing(figures)) this.#groupAt(place).add(call);
    this.#total?.add(call);
  }

  #groupAt(place: Place): Group<Path> {
    const known = this.#groups.get(place.id);
    if (known) return known;
    if (this.#last !== null && inOrder(place, this.#last) > 0) return this.#beyond();
    const group = this.#group(place);
    this.#groups.set(place.id, group);
    // twice as many are kept, so that they are seldom looked through
    if (this.#groups.size > 2 * this.settings.maxGroups) this.#keepFirst();
    return this.#groups.get(place.id) ?? this.#beyond();
  }

  #beyond(): Group<Path> {
    this.#others ??= this.#group(NOWHERE);
    return this.#others;
  }

  /** Whichever come first stay, in whatever order calls come: one that was given up never comes back among the first. */
  #keepFirst(): Group<Path>[] {
    const ordered = [...this.#groups.values()].sort((a, b) => inOrder(a.place, b.place));
    for (const group of ordered.splice(this.settings.maxGroups)) {
      this.#groups.delete(group.place.id);
      this.#beyond().merge(group);
    }
    if (this.#others !== null) this.#last = ordered.at(-1)!.place;
    return ordered;
  }

  /** @param other of the same options */
  merge(other: Summarizer<Path>): void {
    for (const group of other.#groups.values()) this.#groupAt(group.place).merge(group);
    if (other.#others !== null) this.#beyond().merge(other.#others);
    if (other.#total !== null) this.#total!.merge(other.#total);
  }

  result(): Summaries<Path> {
    const { settings } = this;
    const { by, from, until } = settings;
    const whole = { key: {}, from: instant(from), until: instant(until) };
    const shown = this.#withEmptyPeriods(this.#keepFirst());
    const total = this.#total ?? this.#sum();
    return {
      definitions: { ...settings, ...SUMMARIES_CONSTANTS },
      groups: shown.map((group) => group.shown(this.#keyOf(group), settings)),
      others: this.#others === null ? null : this.#others.shown({ ...whole, key: blank(by) }, settings),
      total: total.shown(whole, settings),
    };
  }

  #sum(): Group<Path> {
    const sum = this.#group(NOWHERE);
    for (const group of this.#groups.values()) sum.merge(group);
    if (this.#others !== null) sum.merge(this.#others);
    return sum;
  }

  #keyOf({ place }: Group<Path>): GroupKey {
    const { by, from, until } = this.settings;
    const period = periodOf(place) ?? { from, until };
    return { key: keyOf(place, by), from: instant(period.from), until: instant(period.until) };
  }

  /** By one unit of time alone, a period without a call is one with no calls. Not where there would be too many. */
  #withEmptyPeriods(groups: Group<Path>[]): Group<Path>[] {
    const { by, timeZone, emptyPeriods, from, until, maxGroups } = this.settings;
    const unit = by[0];
    if (!emptyPeriods || by.length !== 1 || unit === undefined || !isPeriodUnit(unit) || this.#others !== null)
      return groups;
    const first = from ?? periodIn(groups[0])?.from;
    const end = until ?? periodIn(groups.at(-1))?.until;
    if (first === undefined || end === undefined) return groups;
    const byBegin = new Map(groups.map((group) => [group.place.id, group]));
    const filled: Group<Path>[] = [];
    for (const period of periodsBetween(periodsOf(unit, new TimeZone(timeZone)), first, end)) {
      const id = String(period.from);
      filled.push(byBegin.get(id) ?? this.#group({ id, parts: [period] }));
      if (filled.length > maxGroups) return groups;
    }
    return filled;
  }
}

const periodIn = (group: { place: Place } | undefined) => group && periodOf(group.place);
const instant = (ms: number | undefined): string | null => (ms === undefined ? null : iso(ms));
const blank = (by: readonly string[]): Record<string, null> => Object.fromEntries(by.map((one) => [one, null]));

/** @param only the figures that are asked for, by path; all by default */
export function summarize<const Path extends FigurePath = FigurePath>(
  figures: Iterable<CallFigures>,
  options: SummaryOptions = {},
  only?: readonly Path[],
): Summaries<Path> {
  const summarizer = new Summarizer<Path>(options, only);
  for (const one of figures) summarizer.add(one);
  return summarizer.result();
}
