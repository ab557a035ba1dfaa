import type { Command } from 'commander';
import { metricsText } from '../report/metricsText.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption, type DatabaseFlags } from './database.ts';
import { addExamples } from './examples.ts';
import { addMetricOptions } from './metricOptions.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';
import { addRoomArgument, askAbout } from './room.ts';

type MetricsOptions = DatabaseFlags & { now?: Date; format: PageFormat };

export function addMetrics(program: Command): void {
  const command = addRoomArgument(program.command('metrics'))
    .summary('all metrics of one call')
    .description('Shows the metrics of one call, with the bounds of what was inferred and the events that are missing.')
    .option(
      '--now <instant>',
      'until when a call that is still on is measured, also in epoch ms (the present); later events count all the same',
      instant,
    )
    .addOption(pageOption());
  addMetricOptions(addDatabaseOption(command)).action(metrics);
  addExamples(
    command,
    'metrics RM_x7 --db calls.db',
    'metrics standup --db calls.db --format json',
    'metrics RM_x7 --db calls.db --now 2026-10-12T09:05:00Z   a call that is still on, measured until then',
  );
}

async function metrics(room: string, { now, format, ...options }: MetricsOptions): Promise<void> {
  const found = await askAbout(room, options, (evaluator, sid) => evaluator.getMetrics(sid, { now }));
  await showPage(found, format, metricsText);
}
