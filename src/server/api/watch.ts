import type { CallEvaluator } from '../../evaluator.ts';
import { Watchdog, type WatchdogOptions } from '../watch/watchdog.ts';
import type { Log } from './options.ts';

/** A watchdog that barks into the log. */
export function watch(evaluator: CallEvaluator, log: Log, asking: WatchdogOptions['asking']): Watchdog {
  const watchdog = new Watchdog(evaluator, {
    // no detail: it may name rooms
    onChange({ code, since }, ended) {
      const fields = { code, since: new Date(since).toISOString() };
      if (ended) log.info(fields, 'as it should be again');
      else log.warn(fields, 'not as it should be: /v1/ingest says more');
    },
    ...(asking && { asking }),
    onFailure: (err) => log.error({ err }, 'the watchdog could not look'),
  });
  watchdog.start();
  return watchdog;
}
