/** A comparison as sentences and rows, for whatever they are written in. */
import type { BudgetLine, ComparedFigure, Comparison } from '../fleet/compare/comparison.ts';
import { cut } from './cell.ts';
import { type ShownUnit, setShare, shownNumber } from './shownNumber.ts';

export const COMPARE_HEAD = ['figure', 'baseline', 'candidate', 'difference', '95 % interval', 'verdict'] as const;
export const BUDGET_HEAD = ['', 'figure', 'limit', 'allowed', 'found', 'between'] as const;

const LONGEST_ASKED = 200;

export function compareIntroduction({ baseline, candidate }: Comparison): string[] {
  return [
    ['baseline', baseline],
    ['candidate', candidate],
  ].map(([name, side]) => sideSentence(name as string, side as Comparison['baseline']));
}

function sideSentence(name: string, { asked, calls, complete }: Comparison['baseline']): string {
  const said = Object.entries(asked)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([filter, value]) => `${filter} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const seen = complete === null || complete === 1 ? '' : `, ${setShare(complete)} of them seen in full`;
  return `${name.padEnd(9)}: ${cut(said.join(', ') || 'all calls', LONGEST_ASKED)}: ${calls.toLocaleString('en')} calls${seen}`;
}

/** Sums and counts of calls, that is. */
const titleOf = ({ path, perCall, unit }: ComparedFigure | BudgetLine) =>
  perCall && unit !== 'share' ? `${path} per call` : path;

export function compareRow(figure: ComparedFigure): string[] {
  const { baseline, candidate, difference, relative, interval } = figure;
  const part =
    relative === null || figure.unit === 'share' ? '' : ` (${signed(relative, setShare(Math.abs(relative)))})`;
  return [
    titleOf(figure),
    told(figure, baseline),
    told(figure, candidate),
    difference === null ? '-' : `${apart(figure, difference)}${part}`,
    interval === null ? '-' : between(figure, interval),
    verdict(figure),
  ];
}

/** `~`: the truth may be another, as far as the calls' own bounds tell. */
function told(figure: ComparedFigure, { value, low, high }: ComparedFigure['baseline']): string {
  if (value === null) return '-';
  return `${low === value && high === value ? '' : '~'}${shown(figure, value)}`;
}

type Shown = Pick<ComparedFigure, 'path' | 'unit' | 'perCall'>;

function shown({ path, unit, perCall }: Shown, value: number): string {
  const as: ShownUnit = unit === 'n' && perCall ? 'mean' : unit;
  return shownNumber(value, as, undefined, unit === 'money' ? path.slice(path.indexOf('.') + 1) : '');
}

/** A difference, or one end of where it lies. */
function apart(figure: Shown, value: number): string {
  const size = Math.abs(value);
  return signed(value, figure.unit === 'share' ? `${Number((size * 100).toFixed(2))} points` : shown(figure, size));
}

const signed = (value: number, size: string) => (value === 0 ? size : `${value > 0 ? '+' : '-'}${size}`);

const between = (figure: Shown, [low, high]: readonly (number | null)[]) =>
  [low!, high!].map((end) => (end === null ? '?' : apart(figure, end))).join(' .. ');

const DOUBT = { bounds: 'limits', tooFew: 'too few', noValue: 'not told' };

function verdict({ verdict, doubt }: ComparedFigure): string {
  return verdict === null ? '' : doubt === null ? verdict : `${verdict} (${DOUBT[doubt]})`;
}

export const COMPARE_LEGEND: readonly (readonly [string, string])[] = [
  ['~', 'the value may be another: events were lost; --format json has the limits'],
  ['95 % interval', 'where chance leaves the difference, of that figure by itself; ? has no limit'],
  [
    'better, worse, changed',
    'more than noise, all figures judged at once: where nothing differs, 95 of 100 comparisons call no figure so. Of changed neither way is better',
  ],
  ['same', 'no difference beyond noise: how large one may be nevertheless, the interval tells'],
  [
    'unknown (limits)',
    'lost events could make the difference, or hide it; --min-completeness 1 leaves out calls that lost some',
  ],
  ['unknown (too few)', 'chance could make it; more calls would tell'],
];

const PERCENT = /Percent$/;

/** First what is broken, then what is not known. */
export function budgetRows(budget: readonly BudgetLine[]): string[][] {
  const order = ['broken', 'unknown', 'kept'];
  return [...budget]
    .sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
    .map((line) => [
      line.outcome === 'unknown' ? `unknown (${DOUBT[line.doubt!]})` : line.outcome,
      titleOf(line),
      line.limit,
      limited(line, line.allowed, shownAllowed),
      line.found === null ? '-' : limited(line, line.found, apartOrOwn),
      line.low === line.high && line.low === line.found
        ? ''
        : [line.low, line.high].map((end) => (end === null ? '?' : limited(line, end, apartOrOwn))).join(' .. '),
    ]);
}

function limited(line: BudgetLine, value: number, otherwise: (line: BudgetLine, value: number) => string): string {
  return PERCENT.test(line.limit)
    ? signed(otherwise === shownAllowed ? 0 : value, `${Math.abs(value)} %`)
    : otherwise(line, value);
}

/** As it was written. */
function shownAllowed(line: BudgetLine, value: number): string {
  if (line.unit === 'share') return isOwn(line) ? setShare(value) : `${Number((value * 100).toPrecision(6))} points`;
  return line.unit === 's' ? `${value} s` : line.unit === 'min' ? `${value} min` : String(value);
}

const isOwn = ({ limit }: BudgetLine) => limit === 'max' || limit === 'min';
const apartOrOwn = (line: BudgetLine, value: number) => (isOwn(line) ? shown(line, value) : apart(line, value));

export function budgetSentence(budget: readonly BudgetLine[]): string {
  const count = (outcome: BudgetLine['outcome']) => budget.filter((line) => line.outcome === outcome).length;
  return `Budget: ${count('broken')} broken, ${count('unknown')} unknown, ${count('kept')} kept`;
}
