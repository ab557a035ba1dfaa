import type { CallEvaluatorError, ErrorCode } from '../errors.ts';

export const EXIT = {
  understood: 0,
  notThere: 1,
  usage: 2,
  quarantined: 3,
  overBudget: 4,
  fault: 70,
  interrupted: 130,
} as const;

const NOT_THERE: readonly ErrorCode[] = ['unknown_room', 'unknown_path'];

export function exitCodeOf(error: CallEvaluatorError): number {
  return NOT_THERE.includes(error.code) ? EXIT.notThere : EXIT.usage;
}
