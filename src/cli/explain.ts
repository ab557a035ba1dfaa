import type { Command } from 'commander';
import { outline } from '../report/outline.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption, known, withDatabase } from './database.ts';
import { addMetricOptions, type MetricFlags } from './metricOptions.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';

interface ExplainOptions extends MetricFlags {
  db: string;
  now?: Date;
  format: PageFormat;
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('why a value of a call is what it is')
    .description('Tells why a value is what it is: its formula, the events that decided it, and what was missing.')
    .argument('<room-sid>', 'the sid of the room, RM_…')
    .argument('<path>', 'of the metric: callDuration, participants.list[identity=ana].presentSeconds')
    .option('--now <instant>', 'until when a call that is still on is measured (the present)', instant)
    .addOption(pageOption());
  addMetricOptions(addDatabaseOption(command)).action(explain);
}

async function explain(roomSid: string, path: string, { now, format, ...options }: ExplainOptions): Promise<void> {
  const explanation = await withDatabase(options, (evaluator) =>
    known(evaluator, roomSid, evaluator.explain(roomSid, path, { now })),
  );
  await showPage(explanation, format, (value) => outline(value).join('\n'));
}
