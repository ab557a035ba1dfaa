/** Summaries as CSV: a row a group, all figures that are numbers, with their limits. */
import type { CallSummary, Summaries } from '../fleet/callSummary.ts';
import { type CsvCell, csvLine } from './csv.ts';

/** Which columns there are, the calls decide: end reasons, kinds and models are as many as came. */
export function summaryCsv({ groups, others, total, definitions }: Summaries): string {
  const named = (word: string, summary: CallSummary | null) =>
    summary === null ? [] : [{ row: word, cells: leavesOf(summary) }];
  const rows = [
    ...groups.flatMap((group) => named('group', group)),
    ...named('others', others),
    ...named('total', total),
  ];
  const keys = definitions.by.map((one) => `group.key.${one}`);
  const columns = [...new Set([...keys, ...rows.flatMap(({ cells }) => [...cells.keys()])])];
  const lines = [
    csvLine(['row', ...columns]),
    ...rows.map(({ row, cells }) => csvLine([row, ...columns.map((column) => cells.get(column) ?? null)])),
  ];
  return lines.map((line) => `${line}\r`).join('\n'); // whoever writes it ends the last line
}

function leavesOf(node: object, above = '', found = new Map<string, CsvCell>()): Map<string, CsvCell> {
  for (const [key, value] of Object.entries(node)) {
    const path = above + key;
    if (Array.isArray(value)) found.set(path, value.length === 0 ? null : JSON.stringify(value));
    else if (typeof value === 'object' && value !== null) leavesOf(value, `${path}.`, found);
    else found.set(path, value as CsvCell);
  }
  return found;
}
