/** 3:07 or 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

/** 3.2 s; from 100 s on as a clock. */
export function wait(seconds: number): string {
  return seconds < 99.95 ? `${seconds.toFixed(1)} s` : clock(seconds);
}
