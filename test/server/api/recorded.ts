/** An API over what the recordings in fixtures/ hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { CallEvaluatorOptions } from '../../../src/options.ts';
import { type CallApi, createApi } from '../../../src/server/api/api.ts';
import type { LiveLimits } from '../../../src/server/api/liveStreams.ts';
import type { ApiOptions } from '../../../src/server/api/options.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
export const RECORDINGS = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.slice(0, -'.ndjson'.length));

export const KEY = 'APIreader';
export const SECRET = 'invented-secret-for-tests-only-0123456789';
export const TOKEN = 'invented-token-for-tests-only';

export function linesOf(recording: string): string[] {
  const lines = readFileSync(join(FIXTURES, `${recording}.ndjson`), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '');
}

const opened: { evaluator: CallEvaluator; api: CallApi }[] = [];

export async function recorded(
  recordings: readonly string[] = RECORDINGS,
  options: ApiOptions = {},
  limits: Partial<LiveLimits> = {},
  evaluatorOptions: CallEvaluatorOptions = {},
) {
  const evaluator = new CallEvaluator(evaluatorOptions);
  const api = createApi(evaluator, { env: {}, ...options }, limits);
  opened.push({ evaluator, api });
  for (const recording of recordings) await evaluator.processEvents(linesOf(recording));
  return { evaluator, api, get: asker(api) };
}

export async function closeAll(): Promise<void> {
  for (const { evaluator, api } of opened.splice(0)) {
    api.close();
    await evaluator.close();
  }
}

export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, the test says
  body: any;
}

function asker({ fetch }: CallApi) {
  return async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answered> => {
    const response = await fetch(new Request(`http://localhost:8787${path}`, { method, headers }));
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && method !== 'HEAD' ? await response.json() : await response.text(),
    };
  };
}

export async function liveKitToken(
  grant: VideoGrant,
  { key = KEY, secret = SECRET, ttl = 600 }: { key?: string; secret?: string; ttl?: number } = {},
): Promise<{ authorization: string }> {
  const token = new AccessToken(key, secret, { identity: 'reader', ttl });
  token.addGrant(grant);
  return { authorization: `Bearer ${await token.toJwt()}` };
}

/** A call of one person, from its beginning to its end. */
export function callOf(sid: string, name: string, at = 1_795_233_600): object[] {
  const room = { sid, name, creationTime: String(at) };
  const participant = { sid: `PA_${sid}`, identity: 'ana', kind: 'STANDARD', joinedAt: String(at + 1) };
  const event = (event: string, seconds: number, more = {}) => ({
    event,
    id: `EV_${sid}_${event}`,
    createdAt: String(at + seconds),
    room,
    ...more,
  });
  return [
    event('room_started', 0),
    event('participant_joined', 1, { participant }),
    event('participant_left', 21, { participant: { ...participant, disconnectReason: 'CLIENT_INITIATED' } }),
    event('room_finished', 41),
  ];
}
