import type { CallMetrics } from '../metrics/callMetrics.ts';
import { callColumns } from './callColumns.ts';
import { type CsvCell, csvLine } from './csv.ts';

export interface CallCsv {
  head: string;
  row(call: CallMetrics): string;
}

/** Calls as lines of a CSV. Instants are ISO 8601, lists and objects JSON. */
export function callCsv(): CallCsv {
  const columns = callColumns();
  return {
    head: csvLine(columns.map(({ path }) => path)),
    row: (call) =>
      csvLine(
        columns.map(({ type, read }) => {
          const value = read(call);
          return type === 'json' && value !== null ? JSON.stringify(value) : (value as CsvCell);
        }),
      ),
  };
}
