import { type Command, Option } from 'commander';
import type { WhatIf } from '../fleet/whatIf.ts';
import { whatIfMarkdown, whatIfText } from '../report/whatIfText.ts';
import { SETTING_NAMES, settingsFrom } from '../whatIfSettings.ts';
import { keyValue } from './arguments.ts';
import { addDatabaseOption, apart, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { addSummaryOptions, type SummaryFlags, summaryQuery } from './summary.ts';

const FORMATS: Record<string, (whatIf: WhatIf) => string> = {
  table: whatIfText,
  json: (whatIf) => JSON.stringify(whatIf),
  markdown: whatIfMarkdown,
};

const SETTABLE = `
What can be set, agent.noShowAfter being the same as noShowAfter:
${SETTING_NAMES.map((name) => `  ${name}`).join('\n')}
Durations are in seconds, or 90s, 15m, 24h; agentExpected is true, false or a pattern of room names; lists have commas.
What else is given (--no-show-after, --service-level, ...) is what holds before.`;

export function addWhatIf(program: Command): void {
  const command = program
    .command('what-if')
    .summary('stored calls by other options, beside what they are')
    .description(
      'Sums calls up twice, by the options that hold and by others, and tells which values of which calls change. Where it is about how calls are measured, each is measured again from its events. Nothing is written.',
    )
    .option('--set <option=value>', 'what is to be otherwise; any number of times', keyValue)
    .hook('preAction', () => {
      if (command.opts().set === undefined) command.error('error: say what is to be otherwise: --set noShowAfter=10');
    })
    .addOption(
      new Option('--format <format>', 'for people, or for programs').choices(Object.keys(FORMATS)).default('table'),
    );
  addMetricOptions(addDatabaseOption(addSummaryOptions(command)))
    .addHelpText('after', SETTABLE)
    .action(whatIf);
  addExamples(
    command,
    'what-if --since 30d --set noShowAfter=10 --set serviceLevel.threshold=30 --db calls.db',
    "what-if --set agentExpected='support-*' --by roomName --db calls.db",
    'what-if --set engagementWeights.voice=0.4 --set engagementWeights.presence=0.4 --format json --db calls.db',
  );
}

type Flags = DatabaseFlags & SummaryFlags & { format: string; set: Record<string, string> };

async function whatIf(flags: Flags): Promise<void> {
  const { database, own } = apart(flags);
  const { format, set, ...query } = own;
  const options = settingsFrom(set);
  const found = await withDatabase(database, async (evaluator) => {
    const progress = new Progress();
    const answer = await evaluator.whatIf({ query: summaryQuery(query), options }, ({ calls, measured }) => {
      if (process.stderr.isTTY) progress.line(() => `${calls} calls looked at, ${measured} measured again`);
    });
    progress.clear();
    return answer;
  });
  const output = new Output();
  const text = FORMATS[format]!(found);
  await (format === 'json' ? output.json(text) : output.line(text));
  await output.flush();
}
