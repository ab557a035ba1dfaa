/** Webhooks as LiveKit sends them, signed by its own SDK, and what forgers make of them. */
import { createHash, createHmac } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';

export const KEY = 'APIpRZVjmBqF4Lu';
export const SECRET = 'invented-secret-for-tests-only-0123456789';
export const KEYS = { [KEY]: SECRET };

export interface Sent {
  authorization: string | string[] | undefined;
  body: string;
}
export interface Signing {
  key?: string;
  secret?: string;
  /** Seconds until it expires. */
  ttl?: number;
  /** What is put in the place of the body's digest. */
  sha256?: string;
}

export async function sign(body: string, { key = KEY, secret = SECRET, ttl = 300, sha256 }: Signing = {}) {
  const token = new AccessToken(key, secret, { ttl });
  token.sha256 = sha256 ?? createHash('sha256').update(body).digest('base64');
  return token.toJwt();
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of any header and claims, rightly signed with the secret. */
export function tokenOf(header: object, claims: object, { secret = SECRET, hash = 'sha256' } = {}): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** What LiveKit claims of this body at this instant, epoch s. */
export function claimsOf(body: string | Uint8Array, now: number) {
  return { exp: now + 300, iss: KEY, nbf: now, sha256: createHash('sha256').update(body).digest('base64') };
}

let sequence = 0;
/** A webhook that was never sent before. */
export function webhook(): string {
  const room = { sid: `RM_${++sequence}`, name: 'support', creationTime: '1795233600' };
  return JSON.stringify({ event: 'room_started', room, id: `EV_${sequence}`, createdAt: '1795233600' });
}

export async function good(body = webhook()): Promise<Sent> {
  return { authorization: await sign(body), body };
}

/** What must be refused everywhere, by the check that it fails. */
export const FORGERIES: [what: string, check: string, make: (body: string) => Promise<Sent>][] = [
  [
    'a wrong secret',
    'signature',
    async (body) => ({ authorization: await sign(body, { secret: 'guessed'.repeat(6) }), body }),
  ],
  [
    'a key that is not ours',
    'unknown_key',
    async (body) => ({ authorization: await sign(body, { key: 'APIother' }), body }),
  ],
  ['a token that has expired', 'expired', async (body) => ({ authorization: await sign(body, { ttl: -120 }), body })],
  ['another body than was signed', 'checksum', async (body) => ({ authorization: await sign(body), body: `${body} ` })],
  [
    'alg none',
    'algorithm',
    async (body) => ({
      authorization: `${part({ alg: 'none' })}.${part(claimsOf(body, Date.now() / 1000))}.`,
      body,
    }),
  ],
  [
    'HS512',
    'algorithm',
    async (body) => ({
      authorization: tokenOf({ alg: 'HS512' }, claimsOf(body, Date.now() / 1000), { hash: 'sha512' }),
      body,
    }),
  ],
  ['no header', 'missing_header', async (body) => ({ authorization: undefined, body })],
  [
    'two headers, both of them right',
    'several_headers',
    async (body) => ({ authorization: [await sign(body), await sign(body)], body }),
  ],
];
