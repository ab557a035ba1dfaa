/** A series of stored calls: reads what is known of each, one after the other, and gives way to whoever else has work. */
import { CallEvaluatorError } from './errors.ts';
import { type SeriesCall, seriesCallOf } from './fleet/series/seriesCall.ts';
import { needsNumbers } from './fleet/series/visits.ts';
import { type Series, seriesOf } from './fleet/series.ts';
import { givingWay } from './givingWay.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import type { SeriesPlan } from './seriesQuery.ts';

export interface SeriesMaterial {
  /** The sids of those that are asked for, but for the identity. */
  roomSids: AsyncIterable<string>;
  metricsOf(roomSid: string): Promise<CallMetrics | null>;
  /** Telephone numbers by identity, plain: to know who it is. */
  numbersOf(roomSid: string): Promise<ReadonlyMap<string, string>>;
  phoneNumbers: 'masked' | 'plain';
  now: number;
  signal?: AbortSignal | undefined;
}

/** Who came to how many has to be known at once. */
const MOST_CALLS = 100_000;
const NO_NUMBERS: ReadonlyMap<string, string> = new Map();

export async function runSeries(
  { roomSids, metricsOf, numbersOf, phoneNumbers, now, signal }: SeriesMaterial,
  { options }: SeriesPlan,
): Promise<Series> {
  const calls: SeriesCall[] = [];
  const { follows } = options;
  const giveWay = givingWay();
  for await (const roomSid of roomSids) {
    signal?.throwIfAborted();
    const metrics = await metricsOf(roomSid);
    if (metrics !== null) {
      const numbers = needsNumbers(metrics) ? await numbersOf(roomSid) : NO_NUMBERS;
      const call = seriesCallOf(metrics, { numbers, shown: phoneNumbers });
      if (!follows || call.visits.some(({ identity }) => follows(identity))) calls.push(call);
    }
    if (calls.length > MOST_CALLS) throw tooMany();
    await giveWay();
  }
  return seriesOf(calls, options, now);
}

function tooMany(): CallEvaluatorError {
  return new CallEvaluatorError(
    'bad_option',
    `A series is of at most ${MOST_CALLS} calls: ask for a shorter period, or for fewer rooms.`,
  );
}
