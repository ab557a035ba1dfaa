/** Summaries for people: a line per group, one for all of them, and by which definitions. */
import type { CallSummary, Summaries } from '../fleet/callSummary.ts';
import { cell, cut } from './cell.ts';
import { escaped } from './markdown.ts';
import { SUMMARY_COLUMNS } from './summaryColumns.ts';

const LONGEST_KEY = 40;

interface Row {
  keys: string[];
  figures: string[];
}

/** The head, the groups, and last the total. */
function rowsOf({ groups, others, total, definitions }: Summaries): { head: Row; rows: Row[] } {
  const { by } = definitions;
  const row = (keys: string[], summary: CallSummary): Row => ({
    keys,
    figures: SUMMARY_COLUMNS.map(({ show }) => show(summary)),
  });
  const named = (word: string) => by.map((_, i) => (i === 0 ? word : ''));
  return {
    head: { keys: [...by], figures: SUMMARY_COLUMNS.map(({ title }) => title) },
    rows: [
      ...groups.map((group) =>
        row(
          by.map((one) => cut(group.group.key[one] ?? '-', LONGEST_KEY)),
          group,
        ),
      ),
      ...(others === null ? [] : [row(named('(others)'), others)]),
      row(named('all'), total),
    ],
  };
}

export function summaryText(summaries: Summaries): string {
  const { head, rows } = rowsOf(summaries);
  const all = [head, ...rows];
  const keyWidths = head.keys.map((_, i) => Math.max(...all.map(({ keys }) => keys[i]!.length)));
  const widths = head.figures.map((_, i) => Math.max(...all.map(({ figures }) => figures[i]!.length)));
  const line = ({ keys, figures }: Row) =>
    [
      ...keys.map((key, i) => cell(key, keyWidths[i]!, 'left')),
      ...figures.map((text, i) => cell(text, widths[i]!, 'right')),
    ]
      .join('  ')
      .trimEnd();
  return [...all.map(line), '', ...definitionsOf(summaries)].join('\n');
}

export function summaryMarkdown(summaries: Summaries): string {
  const { head, rows } = rowsOf(summaries);
  const line = ({ keys, figures }: Row) => `| ${[...keys, ...figures].map(escaped).join(' | ')} |`;
  const rule = `|${[...head.keys.map(() => ' --- |'), ...head.figures.map(() => ' ---: |')].join('')}`;
  return [line(head), rule, ...rows.map(line), '', ...definitionsOf(summaries).map((text) => `- ${text}`)].join('\n');
}

const LATE = { answeredOrAbandonedLate: 'answered + abandoned later', offered: 'offered', answered: 'answered' };

/** By which rules the numbers were made: they are printed with them. */
export function definitionsOf({ definitions, others }: Summaries): string[] {
  const { serviceLevel, shortAbandon, timeZone, by } = definitions;
  const early = shortAbandon > 0 ? `; who gave up within ${shortAbandon} s is left out` : '';
  return [
    `SL: answered within ${serviceLevel.threshold} s, of ${LATE[serviceLevel.denominator]}; the target is ${percent(serviceLevel.target)}${early}`,
    `ASA and AHT are of answered calls; abandoned: offered and not answered. A call belongs to when it started${by.length > 0 ? `, ${timeZone}` : ''}`,
    '~ may be another value: events were lost, or cannot tell; --format json has the limits. * of few samples. Percentiles are of all samples pooled, never averaged',
    ...(others === null
      ? []
      : [
          `There are more groups than ${definitions.maxGroups} (--max-groups): the first are shown, and the others together; a call of several groups counts in each`,
        ]),
  ];
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
