import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { STDIN } from '../replay/inputs.ts';
import { type ReplayCounts, replayFiles } from '../replay/replay.ts';
import { LEGEND } from '../report/callTable.ts';
import { cut } from '../report/cell.ts';
import { instant } from './arguments.ts';
import { BadLines } from './badLines.ts';
import { CALL_LISTS, type CallListFormat, callListOption } from './callList.ts';
import { addExamples } from './examples.ts';
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
    .option(
      '--now <instant>',
      'until when calls that are still on are measured, also in epoch ms (the present)',
      instant,
    )
    .option('--db <file>', 'keep the events and calls in this database')
    .option('--quiet', 'only the result: nothing on stderr but errors; the exit code still tells')
    .option('--no-progress', 'no progress on long work')
    .addHelpText('after', `\n${LEGEND}`);
  addMetricOptions(command).action(replay);
  addExamples(
    command,
    'replay recording.ndjson',
    'replay --format ndjson --now 2026-12-01T00:00:00Z more/ day.ndjson.gz > calls.ndjson',
    'replay --db calls.db recording.ndjson                    then "call-evaluator calls --db calls.db"',
    'replay --no-show-after 45s --never-sent track_published,track_unpublished recording.ndjson',
  );
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
  const nothing = `No calls in ${named(paths)}.`;
  const list = CALL_LISTS[format]({ output, sids: db !== undefined, nothing, say });
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
    badLines.end();
    if (begun) list.end();
    await output.flush();
  }
  say(
    `${counts.events} events, ${counts.rooms} calls, ${counts.duplicates} repeats, ${counts.quarantined} quarantined`,
  );
  if (counts.events === 0 && counts.quarantined > 0)
    say('Nothing was understood: are these recordings of LiveKit webhooks, as JSON, one event a line?');
  if (counts.quarantined > 0) process.exitCode = EXIT.quarantined;
}

const NAMED = 3;

function named(paths: readonly string[]): string {
  const shown = paths.slice(0, NAMED).map((path) => (path === STDIN ? 'standard input' : cut(path, 400)));
  return paths.length > NAMED ? `${shown.join(', ')} and ${paths.length - NAMED} more` : shown.join(', ');
}
