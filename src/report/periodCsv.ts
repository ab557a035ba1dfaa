/** Many calls as CSV: a row a number, with what it means, so that a file tells by itself what it is of. */
import type { CallSummary } from '../fleet/callSummary.ts';
import { SUMMARY_FIGURES } from '../fleet/summaryRegistry.ts';
import { type CsvCell, csvLine } from './csv.ts';
import { leftOutText } from './definitions.ts';
import type { PeriodReport } from './periodReport.ts';
import { numbersOf } from './summaryNumbers.ts';

const COLUMNS = 'row,by,group,from,until,figure,unit,value,low,high,calls,complete,leftOut,definition'.split(',');
const FORMULAS = new Map<string, string>(SUMMARY_FIGURES.map(({ path, formula }) => [path, formula]));

export function periodCsv({ overTime, groups }: PeriodReport): string {
  const rows = (row: string, by: readonly string[], those: readonly CallSummary[]) =>
    those.flatMap((summary) => rowsOf(row, by, summary));
  return [
    csvLine(COLUMNS),
    ...rows('total', [], [overTime.total]),
    ...[overTime, ...(groups === null ? [] : [groups])].flatMap(({ definitions: { by }, groups, others }) => [
      ...rows('group', by, groups),
      ...rows('others', by, others === null ? [] : [others]),
    ]),
    '',
  ].join('\r\n');
}

function rowsOf(row: string, by: readonly string[], summary: CallSummary): string[] {
  const { key, from, until } = summary.group;
  const group = row === 'group' ? by.map((one) => key[one] ?? '-').join(', ') : null;
  return numbersOf(summary).map(({ path, figure, unit, currency, value, low, high, n, complete, leftOut }) => {
    const cells: CsvCell[] = [row, by.length === 0 ? null : by.join(', '), group, from, until, path];
    return csvLine([
      ...cells,
      currency ?? unit,
      value,
      low,
      high,
      n,
      complete,
      leftOutText(leftOut),
      FORMULAS.get(figure)!,
    ]);
  });
}
