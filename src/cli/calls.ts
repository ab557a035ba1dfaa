import type { Command } from 'commander';
import { LEGEND } from '../report/callTable.ts';
import { count } from './arguments.ts';
import { CALL_LISTS, type CallListFormat, callListOption } from './callList.ts';
import { addDatabaseOption, withDatabase } from './database.ts';
import { Output } from './output.ts';

const PAGE = 100;

export function addCalls(program: Command): void {
  const command = program
    .command('calls')
    .summary('list the calls of a database')
    .description('Lists the calls of a database, oldest first.')
    .option('--limit <n>', 'at most so many', count, Number.POSITIVE_INFINITY)
    .addOption(callListOption())
    .addHelpText('after', `\n${LEGEND}`);
  addDatabaseOption(command).action(calls);
}

async function calls({ db, limit, format }: { db: string; limit: number; format: CallListFormat }): Promise<void> {
  const output = new Output();
  const list = CALL_LISTS[format](output);
  await withDatabase({ db }, async (evaluator) => {
    let left = limit;
    let page = await evaluator.listCalls({ limit: Math.min(PAGE, left) });
    while (page.length > 0) {
      for (const { metrics } of page) await list.add(JSON.stringify(metrics));
      left -= page.length;
      page = left > 0 ? await evaluator.listCalls({ limit: Math.min(PAGE, left), after: page.at(-1)! }) : [];
    }
  });
  list.end();
  await output.flush();
}
