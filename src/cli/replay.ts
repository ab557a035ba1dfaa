import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import type { ReplayCounts } from '../replay/pass.ts';
import { replayFiles } from '../replay/replay.ts';
import { LEGEND } from '../report/callTable.ts';
import { instant } from './arguments.ts';
import { BadLines } from './badLines.ts';
import { CALL_LISTS, type CallListFormat, callListOption } from './callList.ts';
import { EXIT } from './exit.ts';
import { addMetricOptions, type MetricFlags } from './metricOptions.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';

interface ReplayOptions extends MetricFlags {
  format: CallListFormat;
  now?: Date;
  db?: string;
  quiet?: true;
  progress: boolean;
}

export function addReplay(program: Command): void {
  const command = program
    .command('replay')
    .summary('measure the calls in recorded webhooks')
    .description(
      'Measures the calls in recorded webhooks: files of one event (.json), of many (.json array, .ndjson, .jsonl), each also as .gz, folders of these, or - for standard input. Nothing is left behind without --db.',
    )
    .argument('<paths...>', 'files, folders, - for standard input')
    .addOption(callListOption())
    .option('--now <instant>', 'until when calls that are still on are measured (the present)', instant)
    .option('--db <file>', 'keep the events and calls in this database')
    .option('--quiet', 'only the result: nothing on stderr but errors; the exit code still tells')
    .option('--no-progress', 'no progress on long work')
    .addHelpText('after', `\n${LEGEND}`);
  addMetricOptions(command).action(replay);
}

async function replay(
  paths: string[],
  { format, now = new Date(), db, quiet, progress: wanted, ...metricOptions }: ReplayOptions,
): Promise<void> {
  // Replay makes much garbage and keeps little: small young generations cost 3 % of time and halve the memory.
  setFlagsFromString('--max-semi-space-size=4');
  setFlagsFromString('--semi-space-growth-factor=1');
  const progress = new Progress();
  const say = (text: string) => {
    if (quiet) return;
    progress.clear();
    console.error(text);
  };
  process.once('SIGINT', () => {
    say(db ? `Interrupted. What is stored in ${db} stays: replay the same again, repeats count once.` : 'Interrupted.');
    process.exit(EXIT.interrupted);
  });
  const badLines = new BadLines(say);
  const output = new Output();
  const list = CALL_LISTS[format](output);
  let begun = false;
  let counts: ReplayCounts;
  try {
    counts = await replayFiles(paths, {
      now,
      db,
      metricOptions,
      onMetrics(json) {
        begun = true;
        progress.clear();
        return list.add(json);
      },
      onQuarantined: (line) => badLines.add(line),
      onProgress: wanted && !quiet && process.stderr.isTTY ? (done) => progress.show(done) : undefined,
    });
    begun = true;
  } finally {
    // A file that broke off half way still gives the calls before it; one that cannot be read at all gives nothing.
    progress.clear();
    if (begun) list.end();
    await output.flush();
    badLines.end();
  }
  say(
    `${counts.events} events, ${counts.rooms} calls, ${counts.duplicates} repeats, ${counts.quarantined} quarantined`,
  );
  if (counts.quarantined > 0) process.exitCode = EXIT.quarantined;
}
