import { type Command, Option } from 'commander';
import { CALL_SORTS, CALL_STATUSES, type CallQuery } from '../callQuery.ts';
import { END_REASON_CLASSES } from '../metrics/endReason.ts';
import { LEGEND } from '../report/callTable.ts';
import { cut } from '../report/cell.ts';
import { count, instant } from './arguments.ts';
import { CALL_LISTS, type CallListFormat, callListOption } from './callList.ts';
import { addDatabaseOption, withDatabase } from './database.ts';
import { addExamples } from './examples.ts';
import { Output } from './output.ts';

const PAGE = 100;
/** In another order than the store's, every page is a walk through all calls: few large ones, then. */
const SORTED_PAGE = 10_000;

export function addCalls(program: Command): void {
  const command = program
    .command('calls')
    .summary('list the calls of a database')
    .description('Lists the calls of a database, oldest first; all of them, or those that are asked for.')
    .option('--limit <n>', 'at most so many', count)
    .option('--room <pattern>', 'calls in rooms of such names; * stands for anything')
    .option('--agent <pattern>', 'calls with an agent of such a name or identity')
    .option('--since <instant>', 'calls that began then or later, also in epoch ms', instant)
    .option('--until <instant>', 'calls that began before', instant)
    .addOption(new Option('--status <status...>', 'only such calls').choices(CALL_STATUSES))
    .addOption(new Option('--end-reason <class...>', 'calls that ended so').choices(END_REASON_CLASSES))
    .addOption(new Option('--sort <by>', 'what comes first; - turns it round').choices(CALL_SORTS).default('startedAt'))
    .addOption(callListOption())
    .addHelpText('after', `\n${LEGEND}`);
  addDatabaseOption(command).action(calls);
  addExamples(
    command,
    'calls --db calls.db',
    'calls --db calls.db --sort=-startedAt --limit 20                           the latest twenty',
    "calls --db calls.db --room 'support-*' --since 2026-10-01 --status finished",
    'calls --db calls.db --format ndjson | jq .duration',
  );
}

interface CallsOptions extends Omit<CallQuery, 'after'> {
  db: string;
  format: CallListFormat;
}

async function calls({ db, format, limit = Number.POSITIVE_INFINITY, ...query }: CallsOptions): Promise<void> {
  const output = new Output();
  const asked = Object.keys(query).some((key) => key !== 'sort');
  const nothing = `No ${asked ? 'such ' : ''}calls in ${cut(db, 400)}.`;
  const list = CALL_LISTS[format]({ output, sids: true, nothing, say: console.error });
  await withDatabase({ db }, async (evaluator) => {
    const most = query.sort?.endsWith('startedAt') ? PAGE : SORTED_PAGE;
    let left = limit;
    let after: string | undefined;
    do {
      const { calls, next } = await evaluator.listCalls({ ...query, limit: Math.min(most, left), after });
      for (const { metrics } of calls) await list.add(JSON.stringify(metrics));
      left -= calls.length;
      after = next ?? undefined;
    } while (after !== undefined && left > 0);
  });
  list.end();
  await output.flush();
}
