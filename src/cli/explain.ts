import type { Command } from 'commander';
import { explanationText } from '../report/explanationText.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption, type DatabaseFlags } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';
import { addRoomArgument, askAbout } from './room.ts';

type ExplainOptions = DatabaseFlags & { now?: Date; format: PageFormat };

export function addExplain(program: Command): void {
  const command = addRoomArgument(program.command('explain'))
    .summary('why a value of a call is what it is')
    .description('Tells why a value is what it is: its formula, the events that decided it, and what was missing.')
    .argument('<path>', 'of the value; "call-evaluator schema --paths" lists all')
    .option(
      '--now <instant>',
      'until when a call that is still on is measured, also in epoch ms (the present)',
      instant,
    )
    .addOption(pageOption());
  addMetricOptions(addDatabaseOption(command)).action(explain);
  addExamples(
    command,
    'explain RM_x7 callDuration --db calls.db',
    "explain RM_x7 'participants.list[identity=ana].presentSeconds' --db calls.db",
    'explain standup agent --db calls.db --format json',
  );
}

async function explain(room: string, path: string, { now, format, ...options }: ExplainOptions): Promise<void> {
  const found = await askAbout(room, options, (evaluator, sid) => evaluator.explain(sid, path, { now }));
  await showPage(found, format, explanationText);
}
