/** What lists and summaries read of a call, and no more: made of its metrics. */
import type { Call } from './call/call.ts';
import { type CallFigures, figuresOf } from './fleet/figures.ts';
import { type Facets, facetsOf } from './metrics/facets.ts';
import type { Measured } from './metrics/measure.ts';

export interface Projections {
  facets: Facets;
  figures: CallFigures;
}

export function projectionsOf(call: Call, { metrics, responseLatencies }: Measured): Projections {
  const facets = facetsOf(metrics, call);
  const { metadata } = facets;
  return { facets, figures: figuresOf(metrics, { responseLatency: responseLatencies, metadata }) };
}
