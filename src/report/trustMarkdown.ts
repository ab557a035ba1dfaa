import type { LossTrust, TrustReport } from '../fleet/trust.ts';
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

/** To be put into a document. @param all not only the main paths */
export function trustMarkdown(report: TrustReport, all: boolean): string {
  const introduction = trustIntroduction(report).join('\n');
  if (report.calls.tried === 0) return introduction;
  return [
    introduction,
    ...report.losses.map((loss) => section(loss, all)),
    TRUST_LEGEND.map(([name, text]) => `- **${name}**: ${text}`).join('\n'),
    ...(report.defects.length > 0 ? [defects(report)] : []),
  ].join('\n\n');
}

function section(loss: LossTrust, all: boolean): string {
  const rows = shownPaths(loss, all).map((path) => {
    const [name, ...cells] = trustRow(path);
    return line([code(name!), ...cells]);
  });
  const rule = TRUST_COLUMNS.map((_, i) => (i === 0 ? '---' : '--:'));
  return [
    `### ${lossTitle(loss.loss)}`,
    '',
    ...lossSentences(loss),
    '',
    line([...TRUST_COLUMNS]),
    line(rule),
    ...rows,
  ].join('\n');
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function defects(report: TrustReport): string {
  return [
    '### Wrong without a word of it: defects of the engine',
    '',
    ...groupedDefects(report).flatMap(([command, sentences]) => [
      `- ${code(command)}`,
      ...sentences.map((sentence) => `  - ${code(sentence)}`),
    ]),
  ].join('\n');
}

/** Whatever it holds: identities are what callers typed. */
function code(text: string): string {
  const shown = printable(text);
  const ticks = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  const pad = ticks.length > 1 ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}
