/**
 * Hours, days, weeks (from Monday, ISO 8601) and months by the wall's clock of a time zone: half-open, without holes. A day on
 * which clocks change has 23 or 25 hours; an hour that comes twice is two.
 */
import { DAY, type TimeZone } from './timeZone.ts';

export const PERIOD_UNITS = ['hour', 'day', 'week', 'month'] as const;
export type PeriodUnit = (typeof PERIOD_UNITS)[number];

/** [from, until), epoch ms. */
export interface Period {
  from: number;
  until: number;
  /** By the wall's clock: 2026-10-25T02:00+02:00, 2026-10-25, 2026-W43, 2026-10. */
  label: string;
}

const HOUR = 3_600_000;

/** The period that an instant lies in, as one object. A million calls lie in few: each is found once. */
export function periodsOf(unit: PeriodUnit, zone: TimeZone): (ms: number) => Period {
  const find = unit === 'hour' ? hourAt : daysAt(unit);
  /** In order; they never overlap. */
  const known: Period[] = [];
  let last: Period = { from: 0, until: 0, label: '' };
  return (ms) => {
    if (ms >= last.from && ms < last.until) return last;
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.until <= ms) low = middle + 1;
      else high = middle;
    }
    const next = known[low];
    if (next !== undefined && next.from <= ms) last = next;
    else {
      last = find(zone, ms);
      known.splice(low, 0, last);
    }
    return last;
  };
}

/** The periods from that of an instant to that before another. */
export function* periodsBetween(periodOf: (ms: number) => Period, from: number, until: number): Generator<Period> {
  for (let period = periodOf(from); period.from < until; period = periodOf(period.until)) yield period;
}

/** A clock hour of one offset: where the clocks change within it, it ends there. */
function hourAt(zone: TimeZone, ms: number): Period {
  const offset = zone.offsetAt(ms);
  const wall = ms + offset;
  let from = Math.floor(wall / HOUR) * HOUR - offset;
  let until = from + HOUR;
  if (zone.offsetAt(from) !== offset) from = zone.changeBetween(from, ms);
  if (zone.offsetAt(until - 1) !== offset) until = zone.changeBetween(ms, until - 1);
  return { from, until, label: `${iso(from + offset).slice(0, 16)}${shownOffset(offset)}` };
}

/** Periods of whole days, each from the first instant of its first day to that of the next one's. */
function daysAt(unit: 'day' | 'week' | 'month'): (zone: TimeZone, ms: number) => Period {
  const { first, next, label } = CALENDAR[unit];
  return (zone, ms) => {
    let day = first(Math.floor(zone.wallAt(ms) / DAY));
    const begin = (day: number) => zone.instantOf(day * DAY);
    // a clock that was put back over midnight shows a day that is over
    while (ms >= begin(next(day))) day = next(day);
    while (ms < begin(day)) day = first(day - 1);
    return { from: begin(day), until: begin(next(day)), label: label(day) };
  };
}

interface Calendar {
  /** The first day of the period that a day lies in. Days are counted from 1970-01-01. */
  first(day: number): number;
  /** The first day of the period after the one that begins so. */
  next(first: number): number;
  label(first: number): string;
}

const monday = (day: number) => Math.floor((day + 3) / 7) * 7 - 3;
const firstOfMonth = (day: number, months: number) => {
  const date = new Date(day * DAY);
  return date.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY;
};

const CALENDAR: Record<'day' | 'week' | 'month', Calendar> = {
  day: { first: (day) => day, next: (day) => day + 1, label: (day) => iso(day * DAY).slice(0, 10) },
  week: { first: monday, next: (day) => day + 7, label: weekLabel },
  month: {
    first: (day) => firstOfMonth(day, 0),
    next: (day) => firstOfMonth(day, 1),
    label: (day) => iso(day * DAY).slice(0, 7),
  },
};

/** The year of a week is that of its Thursday. */
function weekLabel(monday: number): string {
  const thursday = monday + 3;
  const year = iso(thursday * DAY).slice(0, 4);
  const newYear = Date.parse(`${year}-01-01T00:00:00Z`) / DAY;
  return `${year}-W${String(Math.floor((thursday - newYear) / 7) + 1).padStart(2, '0')}`;
}

const iso = (ms: number) => new Date(ms).toISOString();

function shownOffset(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
