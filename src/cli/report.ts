import { type Command, InvalidArgumentError } from 'commander';
import { addDatabaseOption } from './database.ts';
import { addDocumentOptions, REPORT } from './document.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import type { ReportFlags } from './reportRun.ts';
import { addSummaryOptions } from './summary.ts';

const NOTES = `
Formats:
  html      one file that loads nothing and runs nothing: for the screen, light and dark, and for paper
  markdown  the same numbers and definitions, to be put into a document
  csv       a row a number, with its unit, limits and definition
With --by, calls are also put together in a table of these groups; the first unit of time in it is that of the charts.`;

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('a page of many calls, or of one: HTML, Markdown or CSV')
    .description(
      'Makes a page of a period, or of one call: figures with their limits and definitions, charts, tables. It stands by itself, and may be sent around or printed.',
    )
    .argument('[room]', 'of one call: the sid of its room, RM_…, or its name, where one call alone has it')
    .option('--month <month>', 'calls that began in it, such as 2026-10', month);
  addDocumentOptions(command, REPORT);
  addMetricOptions(addDatabaseOption(addSummaryOptions(command)))
    .addHelpText('after', NOTES)
    .action(async (room: string | undefined, flags: ReportFlags) =>
      (await import('./reportRun.ts')).report(room, flags),
    );
  addExamples(
    command,
    'report --month 2026-10 --out october.html --db calls.db',
    "report --since 30d --by day,agent --tz Europe/Berlin --room 'support-*' --out support.html --db calls.db",
    'report --month 2026-10 --out october.csv --db calls.db',
    'report RM_x7 --out call.html --db calls.db',
  );
}

function month(text: string): string {
  if (!/^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('A month looks like 2026-10.');
  return text;
}
