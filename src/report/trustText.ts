import { styleText } from 'node:util';
import stringWidth from 'fast-string-width';
import type { LossTrust, TrustReport } from '../fleet/trust.ts';
import { cell } from './cell.ts';
import { printable } from './printable.ts';
import {
  groupedDefects,
  lossSentences,
  lossTitle,
  shownPaths,
  TRUST_COLUMNS,
  TRUST_LEGEND,
  trustIntroduction,
  trustRow,
} from './trustTable.ts';

/** For people, at a terminal. @param all not only the main paths */
export function trustText(report: TrustReport, all: boolean): string {
  const introduction = trustIntroduction(report).join('\n');
  if (report.calls.tried === 0) return introduction;
  return [
    introduction,
    ...report.losses.map((loss) => section(loss, all)),
    TRUST_LEGEND.map(([name, text]) => `${cell(name, 24, 'left')} ${text}`).join('\n'),
    ...(report.defects.length > 0 ? [defects(report)] : []),
  ].join('\n\n');
}

function section(loss: LossTrust, all: boolean): string {
  const rows = [[...TRUST_COLUMNS], ...shownPaths(loss, all).map(trustRow)];
  const widths = TRUST_COLUMNS.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i]!))));
  const line = (row: string[]) => row.map((text, i) => cell(text, widths[i]!, i === 0 ? 'left' : 'right')).join('  ');
  return [styleText('bold', lossTitle(loss.loss)), ...lossSentences(loss), '', ...rows.map(line)].join('\n');
}

function defects(report: TrustReport): string {
  return [
    styleText(
      'bold',
      'Wrong without a word of it: defects of the engine; please report them, with what gives them again',
    ),
    ...groupedDefects(report).flatMap(([command, sentences]) =>
      [`  ${command}`, ...sentences.map((sentence) => `    ${sentence}`)].map(printable),
    ),
  ].join('\n');
}
