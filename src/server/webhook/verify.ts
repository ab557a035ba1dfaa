/**
 * Is this LiveKit's? `Authorization` is a token whose `sha256` is the digest of the body's bytes. Stricter than LiveKit's
 * own receivers: docs/decisions/05-verify.md. Pure; what is said of a token before its signature was checked is only its
 * word for it.
 */
import { createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Keys } from './keys.ts';

/** What a request was refused for. The first check that fails, in this order. */
export type Check =
  | 'missing_header'
  | 'several_headers'
  | 'malformed_token'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'no_expiry'
  | 'expired'
  | 'not_yet_valid'
  | 'no_checksum'
  | 'checksum';

export interface Refused<Of extends string = Check> {
  ok: false;
  check: Of;
  /** The API key that the token names, where it is one of ours. */
  key: string | null;
  /** What the token names instead, cut short. */
  unknownKey?: string;
}
export interface Verified {
  ok: true;
  /** null: signed by the second scheme, which names no key. */
  key: string | null;
}
/** A token that the holder of a key signed for now, whatever it is for. */
export interface Signed {
  ok: true;
  key: string;
  claims: Claims & { exp: number; nbf?: number };
}
type Claims = { [name: string]: unknown };

/** A webhook's token that is right; the body has still to be compared. */
export interface Vouched {
  ok: true;
  key: string;
  /** The 32 bytes of the SHA-256 of the body that was signed. */
  sha256: Uint8Array;
  /** Epoch ms; a retry repeats the token, so it is when the first attempt was made. */
  signedAt: number | null;
}

/** How far LiveKit's clock may be from ours. */
export const LEEWAY_MS = 60_000;
/** LiveKit's tokens have 270 characters; with every grant there is a few hundred more. */
const LONGEST_TOKEN = 4_096;
const LONGEST_KEY_SHOWN = 64;

const BEARER = /^bearer +/i;
/** The signature may be missing (`alg: none`): that is told by its algorithm. */
const TOKEN = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;
/** 32 bytes in base64 or base64url, padded or not. */
const DIGEST = /^[\w+/-]{43}=?$/;
const HEX_DIGEST = /^[\da-f]{64}$/i;

export function verify(authorization: string | null, body: Uint8Array, keys: Keys, nowMs: number): Verified | Refused {
  const token = verifyToken(authorization, keys, nowMs);
  return token.ok ? verifyBody(token, body) : token;
}

/**
 * All that can be said before the body is there, so that a stranger's is never read.
 * @param authorization the header; what came more than once is joined by commas, as HTTP has it
 */
export function verifyToken(authorization: string | null, keys: Keys, nowMs: number): Vouched | Refused {
  if (authorization === null || authorization === '') return refused('missing_header');
  if (authorization.includes(',')) return refused('several_headers');
  const signed = verifySigned(authorization.replace(BEARER, ''), keys, nowMs);
  if (!signed.ok) return signed;
  const { key, claims } = signed;
  const { sha256, nbf, iat } = claims;
  if (typeof sha256 !== 'string' || !DIGEST.test(sha256)) return refused('no_checksum', key);
  const seconds = nbf ?? (isInstant(iat) ? iat : null);
  return {
    ok: true,
    key,
    sha256: Buffer.from(sha256, 'base64'), // reads base64url as well
    signedAt: seconds === null ? null : seconds * 1000,
  };
}

/** Any token of LiveKit's, also one that grants access: form, algorithm, key, signature, time. */
export function verifySigned(token: string, keys: Keys, nowMs: number): Signed | Refused {
  const parts = token.length <= LONGEST_TOKEN ? TOKEN.exec(token) : null;
  const header = parts && jsonOf(parts[1]!);
  const claims = parts && jsonOf(parts[2]!);
  // `crit` names extensions without which a token must not be understood; we know none
  if (!header || !claims || header.crit !== undefined) return refused('malformed_token');
  if (header.alg !== 'HS256') return refused('algorithm');
  const key = claims.iss;
  if (typeof key !== 'string') return refused('malformed_token');
  const secret = keys.get(key);
  if (secret === undefined) return { ...refused('unknown_key'), unknownKey: key.slice(0, LONGEST_KEY_SHOWN) };

  // compared as text, which has one spelling; its bytes have several
  const signature = createHmac('sha256', secret).update(`${parts![1]}.${parts![2]}`).digest('base64url');
  if (!sameText(signature, parts![3]!)) return refused('signature', key);

  const { exp, nbf } = claims;
  if (!isInstant(exp)) return refused('no_expiry', key);
  if (nowMs >= exp * 1000 + LEEWAY_MS) return refused('expired', key);
  if (nbf !== undefined && !isInstant(nbf)) return refused('malformed_token', key);
  if (nbf !== undefined && nowMs < nbf * 1000 - LEEWAY_MS) return refused('not_yet_valid', key);
  return { ok: true, key, claims: claims as Signed['claims'] };
}

export function verifyBody({ key, sha256 }: Vouched, body: Uint8Array): Verified | Refused {
  return timingSafeEqual(hash('sha256', body, 'buffer'), sha256) ? { ok: true, key } : refused('checksum', key);
}

/**
 * The second scheme, not LiveKit's: `X-LiveKit-Signature`, the hex HMAC-SHA256 of the body. It names no key, so all
 * secrets are tried; it has no time, so a captured request is good for ever.
 */
export function verifyHmac(signature: string, body: Uint8Array, secrets: readonly KeyObject[]): Verified | Refused {
  if (signature.includes(',')) return refused('several_headers');
  if (!HEX_DIGEST.test(signature)) return refused('malformed_token');
  const given = Buffer.from(signature, 'hex');
  const right = secrets.some((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given));
  return right ? { ok: true, key: null } : refused('signature');
}

function refused(check: Check, key: string | null = null): Refused {
  return { ok: false, check, key };
}

function jsonOf(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** In a time that tells nothing of where they differ. */
function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
