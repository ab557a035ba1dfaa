/** All figures of a period with what they rest on: their limits, how many calls, how complete, and which were left out. */
import type { CallSummary } from '../../fleet/callSummary.ts';
import { leftOutText, reasonsIn } from '../definitions.ts';
import { inWords } from '../inWords.ts';
import { limitsText, percent, shownNumber } from '../shownNumber.ts';
import { numbersOf, type SummaryNumber } from '../summaryNumbers.ts';
import { figureTerm } from './definitionList.ts';
import { type Html, html, type Piece } from './html.ts';
import { table } from './table.ts';

const RANKS = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

export function trustTables(total: CallSummary): Html {
  const byFigure = Map.groupBy(numbersOf(total), ({ figure }) => figure);
  const spread = [...byFigure].filter(([, numbers]) => numbers[0]!.path.endsWith('.count'));
  const left = reasonsIn([...byFigure.values()].map(([first]) => first!.leftOut));
  return html`${table({
    id: 'table-figures',
    caption: 'Every figure, and what it rests on',
    columns: [
      { head: 'figure' },
      { head: 'value', number: true },
      { head: 'limits' },
      { head: '95 % interval' },
      { head: 'calls', number: true },
      { head: 'complete', number: true },
      { head: 'left out', wide: true },
    ],
    rows: [...byFigure].map(([path, numbers]) => trustRow(path, numbers)),
  })}
${left.length > 0 && html`<p class="soft">Left out: ${left.map(([word, meaning], i) => html`${i > 0 && '; '}<b>${word.toLowerCase()}</b>, ${meaning}`)}.</p>`}
${table({
  id: 'table-distributions',
  caption: 'Distributions, with limits below where there are any',
  columns: [{ head: 'of' }, ...RANKS.map((head) => ({ head, number: true }))],
  rows: spread.map(([path, numbers]) => [figureTerm(path, inWords(path)), ...numbers.map(withLimits)]),
})}`;
}

function trustRow(path: string, numbers: readonly SummaryNumber[]): Piece[] {
  const [first] = numbers;
  const { unit, currency, interval, n, complete, leftOut } = first!;
  const isOne = numbers.length === 1 && (first!.path === path || path === 'serviceLevel');
  const where = first!.path.endsWith('.count') ? 'below' : 'above';
  return [
    figureTerm(path, inWords(path)),
    isOne ? shownOf(first!) : html`<span class="soft">${where}</span>`,
    isOne && limitsText(first!, unit, currency),
    isOne && interval && `${percent(interval[0], 'low')} to ${percent(interval[1], 'high')}`,
    n.toLocaleString('en'),
    complete === null ? '–' : percent(complete),
    html`<span class="soft">${leftOutText(leftOut)}</span>`,
  ];
}

const shownOf = ({ value, unit, currency }: SummaryNumber) =>
  value === null ? '–' : shownNumber(value, unit, undefined, currency);

function withLimits(number: SummaryNumber): Piece {
  const limits = limitsText(number, number.unit);
  return html`${shownOf(number)}${number.few && '*'}${limits !== null && html`<span class="soft limit">${limits}</span>`}`;
}
