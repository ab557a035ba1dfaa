import { CallEvaluatorError } from '../errors.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import type { AskMetrics } from './assess.ts';

/** Asks the API of a running call-evaluator. */
export function metricsApi(api: URL, token: string | undefined): AskMetrics {
  const calls = `${api.href.replace(/\/$/, '')}/v1/calls`;
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  return async (roomSid) => {
    const response = await fetch(`${calls}/${encodeURIComponent(roomSid)}`, { headers }).catch((error) => {
      const why = error.cause?.code ?? error.cause?.message ?? error.message;
      throw new CallEvaluatorError(
        'bad_option',
        `Nothing answers at ${calls} (${why}): is --api the address of a running server?`,
      );
    });
    if (response.ok) return (await response.json()) as CallMetrics;
    await response.body?.cancel();
    if (response.status === 404) return null;
    const fix =
      response.status === 401 || response.status === 403
        ? 'give it a token that may read, as CALL_EVALUATOR_TOKEN'
        : 'look at its log, or check the address after --api';
    throw new CallEvaluatorError('bad_option', `${calls} answered ${response.status}: ${fix}.`);
  };
}
