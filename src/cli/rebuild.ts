import type { Command } from 'commander';
import { addDatabaseOption, type DatabaseFlags, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { Progress } from './progress.ts';

export function addRebuild(program: Command): void {
  const command = program
    .command('rebuild')
    .summary('measure all calls again from their events')
    .description(
      'Measures all calls again from their events, and keeps what lists and summaries read of them: after an upgrade, or with other options. Nothing of the history is changed; where nothing else has, the results are the same to the byte.',
    );
  addMetricOptions(addDatabaseOption(command)).action(rebuild);
  addExamples(command, 'rebuild --db calls.db', 'rebuild --db calls.db --no-show-after 30');
}

async function rebuild(options: DatabaseFlags): Promise<void> {
  await withDatabase(options, async (evaluator) => {
    const progress = new Progress();
    const { rooms } = await evaluator.counts();
    const { calls, finished } = await evaluator.rebuild((done) => {
      if (process.stderr.isTTY) progress.line(() => `${done.calls} of ${rooms} calls measured`);
    });
    progress.clear();
    console.log(`${calls} calls measured again, ${finished} of them finished: their results are kept`);
  });
}
