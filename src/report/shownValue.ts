/** Values of one call for people, with the limits of what was inferred. */
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { type CallUnit, valueAt } from './callSections.ts';
import { cut } from './cell.ts';
import type { Clock } from './instantText.ts';
import { rangeText, shownNumber } from './shownNumber.ts';

export interface ShownValue {
  text: string;
  /** null where it is exact. */
  limits: string | null;
  /** A lost event could turn it. */
  uncertain: boolean;
}

const LONGEST = 200;
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** undefined: this call has no such thing. */
export function shownValue(metrics: CallMetrics, path: string, unit: CallUnit, clock: Clock): ShownValue | undefined {
  const value = valueAt(metrics, path);
  if (value === undefined) return undefined;
  const { bounds, uncertain } = metrics.evidence;
  const range = bounds[path];
  return {
    text: textOf(value, unit, clock),
    limits:
      unit === 'distribution'
        ? distributionLimits(bounds, path)
        : range === undefined
          ? null
          : limitsOf(range, unit, clock),
    uncertain: uncertain.includes(path),
  };
}

function textOf(value: unknown, unit: CallUnit, clock: Clock): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (unit === 'distribution') {
    const { count, p50, p95, max } = value as Record<'count' | 'p50' | 'p95' | 'max', number>;
    const seconds = (number: number) => shownNumber(number, 's');
    return count === 1
      ? `${seconds(max)}, of 1`
      : `p50 ${seconds(p50)}, p95 ${seconds(p95)}, most ${seconds(max)}, of ${count.toLocaleString('en')}`;
  }
  if (typeof value === 'number' && unit !== 'text') return shownNumber(value, unit);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return ISO.test(text) ? clock.instant(text) : cut(text, LONGEST);
}

type Bounds = CallMetrics['evidence']['bounds'];

function limitsOf([low, high]: Bounds[string], unit: CallUnit, clock: Clock): string | null {
  if (typeof low === 'string' || typeof high === 'string')
    return [low, high].map((limit) => (typeof limit === 'string' ? clock.instant(limit) : '?')).join(' to ');
  return unit === 'text' || unit === 'distribution' ? null : rangeText(low, high, unit);
}

/** Of its median and its p95, which are what is shown. */
function distributionLimits(bounds: Bounds, path: string): string | null {
  const parts = (['p50', 'p95'] as const).flatMap((rank) => {
    const range = bounds[`${path}.${rank}`] as [number | null, number | null] | undefined;
    return range === undefined ? [] : [`${rank} ${rangeText(...range, 's')}`];
  });
  return parts.length === 0 ? null : parts.join(', ');
}
