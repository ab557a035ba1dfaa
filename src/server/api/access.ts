/**
 * Who may read: whoever has the server's token, or a LiveKit access token that grants roomList (all calls) or roomAdmin
 * of one room (the calls of that room). Without a token and without keys: whoever sits at this machine.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Keys } from '../webhook/keys.ts';
import { grantsOf } from './accessToken.ts';
import { Problem } from './problem.ts';

/** Whom a request is answered to. */
export interface Reader {
  /** The only room, by name, whose calls it may read; null: it may read all. */
  room: string | null;
  /** Epoch ms: a stream ends then. */
  until: number;
}

export interface AccessOptions {
  /** The server's own token. */
  token: string | null;
  /** LiveKit's API keys. */
  keys: Keys;
}

/** @throws Problem `unauthorized` or `forbidden` */
export type Access = (request: Request) => Reader;

export const isProtected = ({ token, keys }: AccessOptions): boolean => token !== null || keys.size > 0;

export function access(options: AccessOptions): Access {
  return isProtected(options) ? byToken(options) : atThisMachine;
}

const digest = (text: string) => hash('sha256', text, 'buffer');

/** Is it the server's own token? Found in a time that tells nothing of it. */
export function tokenIs(token: string | null): (given: string) => boolean {
  const expected = token === null ? null : digest(token);
  return (given) => expected !== null && timingSafeEqual(digest(given), expected);
}

const FOREVER: Reader = { room: null, until: Number.POSITIVE_INFINITY };

function byToken({ token, keys }: AccessOptions): Access {
  const isToken = tokenIs(token);
  const accepted = [
    ...(token === null ? [] : ['CALL_EVALUATOR_TOKEN']),
    ...(keys.size === 0 ? [] : ['a LiveKit access token with roomList, or with roomAdmin of one room']),
  ].join(' or ');
  return ({ headers }) => {
    const given = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (given === undefined) throw unauthorized(`Send "Authorization: Bearer TOKEN", with ${accepted}.`);
    if (isToken(given)) return FOREVER;
    const grants = grantsOf(given, keys, Date.now());
    if (grants === null)
      throw unauthorized(`The token is not known here, or has expired. Send ${accepted}.`, ' error="invalid_token"');
    const { roomList, roomAdmin, room, until } = grants;
    if (roomList) return { room: null, until };
    if (roomAdmin && room !== null) return { room, until };
    throw new Problem(
      'forbidden',
      'The LiveKit token grants neither roomList nor roomAdmin of a room: make one that does.',
    );
  };
}

/**
 * The server listens on loopback then, but a tunnel or a proxy on this machine brings it requests of anybody, and so does
 * a web page by a name that it has resolve to 127.0.0.1. Both show in the request.
 */
function atThisMachine({ url, headers }: Request): Reader {
  const wasForwarded = BY_PROXIES.some((name) => headers.has(name));
  if (!wasForwarded && isLoopback(new URL(url).hostname)) return FOREVER;
  throw new Problem(
    'forbidden',
    'No token is set, so only http://localhost and http://127.0.0.1 are answered, without a proxy. Start the server with CALL_EVALUATOR_TOKEN to read from elsewhere.',
  );
}

const BY_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/** @param host a name, or an address with or without brackets */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

function unauthorized(detail: string, parameters = ''): Problem {
  return new Problem(
    'unauthorized',
    detail,
    {},
    { 'www-authenticate': `Bearer realm="call-evaluator"${parameters && `,${parameters}`}` },
  );
}
