import { CallEvaluatorError } from '../errors.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/** The store that a `database` option names. The one place that knows the drivers. */
export function openStore(database: string): Store {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 22)
    throw new CallEvaluatorError(
      'store_failed',
      `call-evaluator needs Node.js 22.18 or later (this is ${process.version}, on which its SQLite crashes): update Node.js.`,
    );
  return openSqlite({ file: database });
}
