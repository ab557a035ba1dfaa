/** Which single values of one call are others under other options: of its metrics, and of how it counts in rates. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { type Leaf, leavesOf } from '../../metrics/leaves.ts';
import type { Value } from '../../metrics/verdict.ts';
import type { Contact } from '../contact.ts';
import { NO, OUT } from '../outcomes.ts';

/** One value that is another. */
export interface Change {
  path: string;
  /** The same for every call: `*` in the place of what differs from call to call. */
  general: string;
  before: Value;
  after: Value;
}

/** What was set is told once, and not as a change of every call. */
const IS_SET = /(^|\.)engagement\.weights\./;

export function metricChanges(before: CallMetrics, after: CallMetrics): Change[] {
  const changes: Change[] = [];
  const olds = leavesOf(before);
  const news = leavesOf(after);
  // nearly always both have the same paths in the same order; of maps by a word one may have what the other has not
  const same = olds.length === news.length && olds.every(({ path }, i) => path === news[i]!.path);
  const pairs = same ? olds.map((old, i): Pair => [old, news[i]]) : paired(olds, news);
  for (const [old, other] of pairs) {
    const { path, general } = (old ?? other)!;
    add(path, general, old?.value ?? null, other?.value ?? null);
  }
  add(COMPLETENESS, COMPLETENESS, before.evidence.completeness, after.evidence.completeness);
  return changes;

  function add(path: string, general: string, before: Value, after: Value): void {
    if (before !== after && !IS_SET.test(general)) changes.push({ path, general, before, after });
  }
}
type Pair = [old: Leaf | undefined, other: Leaf | undefined];

function paired(olds: readonly Leaf[], news: readonly Leaf[]): Pair[] {
  const byPath = new Map(olds.map((leaf) => [leaf.path, leaf]));
  const there = new Set(news.map(({ path }) => path));
  return [
    ...news.map((other): Pair => [byPath.get(other.path), other]),
    ...olds.filter(({ path }) => !there.has(path)).map((old): Pair => [old, undefined]),
  ];
}

const COMPLETENESS = 'evidence.completeness';

/** By the figure in which a call counts so. */
const COUNTS_IN = {
  offered: 'offered',
  answered: 'answered',
  abandoned: 'abandoned',
  abandonment: 'abandonmentRate',
  serviceLevel: 'serviceLevel.rate',
  contained: 'containmentRate',
} as const satisfies Record<keyof Contact, string>;
const NAMES = Object.keys(COUNTS_IN) as (keyof Contact)[];

/** true: it is one of those counted; false: of those that it is a share of; null: neither. */
export function contactChanges(before: Contact, after: Contact): Change[] {
  return NAMES.flatMap((name) => {
    if (before[name].is === after[name].is) return [];
    const path = COUNTS_IN[name];
    return [{ path, general: path, before: countsAs(before[name].is), after: countsAs(after[name].is) }];
  });
}

const countsAs = (is: number): boolean | null => (is === OUT ? null : is !== NO);
