/**
 * Who may upload: whoever holds one of LiveKit's API keys and says so in a token with `observability.write`, as every agent
 * does; or has the server's own token. All of it is known before a byte of the body is read.
 */
import { tokenIs } from '../api/access.ts';
import type { Keys } from '../webhook/keys.ts';
import { type Check, type Refused, verifySigned } from '../webhook/verify.ts';
import type { UploadKind } from './routes.ts';

export type UploadCheck = Check | 'no_credentials' | 'no_grant' | 'wrong_token';
export type Header = (name: string) => string | undefined;

export interface UploadAccessOptions {
  token: string | null;
  keys: Keys;
  now: () => number;
}

/** @returns null: it may */
export type UploadAccess = (kind: UploadKind, header: Header) => Refused<UploadCheck> | null;

export function uploadAccess({ token, keys, now }: UploadAccessOptions): UploadAccess {
  const isToken = tokenIs(token);
  return (kind, header) => {
    if (token === null && keys.size === 0) return refused('no_credentials');
    const given = kind === 'evals' ? header('x-api-key') : bearer(header('authorization'));
    if (!given) return refused('missing_header');
    if (isToken(given)) return null;
    if (kind === 'evals') return refused('wrong_token'); // livekit-evals signs nothing
    const signed = verifySigned(given, keys, now());
    if (!signed.ok) return signed;
    const { observability } = signed.claims as { observability?: { write?: unknown } | null };
    return observability?.write === true ? null : refused('no_grant', signed.key);
  };
}

const bearer = (authorization = '') => /^Bearer +(\S+)$/i.exec(authorization)?.[1];

function refused(check: UploadCheck, key: string | null = null): Refused<UploadCheck> {
  return { ok: false, check, key };
}
