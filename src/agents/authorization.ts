/** The header that lets a report in. A LiveKit token is made by hand: livekit-server-sdk takes longer to load than to use. */
import { createHmac } from 'node:crypto';
import type { Settings } from './options.ts';

/** Also for a clock that goes a little wrong; a request takes ten seconds at most. */
const GOOD_FOR_S = 600;

/** The same as agents make for their own uploads (agent-telemetry.md, 3.3). */
export function authorization(by: Settings['authorization'], nowMs: number): string {
  if ('token' in by) return `Bearer ${by.token}`;
  const exp = Math.floor(nowMs / 1000) + GOOD_FOR_S;
  const said = [
    { alg: 'HS256', typ: 'JWT' },
    { iss: by.apiKey, exp, observability: { write: true } },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `Bearer ${said}.${createHmac('sha256', by.apiSecret).update(said).digest('base64url')}`;
}
