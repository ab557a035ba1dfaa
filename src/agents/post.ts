/** One report to the server. */
import { authorization } from './authorization.ts';
import type { Settings } from './options.ts';

/** `refused`: it will never be taken. `later`: it may be, and until then it is kept. */
export type Answer = { kind: 'taken' } | { kind: 'refused' | 'later'; why: string };
export type Post = (report: string, signal: AbortSignal) => Promise<Answer>;

const PATIENCE_MS = 10_000;
/** It is the report itself that is not understood; all else can be mended where the server is, or its address. */
const HOPELESS = new Set([400, 413, 415, 422]);
const LONGEST_WHY = 400;

/** @returns a function that never rejects */
export function poster({ url, authorization: by }: Pick<Settings, 'url' | 'authorization'>): Post {
  return async (report, signal) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: report,
        headers: { 'content-type': 'application/json', authorization: authorization(by, Date.now()) },
        redirect: 'manual', // followed, a POST may become a GET
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
      const { status } = response;
      const said = await response.text();
      if (response.ok) return { kind: 'taken' };
      const why = `${url} answered ${status}. ${detailOf(said)}`.trim();
      return { kind: HOPELESS.has(status) ? 'refused' : 'later', why };
    } catch (error) {
      return { kind: 'later', why: `${url} did not answer: ${reasonOf(error)}.` };
    }
  };
}

/** The server's errors are problem documents, whose detail says what to do. */
function detailOf(said: string): string {
  try {
    return String(JSON.parse(said).detail ?? '').slice(0, LONGEST_WHY);
  } catch {
    return '';
  }
}

/** fetch() says no more than "fetch failed"; what failed stands in its cause. */
function reasonOf(error: unknown): string {
  const { name, cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `not within ${PATIENCE_MS / 1000} s`;
  return cause?.code ?? cause?.message ?? message;
}
