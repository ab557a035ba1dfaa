/** The contract's roundings (metrics.md rule 3): once, at the end, halves away from zero. */
export type Unit = 's' | 'share' | 'score' | 'mean' | 'n' | 'instant';

const DECIMALS: Record<Exclude<Unit, 'instant'>, number> = { s: 3, share: 4, score: 2, mean: 3, n: 0 };

export function round(value: number, unit: Exclude<Unit, 'instant'>): number {
  const scale = 10 ** DECIMALS[unit];
  // 1.0005 * 1000 is 1000.4999…: a nudge of a few ulps lets decimal halves be halves
  const scaled = Math.abs(value) * scale;
  const rounded = Math.floor(scaled + 0.5 + scaled * 1e-14) / scale;
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Bounds are rounded outwards, so that they still hold the truth; an infinite one is null: no limit known. */
export function roundBound(value: number, unit: Exclude<Unit, 'instant'>, side: 'low' | 'high'): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = 10 ** DECIMALS[unit];
  const scaled = value * scale;
  const slack = Math.abs(scaled) * 1e-12;
  const rounded = (side === 'low' ? Math.floor(scaled + slack) : Math.ceil(scaled - slack)) / scale;
  return rounded === 0 ? 0 : rounded;
}

export const seconds = (ms: number): number => ms / 1000;

const DAY = 86_400_000;
let day = Number.NaN;
let date = '';

/** ISO 8601 UTC with milliseconds. A call has dozens of instants of one day: its date is written once. */
export function iso(ms: number): string {
  const today = Math.floor(ms / DAY);
  if (today !== day) {
    date = new Date(ms).toISOString().slice(0, -13);
    day = today;
  }
  const time = ms - today * DAY;
  const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);
  const millis = time % 1000;
  const padded = millis < 10 ? `00${millis}` : millis < 100 ? `0${millis}` : `${millis}`;
  return `${date}${two(Math.floor(time / 3_600_000))}:${two(Math.floor(time / 60_000) % 60)}:${two(Math.floor(time / 1000) % 60)}.${padded}Z`;
}
