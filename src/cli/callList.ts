import { Option } from 'commander';
import { callTable } from '../report/callTable.ts';
import type { Output } from './output.ts';

/** Calls, each as its CallMetrics in JSON, on their way to stdout. */
export interface CallList {
  add(json: string): Promise<void> | undefined;
  /** After the last; without it nothing is written of a list that is empty. */
  end(): void;
}

const FORMATS = ['table', 'ndjson', 'json'] as const;
export type CallListFormat = (typeof FORMATS)[number];

export function callListOption(): Option {
  return new Option('--format <format>', 'a table for people, or CallMetrics as JSON: one a line, or an array')
    .choices(FORMATS)
    .default('table');
}

export const CALL_LISTS: Record<CallListFormat, (output: Output) => CallList> = {
  table(output) {
    const table = callTable(process.stdout.columns ?? 0);
    let empty = true;
    return {
      add(json) {
        if (empty) output.line(table.head);
        empty = false;
        return output.line(table.row(JSON.parse(json)));
      },
      end() {},
    };
  },
  ndjson: (output) => ({ add: (json) => output.json(json), end() {} }),
  json(output) {
    let last: string | undefined;
    return {
      add(json) {
        const before = last;
        last = json;
        return output.json(before === undefined ? '[' : `${before},`);
      },
      end() {
        if (last === undefined) output.line('[');
        else output.json(last);
        output.line(']');
      },
    };
  },
};
