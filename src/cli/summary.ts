import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Summaries } from '../fleet/callSummary.ts';
import { SUMMARY_COLUMNS } from '../report/summaryColumns.ts';
import { summaryCsv } from '../report/summaryCsv.ts';
import { summaryMarkdown, summaryText } from '../report/summaryText.ts';
import { count, duration, share } from './arguments.ts';
import { addCallFilter, type CallFilter } from './callFilter.ts';
import { addDatabaseOption, apart, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Output } from './output.ts';

const FORMATS: Record<string, (summaries: Summaries) => string> = {
  table: summaryText,
  json: (summaries) => JSON.stringify(summaries),
  csv: summaryCsv,
  markdown: summaryMarkdown,
};

const LEGEND = `
In the table:
${SUMMARY_COLUMNS.map(({ title, legend }) => `  ${title.padEnd(10)} ${legend}`).join('\n')}`;

export interface SummaryFlags extends CallFilter {
  by?: string[];
  tz?: string;
  serviceLevel?: number;
  target?: number;
  shortAbandon?: number;
  maxGroups?: number;
}

/** What summaries, wherever they are made, can be told. */
export function addSummaryOptions(command: Command): Command {
  return addServiceLevelOptions(
    addCallFilter(command)
      .option(
        '--by <groups>',
        'hour, day, week, month, agent, roomName, endReason, status, kind, tag, metadata.KEY: one, or several with commas',
        list,
      )
      .option('--tz <zone>', 'where days begin, such as Europe/Berlin (UTC)'),
  );
}

/** By which rules calls count as answered in time. */
export function addServiceLevelOptions(command: Command): Command {
  return command
    .option('--service-level <duration>', 'answered within it is in time (20s)', duration)
    .option('--target <share>', 'of the calls that should be, 0 to 1 (0.8)', share)
    .option(
      '--max-groups <n>',
      'so many groups are shown, the first ones; calls of the others are summed up together (1000)',
      count,
    )
    .option('--short-abandon <duration>', 'who gives up within it is not counted (0s)', duration);
}

export function summaryQuery({ tz, serviceLevel, target, shortAbandon, ...query }: SummaryFlags) {
  return {
    ...query,
    ...(tz !== undefined && { timeZone: tz }),
    ...(shortAbandon !== undefined && { shortAbandon }),
    serviceLevel: {
      ...(serviceLevel !== undefined && { threshold: serviceLevel }),
      ...(target !== undefined && { target }),
    },
  };
}

export function addSummary(program: Command): void {
  const command = program
    .command('summary')
    .summary('many calls in a few numbers, by day, agent or whatever')
    .description(
      'Sums calls up: how many were offered, answered and abandoned, how fast, how long, how well; by time, agent and more, with the limits between which the truth lies.',
    )
    .addOption(
      new Option('--format <format>', 'for people, or for programs').choices(Object.keys(FORMATS)).default('table'),
    );
  addMetricOptions(addDatabaseOption(addSummaryOptions(command)))
    .addHelpText('after', LEGEND)
    .action(summary);
  addExamples(
    command,
    'summary --db calls.db --since 7d --by day,agent --tz Europe/Berlin',
    "summary --db calls.db --room 'support-*' --by week --service-level 30s --target 0.9",
    'summary --db calls.db --since 30d --by metadata.tenant --format csv > tenants.csv',
  );
}

type Flags = DatabaseFlags & SummaryFlags & { format: string };

async function summary(flags: Flags): Promise<void> {
  const { database, own } = apart(flags);
  const { format, ...query } = own;
  const summaries = await withDatabase(database, (evaluator) => evaluator.summarize(summaryQuery(query)));
  const output = new Output();
  await output.line(FORMATS[format]!(summaries));
  await output.flush();
}

function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.some((word) => word === ''))
    throw new InvalidArgumentError('It takes words with commas between them, such as day,agent.');
  return words;
}
