/** The metrics of a story (test/call/story.ts). */
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { measure } from '../../src/metrics/measure.ts';
import { type MetricOptions, parseOptions } from '../../src/options.ts';
import { LATER, ms, type Payload, told } from '../call/story.ts';

/** @param now seconds since the room's begin */
export function measuredAt(now: number, story: readonly Payload[], options: MetricOptions = {}): CallMetrics {
  const arrivals = { duplicates: 0, outOfOrder: 0, quarantined: 0 };
  return measure(told(...story), ms(now), arrivals, parseOptions(options).measuring);
}
export const measured = (...story: Payload[]) => measuredAt(LATER, story);
