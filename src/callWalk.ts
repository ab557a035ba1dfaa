/** A page of calls: a walk through the store's narrow rows, and the choice among them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallSelection, Listed } from './callQuery.ts';
import type { CallListing, Store } from './store/store.ts';

/** Calls that are looked at in one turn of the event loop. */
const WALKED_AT_ONCE = 500;

/** Every call of the period; where the store's order is asked for, in it, from the cursor on. */
export async function* walkCalls(...walk: Parameters<typeof walkPages>): AsyncGenerator<CallListing> {
  for await (const page of walkPages(...walk)) yield* page;
}

/** The same, as many at once as are read at once: for a million calls, waiting for each takes longer than what is done with it. */
export async function* walkPages(
  store: Store,
  selection: CallSelection,
  { withFigures = false, signal }: { withFigures?: boolean; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<CallListing[]> {
  const { from, until, newestFirst, toMeasure, inStoreOrder, after } = selection;
  let last = inStoreOrder && after !== null ? { firstAt: after[0], roomSid: after[1] } : null;
  const limit = Math.max(WALKED_AT_ONCE, selection.limit);
  while (true) {
    signal?.throwIfAborted();
    const page = await store.listCalls({ from, until, newestFirst, toMeasure, withFigures, after: last, limit });
    yield page;
    if (page.length < limit) return;
    last = page.at(-1)!;
    await nextTurn(); // a long walk holds nobody up
  }
}

/** The calls of a walk that a query chooses, in its order; `next`: where the page after it begins, null where there is none. */
export async function pageOf(
  walk: AsyncIterable<Listed>,
  { limit, inStoreOrder, matches, beyond, compare, cursorOf }: CallSelection,
): Promise<{ page: Listed[]; next: string | null }> {
  const found: Listed[] = [];
  for await (const call of walk) {
    if (!beyond(call) || !matches(call)) continue;
    if (found.push(call) > limit && inStoreOrder) break;
  }
  if (!inStoreOrder) found.sort(compare);
  return { page: found.slice(0, limit), next: found.length > limit ? cursorOf(found[limit - 1]!) : null };
}
