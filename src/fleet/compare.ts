/** Two sets of calls side by side: by how much each figure differs, and whether that is more than noise. */
import { matchesGlob } from '../glob.ts';
import { type Budget, type BudgetQuestion, judgedBudget, LIMITS } from './compare/budget.ts';
import { COMPARABLES, type Comparable, comparableAt } from './compare/comparable.ts';
import type { Comparison } from './compare/comparison.ts';
import { judged, pairOf } from './compare/judge.ts';
import type { Side, SideCalls } from './compare/side.ts';
import { CONFIDENCE } from './confidence.ts';
import { SMALL } from './spread.ts';

export interface CompareOptions {
  /** Paths of figures, or patterns of them; by default the main ones. */
  figures?: readonly string[];
  budget?: Budget;
}

export function compare(from: SideCalls, to: SideCalls, { figures, budget }: CompareOptions = {}): Comparison {
  const baseline = from.result();
  const candidate = to.result();
  const pairs = asked(figures, baseline, candidate).map((comparable) => pairOf(comparable, baseline, candidate));
  const compared = judged(pairs);
  const { serviceLevel, shortAbandon, containment } = to.settings;
  return {
    definitions: {
      serviceLevel,
      shortAbandon,
      containment,
      confidence: CONFIDENCE,
      judged: compared.filter(({ chance }) => chance !== null).length,
      small: SMALL,
    },
    baseline: shownSide(baseline),
    candidate: shownSide(candidate),
    figures: compared,
    budget: budget ? judgedBudget(questionsOf(budget, baseline, candidate)) : null,
  };
}

function shownSide({ asked, summary: { group, calls } }: Side): Comparison['baseline'] {
  return { asked, from: group.from, until: group.until, calls: calls.n, complete: calls.complete };
}

/** Those that are named; of those that a pattern means, or that are main, the ones of which these calls tell. */
function asked(figures: readonly string[] | undefined, ...sides: readonly [Side, Side]): Comparable[] {
  const named = new Set(figures?.filter((pattern) => !isPattern(pattern)));
  const patterns = figures?.filter(isPattern);
  const isMeant = ({ path, main }: Comparable) =>
    figures === undefined ? main : patterns!.some((pattern) => matchesGlob(pattern, path));
  const there = COMPARABLES.flatMap((comparable) => known(comparable, sides));
  const found = there.filter((comparable) => named.has(comparable.path) || isMeant(comparable));
  for (const { path } of found) named.delete(path);
  return [...found, ...[...named].map((path) => comparableAt(path)!)];
}

/** Of a map the words that either side has; none where neither tells of the figure. */
function known(comparable: Comparable, sides: readonly Side[]): Comparable[] {
  const { path, part, kind } = comparable;
  if (part === '*') {
    const words = new Set(sides.flatMap((side) => side.wordsOf(comparable)));
    return [...words].sort().map((word) => comparableAt(path.replace('*', () => word))!);
  }
  const told =
    kind === 'words'
      ? sides.some((side) => side.wordsOf(comparable).includes(part!))
      : sides.some((side) => side.valueOf(comparable).value !== null);
  return told ? [comparable] : [];
}

const isPattern = (figure: string) => figure.includes('*');

/** Whether it is a figure, or a pattern of some. */
export function isComparable(figure: string): boolean {
  if (!isPattern(figure)) return comparableAt(figure) !== undefined;
  const open = COMPARABLES.filter(({ part }) => part === '*');
  return (
    COMPARABLES.some(({ path }) => matchesGlob(figure, path)) ||
    open.some(({ figure: map }) => figure.startsWith(`${map}.`))
  );
}

function questionsOf(budget: Budget, baseline: Side, candidate: Side): BudgetQuestion[] {
  return Object.entries(budget).flatMap(([path, limits]) => {
    const pair = pairOf(comparableAt(path)!, baseline, candidate);
    return LIMITS.flatMap((limit) => {
      const allowed = limits[limit];
      return allowed === undefined ? [] : [{ pair, limit, allowed }];
    });
  });
}
