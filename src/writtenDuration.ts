const SECONDS_IN = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds, also as 90s, 15m, 24h, 7d, 2w. @returns NaN for what is no duration */
export function writtenDuration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smhdw]?)$/.exec(text) ?? [];
  return Number(number) * SECONDS_IN[unit as keyof typeof SECONDS_IN];
}
