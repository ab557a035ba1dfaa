import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface ApiKey {
  key: string;
  secret: KeyObject;
}

export function apiKey(key: string, secret: string): ApiKey {
  return { key, secret: createSecretKey(Buffer.from(secret)) };
}

const LIFE_S = 5 * 60;
const HEADER = part({ alg: 'HS256', typ: 'JWT' });

/** What LiveKit sends as `Authorization`, without any "Bearer": a token that vouches for these bytes (webhooks.md, 1). */
export function webhookToken(body: string, { key, secret }: ApiKey, nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  const claims = { iss: key, iat: now, nbf: now, exp: now + LIFE_S, sha256: hash('sha256', body, 'base64') };
  const signed = `${HEADER}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
