import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keysFrom, secretOf } from '../../../src/server/webhook/keys.ts';
import { verify, verifyHmac, verifyToken } from '../../../src/server/webhook/verify.ts';
import { anyCharacter } from '../../anyCharacter.ts';
import { claimsOf, KEY, KEYS, SECRET, sign, tokenOf } from './signed.ts';

const NOW = 1_795_233_600;
const BODY = '{"event":"room_started", "room":{"sid":"RM_a"}, "id":"EV_a", "createdAt":"1795233600"}';
const BYTES = Buffer.from(BODY);
const HS256 = { alg: 'HS256', typ: 'JWT' };
const keys = keysFrom({ keys: { ...KEYS, APIold: 'the-secret-before-0123456789' } });
const claims = claimsOf(BODY, NOW);
const TOKEN = tokenOf(HS256, claims);

const check = (authorization: string | null, body: Uint8Array = BYTES, at = NOW) =>
  verify(authorization, body, keys, at * 1000);
const withClaims = (more: object) => check(tokenOf(HS256, { ...claims, ...more }));

describe('lets through', () => {
  const digest = createHash('sha256').update(BODY);
  const hex = digest.copy().digest();
  test.each([
    ['what LiveKit signs', TOKEN],
    ['the same after Bearer', `Bearer ${TOKEN}`],
    ['after bearer and more spaces', `bearer   ${TOKEN}`],
    ['a digest without padding', tokenOf(HS256, { ...claims, sha256: hex.toString('base64').replace('=', '') })],
    ['a digest in base64url', tokenOf(HS256, { ...claims, sha256: hex.toString('base64url') })],
    ['a digest in base64url with padding', tokenOf(HS256, { ...claims, sha256: `${hex.toString('base64url')}=` })],
    ['a token without nbf', tokenOf(HS256, { ...claims, nbf: undefined })],
    [
      'one with claims that we do not know',
      tokenOf(HS256, { ...claims, video: { roomList: true }, iat: NOW, sub: 'x' }),
    ],
  ])('%s', (_, authorization) => {
    expect(check(authorization)).toEqual({ ok: true, key: KEY });
  });

  test('what the SDK signs, by either of two keys', async () => {
    const now = Date.now() / 1000;
    expect(check(await sign(BODY), BYTES, now)).toEqual({ ok: true, key: KEY });
    const old = await sign(BODY, { key: 'APIold', secret: 'the-secret-before-0123456789' });
    expect(check(old, BYTES, now)).toEqual({ ok: true, key: 'APIold' });
  });

  test('clocks that are up to a minute apart', () => {
    expect(check(TOKEN, BYTES, NOW - 60)).toMatchObject({ ok: true });
    expect(check(TOKEN, BYTES, NOW + 300 + 59.9)).toMatchObject({ ok: true });
    expect(check(TOKEN, BYTES, NOW - 61)).toMatchObject({ ok: false, check: 'not_yet_valid' });
    expect(check(TOKEN, BYTES, NOW + 300 + 60)).toMatchObject({ ok: false, check: 'expired' });
  });
});

describe('refuses, and says by which check,', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head, middle, tail] = TOKEN.split('.') as [string, string, string];
  test.each<[string, string, string | null, string | null]>([
    ['no header', 'missing_header', null, null],
    ['an empty one', 'missing_header', '', null],
    ['two', 'several_headers', `${TOKEN}, ${TOKEN}`, null],
    ['Basic', 'malformed_token', 'Basic dXNlcjpwYXNz', null],
    ['two parts', 'malformed_token', `${head}.${middle}`, null],
    ['five parts', 'malformed_token', `${TOKEN}.a.b`, null],
    ['a header that is no JSON', 'malformed_token', `e30x.${middle}.${tail}`, null],
    ['claims that are a list', 'malformed_token', `${head}.${encoded([claims])}.${tail}`, null],
    ['claims that are null', 'malformed_token', `${head}.${encoded(null)}.${tail}`, null],
    ['absurd length', 'malformed_token', `${head}.${middle}${'A'.repeat(5_000)}.${tail}`, null],
    ['a line break', 'malformed_token', `${TOKEN}\n`, null],
    [
      'an extension that must be understood',
      'malformed_token',
      tokenOf({ ...HS256, crit: ['b64'], b64: false }, claims),
      null,
    ],
    ['no algorithm', 'algorithm', `${encoded({ alg: 'none' })}.${middle}.`, null],
    ['no algorithm, but a signature', 'algorithm', tokenOf({ alg: 'none' }, claims), null],
    ['nOnE', 'algorithm', `${encoded({ alg: 'nOnE' })}.${middle}.`, null],
    ['HS512, rightly signed', 'algorithm', tokenOf({ alg: 'HS512' }, claims, { hash: 'sha512' }), null],
    ['RS256', 'algorithm', tokenOf({ alg: 'RS256' }, claims), null],
    ['hs256', 'algorithm', tokenOf({ alg: 'hs256' }, claims), null],
    ['a list of algorithms', 'algorithm', tokenOf({ alg: ['HS256'] }, claims), null],
    ['no issuer', 'malformed_token', tokenOf(HS256, { ...claims, iss: undefined }), null],
    ['an issuer that is a name of Object', 'unknown_key', tokenOf(HS256, { ...claims, iss: '__proto__' }), null],
    ['another key’s secret', 'signature', tokenOf(HS256, { ...claims, iss: 'APIold' }), 'APIold'],
    ['no signature', 'signature', `${head}.${middle}.`, KEY],
    ['half a signature', 'signature', TOKEN.slice(0, -20), KEY],
    ['a signature with padding', 'malformed_token', `${TOKEN}=`, null],
    ['another spelling of the signature’s bytes', 'signature', TOKEN.slice(0, -1) + respelt(tail.at(-1)!), KEY],
  ])('%s: %s', (_, failed, authorization, key) => {
    expect(check(authorization)).toMatchObject({ ok: false, check: failed, key });
  });

  test('a key that is not ours, cut short', () => {
    expect(check(tokenOf(HS256, { ...claims, iss: 'x'.repeat(500) }))).toEqual({
      ok: false,
      check: 'unknown_key',
      key: null,
      unknownKey: 'x'.repeat(64),
    });
  });

  test('claims that make a token good for ever, or for any body', () => {
    for (const exp of [undefined, null, '1895233600', true])
      expect(withClaims({ exp })).toMatchObject({ check: 'no_expiry', key: KEY });
    for (const nbf of ['soon', null]) expect(withClaims({ nbf })).toMatchObject({ check: 'malformed_token' });
    for (const sha256 of [
      undefined,
      null,
      7,
      '',
      'AAAA',
      `${claims.sha256}=`,
      createHash('sha256').update(BODY).digest('hex'),
    ])
      expect(withClaims({ sha256 })).toMatchObject({ check: 'no_checksum', key: KEY });
  });

  test('another body', () => {
    for (const body of ['', '{}', '[object Object]', `${BODY} `, JSON.stringify(JSON.parse(BODY)), `\uFEFF${BODY}`])
      expect(check(TOKEN, Buffer.from(body))).toEqual({ ok: false, check: 'checksum', key: KEY });
  });

  /** The last of 43 characters has two bits that mean nothing. */
  function respelt(character: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return alphabet[alphabet.indexOf(character) ^ 1]!;
  }
});

