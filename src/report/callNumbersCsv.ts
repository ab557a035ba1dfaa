/** One call as CSV: a row a value, with its limits and what it means. */
import { knownPaths } from '../metrics/explain.ts';
import { callColumns } from './callColumns.ts';
import type { CallReport } from './callReport.ts';
import { type CsvCell, csvLine } from './csv.ts';

const COLUMNS = ['path', 'unit', 'value', 'low', 'high', 'uncertain', 'definition'];

export function callNumbersCsv({ metrics }: CallReport): string {
  const units = new Map(knownPaths().map(({ path, unit }) => [path, unit]));
  const { bounds, uncertain } = metrics.evidence;
  const rows = callColumns().map(({ path, type, description, read }) => {
    const value = read(metrics);
    const cell = type === 'json' && value !== null ? JSON.stringify(value) : (value as CsvCell);
    const [low, high] = bounds[path] ?? [null, null];
    return csvLine([path, units.get(path) ?? type, cell, low, high, uncertain.includes(path), description]);
  });
  return [csvLine(COLUMNS), ...rows, ''].join('\r\n');
}
