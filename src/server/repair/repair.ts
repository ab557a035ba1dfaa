import { CallEvaluatorError } from '../../errors.ts';
import type { CallEvaluator } from '../../evaluator.ts';
import type { Log } from '../api/options.ts';
import type { Keys } from '../webhook/keys.ts';
import { liveKitApi } from './liveKitApi.ts';
import { Reconciler } from './reconciler.ts';

interface Repair {
  /** Of LiveKit's server. */
  url: string;
  /** The first one asks. */
  keys: Keys;
  log: Log;
  /** How far LiveKit's clock is ahead of ours, ms. */
  ahead: () => number;
}

const COULD_NOT_ASK =
  'LiveKit could not be asked about rooms, and is asked again in a minute: if this stays, check the address given to --reconcile, and that the API key is one of that server';

/**
 * A reconciler at work, which tells the log.
 * @throws CallEvaluatorError `bad_option`
 */
export function repair(evaluator: CallEvaluator, { url, keys, log, ahead }: Repair): Reconciler {
  const [first] = keys;
  if (first === undefined)
    throw new CallEvaluatorError(
      'bad_option',
      'To ask LiveKit about rooms takes an API key: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET.',
    );
  const [key, secret] = first;
  const reconciler = new Reconciler(evaluator, {
    api: liveKitApi(url, key, secret.export().toString()),
    liveKitNow: () => Date.now() + ahead(),
    onAnswer: ({ roomSid, why, exists }) => log.info({ roomSid, why, exists }, 'asked LiveKit about a room'),
    onFailure: (err) => log.warn({ err }, COULD_NOT_ASK),
  });
  reconciler.start();
  return reconciler;
}
