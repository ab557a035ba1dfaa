import { type Command, Option } from 'commander';
import { undeclaredIn } from '../fleet/trust.ts';
import { trustMarkdown } from '../report/trustMarkdown.ts';
import { trustText } from '../report/trustText.ts';
import type { TrustOptions } from '../trustOptions.ts';
import { count, instantOrAgo } from './arguments.ts';
import { addDatabaseOption, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { EXIT } from './exit.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { seed } from './simulateArguments.ts';
import { durations, percents } from './trustArguments.ts';

const NOTES = `
What LiveKit loses in an outage of your server of N seconds is about --outage (N - 15)s: it tries each webhook for 15 s.

Exit codes:
  0  every value was exact, null, flagged or within its bounds, as far as any event was left that could tell
  1  some were wrong without a word of it: they are named, with what gives them again
  2  wrong usage, or a database that cannot be read`;

const FORMATS = ['table', 'markdown', 'json'] as const;

export function addTrust(program: Command): void {
  const command = program
    .command('trust')
    .summary('how wrong would the metrics be, if webhooks were lost')
    .description(
      'Takes finished calls of which nothing is missing, loses webhooks of theirs many times, and compares what is measured of the rest with what is measured of all: the error of each metric, and whether its bounds held.',
    )
    .option('--since <instant>', 'calls that began then or later: ISO 8601, epoch ms, or 30d ago', instantOrAgo)
    .option('--until <instant>', 'calls that began before', instantOrAgo)
    .option('--room <pattern>', 'calls in rooms of such names; * stands for anything')
    .option('--agent <pattern>', 'calls with an agent of such a name or identity')
    .option('--sid <sid>', 'one call alone')
    .option('--calls <n>', 'at most so many, drawn from all of them (200)', count)
    .option('--loss <percents>', 'per cent of the webhooks that are lost, each by itself (1,5,10)', percents)
    .option('--outage <durations>', 'or all webhooks of so long, somewhere in the call: 30s,2m', durations)
    .option('--runs <n>', 'how often each call loses them (20)', count)
    .option('--seed <n>', 'the same calls and losses again (1)', seed)
    .option('--all', 'all metrics, down to the last part, instead of the main ones; JSON has all')
    .addOption(new Option('--format <format>', 'for people, for a document, or JSON').choices(FORMATS).default('table'))
    .addHelpText('after', NOTES);
  addMetricOptions(addDatabaseOption(command)).action(trust);
  addExamples(
    command,
    'trust --since 30d --loss 1,5,10 --db calls.db',
    "trust --room 'support-*' --outage 30s,2m --runs 100 --db calls.db",
    'trust --calls 1000 --all --format markdown --db calls.db > trust.md',
    'trust --sid RM_x7 --loss 5 --seed 9 --runs 1 --all --db calls.db   one call, one loss',
  );
}

interface TrustFlags extends DatabaseFlags, Omit<TrustOptions, 'roomSid'> {
  sid?: string;
  all?: true;
  format: (typeof FORMATS)[number];
}

async function trust(flags: TrustFlags): Promise<void> {
  const { format, all = false, sid, since, until, room, agent, calls, loss, outage, runs, seed, ...database } = flags;
  const asked: TrustOptions = { since, until, room, agent, roomSid: sid, calls, loss, outage, runs, seed };
  const report = await withDatabase(database, async (evaluator) => {
    const progress = new Progress();
    const found = await evaluator.trust(asked, (done) => {
      if (process.stderr.isTTY) progress.line(() => `${done.calls} of ${done.of} calls, measured ${done.trials} times`);
    });
    progress.clear();
    return found;
  });
  const output = new Output();
  if (format === 'json') output.json(JSON.stringify(report));
  else output.line((format === 'markdown' ? trustMarkdown : trustText)(report, all));
  await output.flush();
  if (undeclaredIn(report) > 0) process.exitCode = EXIT.notThere;
}
