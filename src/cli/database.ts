import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { CallEvaluatorError } from '../errors.ts';
import { CallEvaluator } from '../evaluator.ts';
import type { MetricFlags } from './metricOptions.ts';

export function addDatabaseOption(command: Command): Command {
  // No requiredOption: it would complain of what is missing before it names a misspelt --bd.
  return command.option('--db <file>', 'the database of calls (required)').hook('preAction', () => {
    if (command.opts().db === undefined) command.error('error: name the database: --db calls.db');
  });
}

export type DatabaseFlags = { db: string } & MetricFlags;

/** What of a command's flags is for the database and how its calls are measured, and what is the command's own. */
export function apart<Flags extends DatabaseFlags>(
  flags: Flags,
): { database: DatabaseFlags; own: Omit<Flags, keyof DatabaseFlags> } {
  const { db, noShowAfter, staleAfter, leftFirstGrace, phoneNumbers, neverSent, prices, ...own } = flags;
  return { database: { db, noShowAfter, staleAfter, leftFirstGrace, phoneNumbers, neverSent, prices }, own };
}

/** Opens the history for a command that reads it, and closes it whatever happens. A database that is not there is not made. */
export async function withDatabase<T>(
  { db, ...options }: DatabaseFlags,
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
