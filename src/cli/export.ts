import { Argument, type Command, Option } from 'commander';
import { count } from './arguments.ts';
import { addCallFilter } from './callFilter.ts';
import { addDatabaseOption } from './database.ts';
import { addExamples } from './examples.ts';
import type { ExportFlags } from './exportRun.ts';

const FORMATS = ['csv', 'ndjson', 'parquet'] as const;
export type ExportFormat = (typeof FORMATS)[number];

const NOTES = `
Formats:
  ndjson   CallMetrics as JSON, one call a line: all there is
  csv      a row a call (RFC 4180, UTF-8), a column a value; nothing in a cell is null
  parquet  the same columns with their types; it needs a file
"call-evaluator schema --columns" lists the columns; they are the same in every export. Maps and short lists are JSON in one
column, lists of people, egresses and gaps are in NDJSON alone. In a CSV, text that a spreadsheet would take for a formula
(= + - @ at its beginning) has a ' before it.`;

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary('write calls into a file: CSV, NDJSON or Parquet')
    .description('Writes calls with their metrics, in the order in which they began, for other programs.')
    .addArgument(new Argument('<what>', 'of what there is a row').choices(['calls']))
    .addOption(new Option('--format <format>', 'how (as the name of the file ends, else csv)').choices(FORMATS))
    .option('--out <file>', 'where to, in place of what is there (-: standard output)')
    .option('--limit <n>', 'at most so many', count)
    .option('--after <cursor>', 'go on where an export with --limit ended');
  addDatabaseOption(addCallFilter(command))
    .addHelpText('after', NOTES)
    .action(async (_what: 'calls', flags: ExportFlags) => (await import('./exportRun.ts')).exportCalls(flags));
  addExamples(
    command,
    'export calls --db calls.db --since 30d --out calls.parquet',
    "export calls --db calls.db --room 'support-*' --status finished --out support.csv",
    'export calls --db calls.db --format ndjson | jq .duration',
  );
}
