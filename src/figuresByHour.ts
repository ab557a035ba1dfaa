/**
 * What a summary of a whole period reads: an hour after the other, its measured calls from one page where there is one, else by
 * themselves, and then the page is written. Pages are projections: losing them costs nothing but time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallSelection } from './callQuery.ts';
import { walkPages } from './callWalk.ts';
import type { CallFigures } from './fleet/figures.ts';
import { figuresOnPage, pageText } from './fleet/figuresPage.ts';
import { figuresIn } from './fleet/storedFigures.ts';
import type { CallListing, Store } from './store/store.ts';

const HOUR = 3_600_000;
/** So long after its end an hour is left alone: its calls have ended by then, and their late events have come. */
const SETTLED = 2 * HOUR;

export interface ByHour {
  store: Store;
  selection: CallSelection;
  configHash: string;
  now: number;
  signal?: AbortSignal | undefined;
  /** Of a call that is not on a page; null where nothing is known of it. */
  figuresNow(call: CallListing): Promise<CallFigures | null> | CallFigures;
}

export async function* figuresByHour({
  store,
  selection,
  configHash,
  now,
  signal,
  figuresNow,
}: ByHour): AsyncGenerator<CallFigures[]> {
  const { from, until } = selection;
  for (const hour of await store.hoursWithCalls({
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  })) {
    signal?.throwIfAborted();
    const text = await store.readPage(hour, configHash);
    const page = text === null ? null : figuresOnPage(text);
    if (page !== null) yield page;
    const ofHour = { ...selection, from: hour * HOUR, until: (hour + 1) * HOUR, toMeasure: page !== null };
    for await (const calls of walkPages(store, ofHour, { withFigures: true, signal })) {
      const found: CallFigures[] = [];
      for (const call of calls) {
        const figures = figuresNow(call);
        const known = figures instanceof Promise ? await figures : figures;
        if (known !== null) found.push(known);
      }
      yield found;
    }
    if (page === null && (hour + 1) * HOUR + SETTLED < now) await writePage(store, hour, configHash);
    await nextTurn(); // a long period holds nobody up
  }
}

async function writePage(store: Store, hour: number, configHash: string): Promise<void> {
  const make = (texts: readonly string[]) => {
    const calls = texts.map(figuresIn);
    return calls.every((call) => call !== null) ? pageText(calls) : null;
  };
  await store.writePage(hour, configHash, make).catch(() => {}); // a database that is only read, or busy: the next one may
}
