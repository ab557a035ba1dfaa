import type { Command } from 'commander';
import { callMetricsJsonSchema } from '../metrics/callMetrics.ts';
import { knownPaths } from '../metrics/explain.ts';
import { addExamples } from './examples.ts';

export function addSchema(program: Command): void {
  const command = program
    .command('schema')
    .summary('the JSON Schema of CallMetrics')
    .description('Prints the JSON Schema of CallMetrics, with a description of every metric.')
    .option('--paths', 'instead, every path that "explain" knows, with its unit; * stands for a key of the call')
    .action(schema);
  addExamples(command, 'schema > call-metrics.schema.json', 'schema --paths');
}

function schema({ paths }: { paths?: true }): void {
  console.log(paths ? pathTable().join('\n') : JSON.stringify(callMetricsJsonSchema(), null, 2));
}

function pathTable(): string[] {
  const known = knownPaths();
  const width = Math.max(...known.map(({ path }) => path.length));
  return known.map(({ path, unit }) => `${path.padEnd(width)}  ${unit}`);
}
