/** The user's own metrics. One that fails is null, and says why; it neither takes the others down nor changes them. */
import type { ResolvedCall } from '../call/resolved.ts';
import type { CallMetrics } from './callMetrics.ts';

/** What a user's own metric may look at: every boundary of the call, and the built-in values. Instants in epoch ms. */
export type MeasurableCall = ResolvedCall & { metrics: CallMetrics };

export interface CustomMetric {
  /** Found under `custom.<id>`. */
  id: string;
  unit: string;
  description: string;
  compute(call: MeasurableCall): unknown;
}

/** Their values by id; the reasons of those that failed are added to the gaps. */
export function measureCustom(
  resolved: ResolvedCall,
  metrics: CallMetrics,
  custom: readonly CustomMetric[],
): Record<string, unknown> {
  const json = JSON.stringify(metrics);
  const found = custom.map(({ id, compute }) => {
    try {
      // a copy for each: whatever it does to it, the values stay what they are
      return [id, plain(compute({ ...resolved, metrics: JSON.parse(json) }))];
    } catch (error) {
      metrics.evidence.gaps.push({
        subject: 'custom',
        sid: resolved.call.roomSid,
        missing: `custom.${id}`,
        resolvedBy: `its compute failed: ${reasonOf(error)}`,
        range: null,
      });
      return [id, null];
    }
  });
  return Object.fromEntries(found);
}

/** Deeper than anybody reads, and far from where writing JSON, which recurs, runs out of stack. */
const DEEPEST = 100;

/** The value as its JSON will show it; throws where JSON cannot. Null alone says that there is none. */
function plain(value: unknown): unknown {
  if (isThenable(value)) {
    Promise.resolve(value).catch(() => {}); // nobody waits for it: its failure must not end the process
    throw new Error('it returned a promise, and metrics are computed at once');
  }
  const json = JSON.stringify(value);
  if (value === null) return null;
  if (json === undefined || json === 'null') {
    const returned = typeof value === 'number' ? value : typeof value;
    throw new Error(`it returned ${returned}, which JSON does not know: return null where there is no value`);
  }
  const shown: unknown = JSON.parse(json);
  if (isDeeper(shown, DEEPEST)) throw new Error(`what it returned is nested deeper than ${DEEPEST} levels`);
  return shown;
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inside) => isDeeper(inside, levels - 1));
}

/** Anything can be thrown, and not everything can be made a text. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : `a thing of type ${typeof error}, not an Error`;
}
