/** Options of attach(). */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentJob } from './liveKitAgents.ts';

/** Durations in seconds. */
export interface AttachOptions {
  /** Where `call-evaluator serve` listens; CALL_EVALUATOR_URL by default. */
  url?: string;
  /**
   * CALL_EVALUATOR_TOKEN by default. Without one the key that the agent has anyway signs a token for each request: that of
   * its worker, or LIVEKIT_API_KEY and LIVEKIT_API_SECRET.
   */
  token?: string;
  /** Sends what was said as well, and the arguments and results of tools. false by default: then no word leaves the process. */
  conversationText?: boolean;
  /** How often it sends what is new: 5. */
  every?: number;
  /** How long the end of the session may take to send the rest: 5. */
  flushWithin?: number;
  /** Where is kept what a server that was away did not get: `call-evaluator-spool` among the temporary files. */
  spoolDir?: string;
  /** Is told what keeps reports from arriving, once until it is mended; console.warn by default. */
  warn?: (message: string) => void;
}

export interface Settings {
  /** Of the route. */
  url: string;
  authorization: Token | KeyPair;
  conversationText: boolean;
  everyMs: number;
  flushWithinMs: number;
  spoolDir: string;
}
export interface Token {
  token: string;
}
export interface KeyPair {
  apiKey: string;
  apiSecret: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns a text: why nothing can be sent */
export function settingsFrom(options: AttachOptions, worker: AgentJob['info'], env: Environment): Settings | string {
  const url = options.url ?? env.CALL_EVALUATOR_URL;
  if (!url) return 'Nothing is reported: set CALL_EVALUATOR_URL, the address of call-evaluator serve.';
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    return `Nothing is reported: ${url} is no address, such as https://calls.example.com.`;
  const authorization = authorizationFrom(options, worker, env);
  if (!authorization)
    return 'Nothing is reported: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET as call-evaluator serve has them, or CALL_EVALUATOR_TOKEN.';
  return {
    url: `${url.replace(/\/+$/, '')}/v1/reports`,
    authorization,
    conversationText: options.conversationText === true,
    everyMs: milliseconds(options.every, 5),
    flushWithinMs: milliseconds(options.flushWithin, 5),
    spoolDir: options.spoolDir ?? join(tmpdir(), 'call-evaluator-spool'),
  };
}

function authorizationFrom({ token }: AttachOptions, worker: AgentJob['info'], env: Environment) {
  const given = token ?? env.CALL_EVALUATOR_TOKEN;
  if (given) return { token: given };
  const apiKey = worker?.apiKey || env.LIVEKIT_API_KEY;
  const apiSecret = worker?.apiSecret || env.LIVEKIT_API_SECRET;
  return apiKey && apiSecret ? { apiKey, apiSecret } : null;
}

/** A timer takes what is no number for 1 ms, and what is too long as well. */
function milliseconds(seconds: number | undefined, usual: number): number {
  return 1000 * (seconds !== undefined && seconds > 0 && seconds <= 3600 ? seconds : usual);
}
