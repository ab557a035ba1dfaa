import { type Command, Option } from 'commander';
import { CALL_SORTS, type CallSort } from '../callQuery.ts';
import { LEGEND } from '../report/callTable.ts';
import { cut } from '../report/cell.ts';
import { count } from './arguments.ts';
import { addCallFilter, type CallFilter } from './callFilter.ts';
import { CALL_LISTS, type CallListFormat, callListOption } from './callList.ts';
import { callPages } from './callPages.ts';
import { addDatabaseOption, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { Output } from './output.ts';

export function addCalls(program: Command): void {
  const command = program
    .command('calls')
    .summary('list the calls of a database')
    .description('Lists the calls of a database, oldest first; all of them, or those that are asked for.')
    .option('--limit <n>', 'at most so many', count)
    .addOption(new Option('--sort <by>', 'what comes first; - turns it round').choices(CALL_SORTS).default('startedAt'))
    .addOption(callListOption())
    .addHelpText('after', `\n${LEGEND}`);
  addDatabaseOption(addCallFilter(command)).action(calls);
  addExamples(
    command,
    'calls --db calls.db',
    'calls --db calls.db --sort=-startedAt --limit 20                           the latest twenty',
    "calls --db calls.db --room 'support-*' --since 2026-10-01 --status finished",
    'calls --db calls.db --format ndjson | jq .duration',
  );
}

interface CallsOptions extends CallFilter {
  db: string;
  format: CallListFormat;
  limit?: number;
  sort: CallSort;
}

async function calls({ db, format, limit, ...query }: CallsOptions): Promise<void> {
  const output = new Output();
  const asked = Object.keys(query).some((key) => key !== 'sort');
  const nothing = `No ${asked ? 'such ' : ''}calls in ${cut(db, 400)}.`;
  const list = CALL_LISTS[format]({ output, sids: true, nothing, say: console.error });
  await withDatabase({ db }, async (evaluator) => {
    for await (const page of callPages(evaluator, { ...query, limit }))
      for (const { metrics } of page.calls) await list.add(JSON.stringify(metrics));
  });
  list.end();
  await output.flush();
}
