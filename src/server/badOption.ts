import { closest } from 'fastest-levenshtein';
import type { z } from 'zod';
import { CallEvaluatorError } from '../errors.ts';

/** What is wrong with an option of the server. Of its value nothing is said: it may be a secret. */
export function badOption(issue: z.core.$ZodIssue, { shape }: z.ZodObject): CallEvaluatorError {
  if (issue.code !== 'unrecognized_keys')
    return new CallEvaluatorError('bad_option', `Option ${issue.path.join('.') || '(options)'}: ${issue.message}.`);
  const key = issue.keys[0]!;
  return new CallEvaluatorError(
    'bad_option',
    `Unknown option ${key}. Did you mean ${closest(key, Object.keys(shape))}?`,
  );
}
