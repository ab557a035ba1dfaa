/** The clocks on the wall of a place, by the IANA time zone database that the runtime carries. Epoch ms. */
import { CallEvaluatorError } from '../errors.ts';

const QUARTER = 900_000;
export const DAY = 86_400_000;

export class TimeZone {
  readonly #format: Intl.DateTimeFormat | null;
  /** Offsets of quarters of an hour throughout which they are the same. */
  readonly #known = new Map<number, number>();
  #lastQuarter = Number.NaN;
  #lastOffset = 0;

  /** @throws CallEvaluatorError `bad_option` where there is no such zone */
  constructor(name: string) {
    this.#format = name === 'UTC' ? null : formatOf(name);
  }

  /** What the wall's clock is ahead of UTC at an instant, ms. */
  offsetAt(ms: number): number {
    if (this.#format === null) return 0;
    const quarter = Math.floor(ms / QUARTER);
    if (quarter === this.#lastQuarter) return this.#lastOffset;
    let offset = this.#known.get(quarter);
    if (offset === undefined) {
      offset = offsetIn(this.#format, ms);
      const begin = quarter * QUARTER;
      // clocks change at quarters nowadays; they did not always
      const throughout =
        offsetIn(this.#format, begin) === offset && offsetIn(this.#format, begin + QUARTER - 1) === offset;
      if (!throughout) return offset;
      this.#known.set(quarter, offset);
    }
    this.#lastQuarter = quarter;
    this.#lastOffset = offset;
    return offset;
  }

  /** The wall's clock, as if it showed UTC. */
  wallAt(ms: number): number {
    return ms + this.offsetAt(ms);
  }

  /** The first instant at which the wall's clock shows a time, or, where it leaps over it, a later one. */
  instantOf(wall: number): number {
    const before = wall - this.offsetAt(wall - DAY);
    const after = wall - this.offsetAt(wall + DAY);
    const first = Math.min(before, after);
    const last = Math.max(before, after);
    if (this.wallAt(first) === wall) return first;
    if (this.wallAt(last) === wall) return last;
    return firstBetween(first, last, (ms) => this.wallAt(ms) >= wall);
  }

  /** Where, between two instants, the offset becomes that of the later one. */
  changeBetween(from: number, to: number): number {
    const offset = this.offsetAt(to);
    return firstBetween(from, to, (ms) => this.offsetAt(ms) === offset);
  }
}

/** The first instant after `not` at which something is so that is so at `so`. */
function firstBetween(not: number, so: number, is: (ms: number) => boolean): number {
  let low = not;
  let high = so;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (is(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new CallEvaluatorError(
      'bad_option',
      `timeZone: ${JSON.stringify(timeZone)} is no time zone that is known here. Give an IANA name such as Europe/Berlin.`,
      { cause },
    );
  }
}

function offsetIn(format: Intl.DateTimeFormat, ms: number): number {
  const shown: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(ms)) shown[type] = value;
  const { era, year, month, day, hour, minute, second } = shown;
  const wall = new Date(0);
  wall.setUTCFullYear(era === 'BC' ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  wall.setUTCHours(Number(hour), Number(minute), Number(second));
  return wall.getTime() - Math.floor(ms / 1000) * 1000;
}
