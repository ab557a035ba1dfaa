/** Who may upload, found before the body is read. */
import { describe, expect, test } from 'vitest';
import { KEY, tokenOf } from '../webhook/signed.ts';
import { agentToken, TOKEN, uploading } from './uploading.ts';

const LOGS = '/observability/logs/otlp/v0';
const EVALS = '/webhooks/obs/livekit';
const now = Math.floor(Date.now() / 1000);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const claims = { iss: KEY, exp: now + 300, observability: { write: true } };

describe('is refused', () => {
  test.each([
    ['no header', 'missing_header', { authorization: undefined }],
    ['no bearer', 'missing_header', { authorization: agentToken() }],
    ['nonsense', 'malformed_token', bearer('nonsense')],
    ['a wrong secret', 'signature', bearer(agentToken({}, 'guessed'.repeat(6)))],
    ['a key that is not ours', 'unknown_key', bearer(agentToken({ iss: 'APIother' }))],
    ['HS512', 'algorithm', bearer(tokenOf({ alg: 'HS512' }, claims, { hash: 'sha512' }))],
    ['a token that has expired', 'expired', bearer(agentToken({ exp: now - 120 }))],
    ['a token without end', 'no_expiry', bearer(agentToken({ exp: undefined }))],
    ['a token of tomorrow', 'not_yet_valid', bearer(agentToken({ nbf: now + 86_400 }))],
    ['a token to join a room', 'no_grant', bearer(agentToken({ observability: undefined, video: { roomJoin: true } }))],
    ['a grant that is no true', 'no_grant', bearer(agentToken({ observability: { write: 'true' } }))],
    ['null for a grant', 'no_grant', bearer(agentToken({ observability: null }))],
    ['almost the token', 'malformed_token', bearer(`${TOKEN}x`)],
    ['the key of evals elsewhere', 'missing_header', { authorization: undefined, 'x-api-key': TOKEN }],
  ])('%s: %s', async (_, check, headers) => {
    const { post, taken, counts } = await uploading();
    const answer = await post(LOGS, { headers, body: '{"resourceLogs":[]}' });
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
      json: { check, type: 'urn:problem:call-evaluator:not-verified', detail: expect.any(String) },
    });
    expect(answer.bytes.toString()).not.toMatch(/recording is disabled|disabled by owner/i);
    expect(taken).toEqual([]);
    expect([...counts.all]).toEqual([{ kind: 'logs', outcome: 'not-verified', count: 1 }]);
  });

  test.each([
    ['a wrong key', 'wrong_token', { 'x-api-key': 'guessed-token-for-tests' }],
    ['an agent’s token', 'wrong_token', { 'x-api-key': agentToken() }],
    ['no key', 'missing_header', {}],
  ])('of livekit-evals %s: %s', async (_, check, headers) => {
    const { post } = await uploading();
    expect((await post(EVALS, { headers, body: '{}' })).json).toMatchObject({ status: 401, check });
  });

  test('everybody, where neither a key nor a token is set', async () => {
    const { post } = await uploading({}, { token: null, keys: new Map() });
    for (const path of [LOGS, EVALS]) {
      const { status, json } = await post(path, { headers: { 'x-api-key': '' }, body: '{}' });
      expect([status, json.check]).toEqual([401, 'no_credentials']);
      expect(json.detail).toContain('LIVEKIT_API_KEY');
    }
  });

  test('a stranger’s body, without a byte of it being waited for', async () => {
    const { post } = await uploading();
    async function* endless() {
      yield Buffer.alloc(100);
      await new Promise(() => {});
    }
    const headers = { authorization: 'Bearer no', 'content-length': '100000' };
    expect((await post(LOGS, { headers, body: endless() })).status).toBe(401);
  });
});

test('is taken: an agent’s token, and the server’s own; of livekit-evals as X-API-Key', async () => {
  const { post, taken } = await uploading();
  const body = '{"resourceLogs":[]}';
  expect((await post(LOGS, { body })).status).toBe(200);
  expect((await post(LOGS, { body, headers: bearer(TOKEN) })).status).toBe(200);
  expect((await post(EVALS, { body, headers: { authorization: undefined, 'x-api-key': TOKEN } })).status).toBe(200);
  expect(taken).toHaveLength(3);
});
