/** The contract's roundings (metrics.md rule 3): once, at the end, halves away from zero. */
export type Unit = 's' | 'share' | 'score' | 'mean' | 'n' | 'money' | 'instant';

/** 10 to the power of the decimals that are kept. */
const SCALE: Record<Exclude<Unit, 'instant'>, number> = { s: 1e3, share: 1e4, score: 1e2, mean: 1e3, n: 1, money: 1e6 };

export function round(value: number, unit: Exclude<Unit, 'instant'>): number {
  const scale = SCALE[unit];
  // 1.0005 * 1000 is 1000.4999…: a nudge of a few ulps lets decimal halves be halves
  const scaled = Math.abs(value) * scale;
  const rounded = Math.floor(scaled + 0.5 + scaled * 1e-14) / scale;
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Bounds are rounded outwards, so that they still hold the truth; an infinite one is null: no limit known. */
export function roundBound(value: number, unit: Exclude<Unit, 'instant'>, side: 'low' | 'high'): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = SCALE[unit];
  const scaled = value * scale;
  const slack = Math.abs(scaled) * 1e-12;
  const rounded = (side === 'low' ? Math.floor(scaled + slack) : Math.ceil(scaled - slack)) / scale;
  return rounded === 0 ? 0 : rounded;
}

/** By so much a value that is shown may differ from the one that it was rounded from, and a little for floating point. */
export function halfDigit(unit: string): number {
  return unit in SCALE ? 0.501 / SCALE[unit as keyof typeof SCALE] : 0;
}

export const seconds = (ms: number): number => ms / 1000;

const DAY = 86_400_000;
let day = Number.NaN;
/** Character codes of the day's `2026-01-05T`. */
let date: number[] = [];

const ZERO = 48;
const tens = (n: number) => ZERO + Math.trunc(n / 10);
const ones = (n: number) => ZERO + (n % 10);

/**
 * ISO 8601 UTC with milliseconds, in the years of four digits. A call has dozens of instants of one day: its date is
 * written once. By character codes: a text of pieces put together costs JSON.stringify far more than one made whole.
 */
export function iso(ms: number): string {
  const today = Math.floor(ms / DAY);
  if (today !== day) {
    date = Array.from(new Date(ms).toISOString().slice(0, 11), (char) => char.charCodeAt(0));
    day = today;
  }
  const time = ms - today * DAY;
  const hour = Math.trunc(time / 3_600_000);
  const minute = Math.trunc(time / 60_000) % 60;
  const second = Math.trunc(time / 1000) % 60;
  const milli = time % 1000;
  // biome-ignore format: as it reads
  return String.fromCharCode(
    date[0]!, date[1]!, date[2]!, date[3]!, date[4]!, date[5]!, date[6]!, date[7]!, date[8]!, date[9]!, date[10]!,
    tens(hour), ones(hour), COLON, tens(minute), ones(minute), COLON, tens(second), ones(second),
    POINT, ZERO + Math.trunc(milli / 100), ones(Math.trunc(milli / 10)), ones(milli), Z,
  );
}
const COLON = 58;
const POINT = 46;
const Z = 90;
