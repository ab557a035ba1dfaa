import { styleText } from 'node:util';
import stringWidth from 'fast-string-width';
import type { Comparison } from '../fleet/compare/comparison.ts';
import { cell } from './cell.ts';
import {
  BUDGET_HEAD,
  budgetRows,
  budgetSentence,
  COMPARE_HEAD,
  COMPARE_LEGEND,
  compareIntroduction,
  compareRow,
} from './compareTable.ts';
import { escaped, markdownTable } from './markdown.ts';
import { printable } from './printable.ts';

/** For people, at a terminal. */
export function compareText(comparison: Comparison): string {
  const { figures, budget } = comparison;
  return [
    compareIntroduction(comparison).map(printable).join('\n'),
    aligned(COMPARE_HEAD, figures.map(compareRow), [0, 5]),
    COMPARE_LEGEND.map(([name, text]) => `${cell(name, 22, 'left')} ${text}`).join('\n'),
    ...(budget === null
      ? []
      : [[styleText('bold', budgetSentence(budget)), aligned(BUDGET_HEAD, budgetRows(budget), [0, 1, 2])].join('\n')]),
  ].join('\n\n');
}

/** To be put into a document, or a comment on a pull request. */
export function compareMarkdown(comparison: Comparison): string {
  const { figures, budget } = comparison;
  const table = (head: readonly string[], rows: string[][], text: number[]) =>
    markdownTable(
      head,
      rows.map((row) => row.map((text) => escaped(printable(text)))),
      text,
    );
  return [
    compareIntroduction(comparison)
      .map((text) => `- ${escaped(printable(text))}`)
      .join('\n'),
    table(COMPARE_HEAD, figures.map(compareRow), [0, 5]),
    COMPARE_LEGEND.map(([name, text]) => `- **${name}**: ${text}`).join('\n'),
    ...(budget === null ? [] : [`### ${budgetSentence(budget)}`, table(BUDGET_HEAD, budgetRows(budget), [0, 1, 2])]),
  ].join('\n\n');
}

/** @param words the columns that are text; the others are numbers */
function aligned(head: readonly string[], rows: readonly string[][], words: readonly number[]): string {
  const all = [[...head], ...rows].map((row) => row.map(printable));
  const widths = head.map((_, i) => Math.max(...all.map((row) => stringWidth(row[i]!))));
  const line = (row: string[]) =>
    row.map((text, i) => cell(text, widths[i]!, words.includes(i) ? 'left' : 'right')).join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
}
