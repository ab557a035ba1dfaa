/** What LiveKit does with a webhook until it is delivered or given up (webhooks.md, 5; protocol: webhook/). */
export interface Rules {
  /** The pause before each further try, in ms. */
  pauses: readonly number[];
  /** With so many before it in its queue, a webhook is dropped. */
  longestQueue: number;
  /** At its turn, one that has waited longer is dropped; ms. */
  longestWait: number;
}

export const LIVEKIT: Rules = { pauses: [1000, 2000, 4000, 8000], longestQueue: 200, longestWait: 30_000 };

export type Answer =
  | {
      status: number;
      /** ms, where the server asks for it */
      retryAfter: number | null;
      /** ms from the request to the end of the answer; null: nobody looked at a clock */
      took: number | null;
    }
  | {
      status: null;
      why: string;
      /** The server took the request, and said nothing for so long that waiting on makes no sense. */
      hung?: boolean;
    };

/** What became of a webhook. */
export const OUTCOMES = ['delivered', 'lost', 'refused', 'gaveUp', 'queueFull', 'tooOld', 'unanswered'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const isDone = ({ status }: Answer): boolean => status !== null && status >= 200 && status < 300;

/**
 * Server errors and "too many", but not "not implemented"; any other 4xx is final. A redirect counts as refused here:
 * that LiveKit's client follows it is not verified (webhooks.md, 5), and this one does not.
 */
const mayPass = (status: number): boolean => status === 429 || (status >= 500 && status !== 501);
const saysWhen = (status: number): boolean => status === 429 || status === 503;

/** How long LiveKit waits before it asks again; null: it does not. */
export function pauseAfter(answer: Answer, tries: number, { pauses }: Rules): number | null {
  const pause = pauses[tries - 1];
  if (pause === undefined) return null;
  if (answer.status === null) return answer.hung ? null : pause;
  if (!mayPass(answer.status)) return null;
  return saysWhen(answer.status) && answer.retryAfter !== null ? answer.retryAfter : pause;
}

export function outcomeOf(last: Answer): Outcome {
  if (isDone(last)) return 'delivered';
  if (last.status === null) return last.hung ? 'unanswered' : 'gaveUp';
  return mayPass(last.status) ? 'gaveUp' : 'refused';
}
