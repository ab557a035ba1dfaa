/** A user's functions, asked of each call and each person: what they throw or answer wrongly must not take metrics down. */
import { types } from 'node:util';
import { shown } from './arguments.ts';
import { CallEvaluatorError } from './errors.ts';
import { problemOf } from './incoming.ts';

interface Question<Answer> {
  option: string;
  /** What it should answer, for people. */
  expected: string;
  isAnswer(answer: unknown): answer is Answer;
}

/** Answers undefined, "I do not know", where `ask` throws, returns a promise or nonsense; it is warned of once. */
export function guarded<Asked extends unknown[], Answer>(
  ask: (...asked: Asked) => unknown,
  { option, expected, isAnswer }: Question<Answer>,
): (...asked: Asked) => Answer | undefined {
  let warned = false;
  return (...asked) => {
    let did: string;
    try {
      const answer = ask(...asked);
      if (answer === undefined || answer === null) return undefined;
      if (isAnswer(answer)) return answer;
      did = `returned ${shown(answer)}`;
      if (types.isPromise(answer)) answer.catch(() => {}); // nobody else will look at it
    } catch (error) {
      did = `threw: ${problemOf(error)}`;
    }
    if (!warned) process.emitWarning(`Option ${option}: it ${did}. Expected ${expected}. That counts as undefined.`);
    warned = true;
    return undefined;
  };
}

/** Farther than this from 1970 there is no Date. */
const LAST_INSTANT = 8.64e15;

export function guardedClock(clock: () => unknown): () => number {
  return () => {
    let did: string;
    let cause: unknown;
    try {
      const now = clock();
      if (typeof now === 'number' && Math.abs(now) <= LAST_INSTANT) return Math.trunc(now);
      did = `returned ${shown(now)}`;
    } catch (error) {
      did = `threw: ${problemOf(error)}`;
      cause = error;
    }
    throw new CallEvaluatorError(
      'bad_option',
      `Option clock: expected epoch milliseconds of it, such as Date.now() gives; it ${did}.`,
      { cause },
    );
  };
}
