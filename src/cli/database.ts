import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { distance } from 'fastest-levenshtein';
import { CallEvaluatorError } from '../errors.ts';
import { CallEvaluator } from '../evaluator.ts';
import type { MetricFlags } from './metricOptions.ts';

export function addDatabaseOption(command: Command): Command {
  // No requiredOption: it would complain of what is missing before it names a misspelt --bd.
  return command.option('--db <file>', 'the database of calls (required)').hook('preAction', () => {
    if (command.opts().db === undefined) command.error('error: name the database: --db calls.db');
  });
}

/** Opens the history for a command that reads it, and closes it whatever happens. A database that is not there is not made. */
export async function withDatabase<T>(
  { db, ...options }: { db: string } & MetricFlags,
  work: (evaluator: CallEvaluator) => Promise<T>,
): Promise<T> {
  if (!existsSync(db)) {
    throw new CallEvaluatorError(
      'unreadable_input',
      `There is no database ${db}: check the path, or make it with "call-evaluator replay FILE --db ${db}".`,
    );
  }
  const evaluator = new CallEvaluator({ database: db, ...options });
  try {
    return await work(evaluator);
  } finally {
    await evaluator.close();
  }
}

/** What was asked of a room; a room that nothing is known of is an error, which names those that are spelt alike. */
export async function known<T>(evaluator: CallEvaluator, roomSid: string, answer: Promise<T | null>): Promise<T> {
  const found = await answer;
  if (found !== null) return found;
  const near = await nearestRooms(evaluator, roomSid);
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : '"call-evaluator calls" lists those that are.';
  throw new CallEvaluatorError('unknown_room', `No event of room ${roomSid} is stored. ${hint}`);
}

const NAMED = 3;

async function nearestRooms(evaluator: CallEvaluator, roomSid: string): Promise<string[]> {
  const calls = await evaluator.listCalls({ limit: 1000 });
  return calls
    .map((call) => ({ sid: call.roomSid, away: distance(call.roomSid, roomSid) }))
    .filter(({ away }) => away <= roomSid.length / 3)
    .sort((a, b) => a.away - b.away)
    .slice(0, NAMED)
    .map(({ sid }) => sid);
}
