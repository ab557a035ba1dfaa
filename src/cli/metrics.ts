import type { Command } from 'commander';
import { metricsText } from '../report/metricsText.ts';
import { instant } from './arguments.ts';
import { addDatabaseOption, known, withDatabase } from './database.ts';
import { addMetricOptions, type MetricFlags } from './metricOptions.ts';
import { type PageFormat, pageOption, showPage } from './page.ts';

interface MetricsOptions extends MetricFlags {
  db: string;
  now?: Date;
  format: PageFormat;
}

export function addMetrics(program: Command): void {
  const command = program
    .command('metrics')
    .summary('all metrics of one call')
    .description('Shows the metrics of one call, with the bounds of what was inferred and the events that are missing.')
    .argument('<room-sid>', 'the sid of its room, RM_…')
    .option('--now <instant>', 'until when a call that is still on is measured (the present)', instant)
    .addOption(pageOption());
  addMetricOptions(addDatabaseOption(command)).action(metrics);
}

async function metrics(roomSid: string, { now, format, ...options }: MetricsOptions): Promise<void> {
  const found = await withDatabase(options, (evaluator) =>
    known(evaluator, roomSid, evaluator.getMetrics(roomSid, { now })),
  );
  await showPage(found, format, metricsText);
}
