import { type Command, Option } from 'commander';
import { CallEvaluatorError } from '../errors.ts';
import type { Series } from '../fleet/series.ts';
import { seriesCsv } from '../report/seriesCsv.ts';
import { SERIES_LEGEND, seriesText } from '../report/seriesText.ts';
import { count, duration } from './arguments.ts';
import { addCallFilter, type CallFilter } from './callFilter.ts';
import { addDatabaseOption, apart, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Output } from './output.ts';

const FORMATS = ['table', 'json', 'csv'] as const;

export function addSeries(program: Command): void {
  const command = program
    .command('series')
    .argument('[name]', 'the name of a room: its calls; else those that the options choose')
    .summary('the calls of one room, or of one who keeps coming, one after the other')
    .description(
      'Shows calls as a series: who came, who is new and who returns, whether attendance grows or it is noise, and after how many calls somebody came again soon. A human is known by identity; on the telephone by the number, which is not shown for it.',
    )
    .option('--identity <pattern>', 'calls that a human of such an identity came to, and who of them returns')
    .option('--recontact-within <duration>', 'who joins another call within it has come again (24h)', duration)
    .option('--limit <n>', 'rows of so many calls, the latest; all are in the figures (1000)', count)
    .addOption(new Option('--format <format>', 'for people, or for programs').choices(FORMATS).default('table'))
    .addHelpText('after', `\n${SERIES_LEGEND}`);
  addMetricOptions(addDatabaseOption(addCallFilter(command))).action(series);
  addExamples(
    command,
    'series weekly-standup --db calls.db',
    "series --room 'support-*' --since 30d --recontact-within 72h --db calls.db",
    'series --identity ana --format csv --db calls.db > ana.csv',
  );
}

interface SeriesFlags extends CallFilter {
  identity?: string;
  recontactWithin?: number;
  limit?: number;
  format: (typeof FORMATS)[number];
}

async function series(name: string | undefined, flags: DatabaseFlags & SeriesFlags): Promise<void> {
  const { database, own } = apart(flags);
  const { format, recontactWithin, ...query } = own;
  const found = await withDatabase(database, (evaluator) =>
    evaluator.getSeries({
      ...query,
      ...(name !== undefined && { roomName: name }),
      ...(recontactWithin !== undefined && { recontactWithin: recontactWithin / 3600 }),
    }),
  );
  if (found.calls.length === 0 && name !== undefined) throw noneOf(name, database.db);
  await write(found, format);
}

async function write(found: Series, format: SeriesFlags['format']): Promise<void> {
  const output = new Output();
  if (format === 'json') await output.json(JSON.stringify(found));
  else if (format === 'csv') for (const line of seriesCsv(found)) await output.csv(line);
  else await output.line(found.calls.length === 0 ? 'No such calls.' : seriesText(found));
  await output.flush();
}

function noneOf(name: string, db: string): CallEvaluatorError {
  return new CallEvaluatorError(
    'unknown_room',
    `No such call was in a room named ${name}: "call-evaluator calls --db ${db}" lists the calls; --room takes a pattern of names.`,
  );
}