test('when the first attempt was made', () => {
  expect(verifyToken(TOKEN, keys, NOW * 1000)).toMatchObject({ signedAt: NOW * 1000 });
  const bare = { ...claims, nbf: undefined };
  expect(verifyToken(tokenOf(HS256, { ...bare, iat: NOW - 1 }), keys, NOW * 1000)).toMatchObject({
    signedAt: (NOW - 1) * 1000,
  });
  expect(verifyToken(tokenOf(HS256, bare), keys, NOW * 1000)).toMatchObject({ signedAt: null });
});

describe('the second scheme', () => {
  const secrets = [secretOf('one'), secretOf('two')];
  const hmac = (secret: string) => createHmac('sha256', secret).update(BODY).digest('hex');
  test.each([
    ['the first secret', hmac('one'), { ok: true, key: null }],
    ['the second', hmac('two'), { ok: true, key: null }],
    ['capitals', hmac('two').toUpperCase(), { ok: true, key: null }],
    ['another secret', hmac('three'), { ok: false, check: 'signature', key: null }],
    ['base64', Buffer.from(hmac('one'), 'hex').toString('base64'), { ok: false, check: 'malformed_token', key: null }],
    ['two headers', `${hmac('one')},${hmac('two')}`, { ok: false, check: 'several_headers', key: null }],
  ])('%s', (_, signature, expected) => {
    expect(verifyHmac(signature, BYTES, secrets)).toEqual(expected);
  });
});

describe('however it is changed, it is no longer let through:', () => {
  /** One place of a text: another character put there, one taken out, or one put in. */
  const change = (text: string, characters: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.nat(text.length - 1), characters, fc.constantFrom('replace', 'remove', 'insert'))
      .map(
        ([at, character, how]) =>
          text.slice(0, at) + (how === 'remove' ? '' : character) + text.slice(at + (how === 'insert' ? 0 : 1)),
      );
  const urlSafe = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \t\0');
  const runs = { numRuns: 1_000 };

  test('the token', () => {
    fc.assert(
      fc.property(
        change(TOKEN, fc.oneof(urlSafe, fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }))),
        (changed) => {
          fc.pre(changed !== TOKEN);
          expect(check(changed).ok).toBe(false);
        },
      ),
      runs,
    );
  });

  test('its claims, signature kept', () => {
    const [head, , tail] = TOKEN.split('.');
    fc.assert(
      fc.property(
        fc.record({ exp: fc.integer(), iss: fc.constantFrom(KEY, 'APIold'), nbf: fc.integer(), sha256: fc.string() }),
        (other) => {
          const middle = Buffer.from(JSON.stringify({ ...claims, ...other })).toString('base64url');
          expect(check(`${head}.${middle}.${tail}`).ok).toBe(false);
        },
      ),
      runs,
    );
  });

  test('the body', () => {
    fc.assert(
      fc.property(change(BODY, fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 })), (changed) => {
        fc.pre(changed !== BODY);
        expect(check(TOKEN, Buffer.from(changed))).toMatchObject({ check: 'checksum' });
      }),
      runs,
    );
  });

  test('anything at all in its place; and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyCharacter }),
          fc.array(fc.base64String(), { maxLength: 4 }).map((parts) => parts.join('.')),
        ),
        (any) => {
          expect(check(any).ok).toBe(false);
        },
      ),
      runs,
    );
  });

  test('header and claims of any JSON, rightly signed, throw nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (alg, claimed) => {
        expect(check(tokenOf({ alg }, claimed as object)).ok).toBe(false);
        expect(check(tokenOf(HS256, { ...claims, ...(claimed as object), sha256: alg })).ok).toBe(false);
      }),
      runs,
    );
  });

  test('a token of the same claims by any other secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (secret) => {
        fc.pre(secret !== SECRET);
        expect(check(tokenOf(HS256, claims, { secret }))).toMatchObject({ check: 'signature' });
      }),
      runs,
    );
  });
});
