/** Numbers for people: with their units, of as many digits as say something. */

export type ShownUnit = 'n' | 's' | 'min' | 'share' | 'score' | 'mean' | 'money';
/** A limit is rounded outwards, so that the truth still lies within. */
export type Side = 'low' | 'high';

/** A number and its unit stay on one line. */
const SPACE = '\u00a0';
/** What floating point adds. */
const SLACK = 1e-9;
const MINUTE = 60;
const HOUR = 3600;

/** @param currency of money */
export function shownNumber(value: number, unit: ShownUnit, side?: Side, currency = ''): string {
  switch (unit) {
    case 'n':
      return fixed(value, 0, side);
    case 'mean':
      return fixed(value, 2, side);
    case 's':
      return lasting(value, side);
    case 'min':
      return `${fixed(value, 1, side)}${SPACE}min`;
    case 'share':
      return percent(value, side);
    case 'score':
      return fixed(value, 1, side);
    case 'money':
      return `${fixed(value, 2, side)}${SPACE}${currency}`;
  }
}

/** 0.84 s, 74.3 s, 3 min 07 s, 1 h 02 min. */
export function lasting(seconds: number, side?: Side): string {
  if (seconds === 0) return `0${SPACE}s`;
  if (seconds < 9.995) return `${fixed(seconds, 2, side)}${SPACE}s`;
  if (seconds < 99.95) return `${fixed(seconds, 1, side)}${SPACE}s`;
  if (rounded(seconds, side) < HOUR) {
    const whole = rounded(seconds, side);
    return `${Math.floor(whole / MINUTE)}${SPACE}min${SPACE}${two(whole % MINUTE)}${SPACE}s`;
  }
  const minutes = rounded(seconds / MINUTE, side);
  return `${fixed(Math.floor(minutes / MINUTE), 0)}${SPACE}h${SPACE}${two(minutes % MINUTE)}${SPACE}min`;
}

/** Of what somebody has set: as it was set. */
export const setShare = (share: number): string => `${Number((share * 100).toPrecision(6))}${SPACE}%`;

/** All and nothing are said of all and nothing alone. */
export function percent(share: number, side?: Side): string {
  if (share === 0 || share === 1) return `${share * 100}${SPACE}%`;
  const shown = fixed(share * 100, 1, side);
  if (side === undefined && shown === '100.0') return `>99.9${SPACE}%`;
  if (side === undefined && shown === '0.0') return `<0.1${SPACE}%`;
  return `${shown}${SPACE}%`;
}

export interface Limits {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** Nothing was lost that could change it. */
export const isExact = ({ value, low, high }: Limits): boolean => low === value && high === value;

/** Between which limits the truth lies; null where the value is exact, or there is none. */
export function limitsText(figure: Limits, unit: ShownUnit, currency?: string): string | null {
  const { value, low, high } = figure;
  return value === null || isExact(figure) ? null : rangeText(low, high, unit, currency);
}

export function rangeText(low: number | null, high: number | null, unit: ShownUnit, currency?: string): string {
  const lowest = low === null ? null : shownNumber(low, unit, 'low', currency);
  const highest = high === null ? null : shownNumber(high, unit, 'high', currency);
  if (lowest === null && highest === null) return 'no limit known';
  if (highest === null) return `at least ${lowest}`;
  return lowest === null ? `at most ${highest}` : `${lowest} to ${highest}`;
}

const formats = new Map<number, Intl.NumberFormat>();

function fixed(value: number, decimals: number, side?: Side): string {
  const scale = 10 ** decimals;
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  return format.format(rounded(value * scale, side) / scale);
}

function rounded(value: number, side?: Side): number {
  if (side === 'low') return Math.floor(value + SLACK);
  return side === 'high' ? Math.ceil(value - SLACK) : Math.round(value);
}

const two = (n: number) => String(n).padStart(2, '0');
