import type { Command } from 'commander';
import { callMetricsJsonSchema } from '../metrics/callMetrics.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .summary('the JSON Schema of CallMetrics')
    .description('Prints the JSON Schema of CallMetrics, with a description of every value.')
    .action(() => console.log(JSON.stringify(callMetricsJsonSchema(), null, 2)));
}
