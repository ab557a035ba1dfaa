/** Instants and periods for people, by the clocks of a place. */
import type { PeriodUnit } from '../fleet/period.ts';
import { TimeZone } from '../fleet/timeZone.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const short = (month: number) => MONTHS[month]!.slice(0, 3);

/** The clocks of one place. */
export class Clock {
  readonly timeZone: string;
  readonly #zone: TimeZone;

  /** @throws CallEvaluatorError `bad_option`: there is no such time zone */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#zone = new TimeZone(timeZone);
  }

  /** 12 Oct 2026, 09:00:03.125 */
  instant(at: string | number): string {
    const wall = this.#wall(at);
    return `${date(wall)}, ${time(wall)}`;
  }

  /** 09:00:03.125 */
  time(at: string | number): string {
    return time(this.#wall(at));
  }

  /** +02:00: on the night when clocks are put back, the time alone would be of two instants. */
  offset(at: string | number): string {
    const ms = new Date(at).getTime();
    const minutes = Math.round(this.#zone.offsetAt(ms) / 60_000);
    const away = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
  }

  /** October 2026; 1 Oct 2026 to 7 Oct 2026; with times where it does not begin and end with a day. */
  period(from: number, until: number): string {
    const [begin, end] = [this.#wall(from), this.#wall(until)];
    if (!isMidnight(begin) || !isMidnight(end)) return `${this.#moment(begin)} to ${this.#moment(end)}`;
    const last = new Date(end.getTime() - 1);
    const nextMonth = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1));
    if (begin.getUTCDate() === 1 && nextMonth.getTime() === end.getTime())
      return `${MONTHS[begin.getUTCMonth()]} ${begin.getUTCFullYear()}`;
    return date(begin) === date(last) ? date(begin) : `${date(begin)} to ${date(last)}`;
  }

  /** 12 Oct 2026, 09:00:03 to 09:10:00 */
  span(from: string | number, until: string | number): string {
    const [begin, end] = [this.#wall(from), this.#wall(until)];
    const last = date(begin) === date(end) ? time(end) : `${date(end)}, ${time(end)}`;
    return `${date(begin)}, ${time(begin)} to ${last}`;
  }

  /** An end of a period. */
  moment(at: number): string {
    return this.#moment(this.#wall(at));
  }

  #moment(wall: Date): string {
    return isMidnight(wall) ? date(wall) : `${date(wall)}, ${time(wall)}`;
  }

  #wall(at: string | number): Date {
    return new Date(this.#zone.wallAt(new Date(at).getTime()));
  }
}

const date = (wall: Date) => `${wall.getUTCDate()} ${short(wall.getUTCMonth())} ${wall.getUTCFullYear()}`;

function time(wall: Date): string {
  const shown = wall.toISOString().slice(11, 23);
  return shown.endsWith('.000') ? shown.slice(0, 8) : shown;
}

const isMidnight = (wall: Date) => wall.getTime() % 86_400_000 === 0;

/** The label of a period as short as an axis needs it: 02:00, 12 Oct, W43, Oct 2026. */
export function shortLabel(label: string, unit: PeriodUnit): string {
  const [, year, month, day] = /^(\d+)-(\d\d)(?:-(\d\d))?/.exec(label) ?? [];
  if (unit === 'week') return label.slice(label.indexOf('W'));
  if (unit === 'month') return `${short(Number(month) - 1)} ${year}`;
  const ofDay = `${Number(day)} ${short(Number(month) - 1)}`;
  return unit === 'day' ? ofDay : label.slice(11, 16) === '00:00' ? ofDay : label.slice(11, 16);
}

const two = (n: number) => String(n).padStart(2, '0');
