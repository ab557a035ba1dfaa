import { Option } from 'commander';
import { callTable } from '../report/callTable.ts';
import type { Output } from './output.ts';

/** Calls, each as its CallMetrics in JSON, on their way to stdout. */
export interface CallList {
  add(json: string): Promise<void> | undefined;
  /** After the last; without it nothing is written of a list that is empty. */
  end(): void;
}

export interface CallListOptions {
  output: Output;
  /** Where a table has the sids of the calls: they are in a database, which can be asked about them. */
  sids: boolean;
  /** What is told of an empty list: people are to see that it is no fault. */
  nothing: string;
  /** Tells it to people, where the list itself is for programs. */
  say: (text: string) => void;
}

const FORMATS = ['table', 'ndjson', 'json'] as const;
export type CallListFormat = (typeof FORMATS)[number];

export function callListOption(): Option {
  return new Option('--format <format>', 'a table for people, or CallMetrics as JSON: one a line, or an array')
    .choices(FORMATS)
    .default('table');
}

export const CALL_LISTS: Record<CallListFormat, (options: CallListOptions) => CallList> = {
  table({ output, sids, nothing }) {
    const table = callTable(process.stdout.columns ?? Number.POSITIVE_INFINITY, { sids }); // a pipe has no edge
    let empty = true;
    return {
      add(json) {
        if (empty) output.line(table.head);
        empty = false;
        return output.line(table.row(JSON.parse(json)));
      },
      end() {
        if (empty) output.line(nothing);
      },
    };
  },
  ndjson({ output, nothing, say }) {
    let empty = true;
    return {
      add(json) {
        empty = false;
        return output.json(json);
      },
      end() {
        if (empty) say(nothing);
      },
    };
  },
  json({ output, nothing, say }) {
    let last: string | undefined;
    return {
      add(json) {
        const before = last;
        last = json;
        return output.json(before === undefined ? '[' : `${before},`);
      },
      end() {
        if (last === undefined) {
          output.line('[');
          say(nothing);
        } else output.json(last);
        output.line(']');
      },
    };
  },
};
