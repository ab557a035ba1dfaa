/** What `export` does; loaded only for it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallEvaluatorError } from '../errors.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { callCsv } from '../report/callCsv.ts';
import type { CallFilter } from './callFilter.ts';
import { callPages } from './callPages.ts';
import { withDatabase } from './database.ts';
import { EXIT } from './exit.ts';
import type { ExportFormat } from './export.ts';
import { assertNotDatabase } from './otherFile.ts';
import { Output } from './output.ts';
import { megabytes, Progress } from './progress.ts';
import { WholeFile } from './wholeFile.ts';

export interface ExportFlags extends CallFilter {
  db: string;
  format?: ExportFormat;
  out?: string;
  limit?: number;
  after?: string;
}

const STDOUT = '-';

/** Calls on their way out. */
interface CallSink {
  add(call: CallMetrics): Promise<void> | undefined;
  end(): Promise<void> | undefined;
}

export async function exportCalls({ db, format, out = STDOUT, ...query }: ExportFlags): Promise<void> {
  const chosen = format ?? formatNamedBy(out);
  if (out === STDOUT) {
    if (chosen === 'parquet') throw wrong('Parquet needs a file: name one with --out calls.parquet.');
    return withDatabase({ db }, async (evaluator) => {
      const sink = toStdout(chosen);
      console.error(told(await pass(callPages(evaluator, query), sink, !process.stdout.isTTY)));
    });
  }
  await withDatabase({ db }, async (evaluator) => {
    assertNotDatabase(out, db, 'an export');
    const file = await WholeFile.open(out);
    const stop = () => {
      file.drop();
      process.exit(EXIT.interrupted);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      const passed = await pass(callPages(evaluator, query), await toFile(chosen, file), true);
      await file.keep();
      console.log(told(passed, ` in ${out} (${size(file.bytes)})`));
    } catch (error) {
      file.drop();
      throw error;
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  });
}

interface Passed {
  calls: number;
  /** Where it would go on; null: those were all. */
  next: string | null;
}

async function pass(pages: ReturnType<typeof callPages>, sink: CallSink, showsProgress: boolean): Promise<Passed> {
  const progress = new Progress();
  const passed: Passed = { calls: 0, next: null };
  try {
    for await (const { calls, next } of pages) {
      for (const { metrics } of calls) await sink.add(metrics);
      passed.calls += calls.length;
      passed.next = next;
      if (showsProgress && process.stderr.isTTY)
        progress.line((seconds) => {
          const rate = Math.round(passed.calls / seconds).toLocaleString('en');
          return `${counted(passed.calls)}, up to ${calls.at(-1)?.startedAt ?? 'now'}, ${rate} a second`;
        });
      await nextTurn(); // for signals
    }
    await sink.end();
  } finally {
    progress.clear();
  }
  return passed;
}

function toStdout(format: 'csv' | 'ndjson'): CallSink {
  const output = new Output();
  if (format === 'ndjson') return { add: (call) => output.json(JSON.stringify(call)), end: () => output.flush() };
  const { head, row } = callCsv();
  output.csv(head);
  return { add: (call) => output.csv(row(call)), end: () => output.flush() };
}

async function toFile(format: ExportFormat, file: WholeFile): Promise<CallSink> {
  if (format === 'parquet') {
    const { CallParquet } = await import('../report/callParquet.ts');
    return new CallParquet((bytes) => file.write(bytes));
  }
  if (format === 'ndjson') return { add: (call) => file.text(`${JSON.stringify(call)}\n`), end: () => undefined };
  const { head, row } = callCsv();
  await file.text(`${head}\r\n`);
  return { add: (call) => file.text(`${row(call)}\r\n`), end: () => undefined };
}

function formatNamedBy(out: string): ExportFormat {
  return (['parquet', 'ndjson'] as const).find((format) => out.endsWith(`.${format}`)) ?? 'csv';
}

function told({ calls, next }: Passed, where = ''): string {
  return `${counted(calls)}${where}${next === null ? '' : `; the same with --after ${next} goes on`}`;
}

function counted(calls: number): string {
  return calls === 1 ? '1 call' : `${calls.toLocaleString('en')} calls`;
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : megabytes(bytes);
}

const wrong = (message: string) => new CallEvaluatorError('bad_option', message);
