import type { Command } from 'commander';
import { callMetricsJsonSchema } from '../metrics/callMetrics.ts';
import { knownPaths } from '../metrics/explain.ts';
import { callColumns } from '../report/callColumns.ts';
import { addExamples } from './examples.ts';

export function addSchema(program: Command): void {
  const command = program
    .command('schema')
    .summary('the JSON Schema of CallMetrics')
    .description('Prints the JSON Schema of CallMetrics, with a description of every metric.')
    .option('--paths', 'instead, every path that "explain" knows, with its unit; * stands for a key of the call')
    .option(
      '--columns',
      'instead, the columns of "export --format csv" and parquet, with their types and what they say',
    )
    .action(schema);
  addExamples(command, 'schema > call-metrics.schema.json', 'schema --paths', 'schema --columns');
}

function schema({ paths, columns }: { paths?: true; columns?: true }): void {
  if (columns) console.log(columnTable().join('\n'));
  else console.log(paths ? pathTable().join('\n') : JSON.stringify(callMetricsJsonSchema(), null, 2));
}

function columnTable(): string[] {
  const columns = callColumns();
  const width = Math.max(...columns.map(({ path }) => path.length));
  return columns.map(({ path, type, description }) =>
    `${path.padEnd(width)}  ${type.padEnd('instant'.length)}  ${description}`.trimEnd(),
  );
}

function pathTable(): string[] {
  const known = knownPaths();
  const width = Math.max(...known.map(({ path }) => path.length));
  return known.map(({ path, unit }) => `${path.padEnd(width)}  ${unit}`);
}
