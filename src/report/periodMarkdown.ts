/** Many calls as a Markdown document. */
import type { FigurePath } from '../fleet/callSummary.ts';
import { SUMMARY_FIGURES } from '../fleet/summaryRegistry.ts';
import { figureDefinitions, leftOutText, reasonsIn } from './definitions.ts';
import { definitionsMarkdown } from './definitionsMarkdown.ts';
import { inWords } from './inWords.ts';
import { escaped, markdownTable, word } from './markdown.ts';
import { BILLING, minutesOf } from './minutes.ts';
import { type PeriodReport, rulesOf, titleOf } from './periodReport.ts';
import { limitsText, percent, shownNumber } from './shownNumber.ts';
import { numbersOf, type SummaryNumber } from './summaryNumbers.ts';
import { summaryMarkdown } from './summaryText.ts';

export function periodMarkdown(report: PeriodReport): string {
  const { overTime, groups, unit, clock, filter, measured, made } = report;
  const numbers = numbersOf(overTime.total);
  const setting = ([key, value]: readonly [string, string]) => `${key} ${word(value)}`;
  return [
    `# Calls, ${titleOf(report)}`,
    `${[`By the clocks of ${clock.timeZone}`, ...filter.map(setting)].join('; ')}.`,
    '## Figures',
    markdownTable(['figure', 'value', 'limits', 'calls', 'complete', 'left out'], numbers.map(row), [0, 2, 5]),
    reasonsIn(numbers.map(({ leftOut }) => leftOut))
      .map(([reason, meaning]) => `- ${reason}: ${meaning}.`)
      .join('\n'),
    '## Human and machine minutes',
    minutesTable(overTime.total),
    BILLING.join(' '),
    ...(groups === null ? [] : [`## By ${word(groups.definitions.by.join(', '))}`, summaryMarkdown(groups)]),
    `## By ${unit}`,
    summaryMarkdown(overTime),
    '## Definitions',
    rulesOf(report)
      .map((rule) => `- ${escaped(rule)}`)
      .join('\n'),
    definitionsMarkdown(figureDefinitions(SUMMARY_FIGURES.map(({ path }): FigurePath => path))),
    `Made by call-evaluator ${made.version} on ${clock.instant(made.at)} (${clock.timeZone})${measured.length > 0 ? `, measured with ${measured.map(setting).join(', ')}` : ''}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function row(number: SummaryNumber): string[] {
  const { path, value, unit, currency, n, complete, leftOut, few } = number;
  return [
    nameOf(path),
    value === null ? '-' : `${shownNumber(value, unit, undefined, currency)}${few ? ' (of few samples)' : ''}`,
    limitsText(number, unit, currency) ?? '',
    n.toLocaleString('en'),
    complete === null ? '-' : percent(complete),
    leftOutText(leftOut),
  ];
}

/** `endReasons.human_hangup`: End reasons: human hangup. Kinds and models may be anything. */
function nameOf(path: string): string {
  const [figure, ...rest] = path.split('.');
  const part = rest.join('.');
  return `${inWords(figure!)}${part === '' || part === 'rate' ? '' : `: ${word(part.replaceAll('_', ' '))}`}`;
}

function minutesTable(total: PeriodReport['overTime']['total']): string {
  const { kinds, sides } = minutesOf(total);
  const shown = (value: number | null) => (value === null ? '-' : shownNumber(value, 'min'));
  return markdownTable(
    ['who', 'minutes', 'limits'],
    [
      ...kinds.map(({ kind, side, ...one }) => [
        `${word(kind)} (${side})`,
        shown(one.value),
        limitsText(one, 'min') ?? '',
      ]),
      ...sides.map(({ side, ...one }) => [`**all ${side}**`, shown(one.value), limitsText(one, 'min') ?? '']),
    ],
    [0, 2],
  );
}
