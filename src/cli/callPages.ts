import type { CallQuery } from '../callQuery.ts';
import type { CallEvaluator, CallPage } from '../evaluator.ts';

const PAGE = 100;
/** In another order than the store's, every page is a walk through all calls: few large ones, then. */
const SORTED_PAGE = 10_000;

/** The pages of a list of calls, one after the other, until there are no more or the limit is reached. */
export async function* callPages(
  evaluator: CallEvaluator,
  { limit = Number.POSITIVE_INFINITY, ...query }: CallQuery,
): AsyncGenerator<CallPage> {
  const most = (query.sort ?? 'startedAt').endsWith('startedAt') ? PAGE : SORTED_PAGE;
  let left = limit;
  let after = query.after;
  do {
    const page = await evaluator.listCalls({ ...query, limit: Math.min(most, left), after });
    yield page;
    left -= page.calls.length;
    after = page.next ?? undefined;
  } while (after !== undefined && left > 0);
}
