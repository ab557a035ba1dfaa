import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluatorError, type ErrorCode } from '../../../src/errors.ts';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { Receipt } from '../../../src/ingest.ts';
import { LARGEST_BODY } from '../../../src/intake.ts';
import { type BodyFault, type BodyLimits, takeWhole } from '../../../src/server/webhook/body.ts';
import type { WebhookOptions } from '../../../src/server/webhook/options.ts';
import { type Door, type Received, receiver } from '../../../src/server/webhook/receive.ts';
import type { Trouble } from '../../../src/server/webhook/trouble.ts';
import { doorOf } from './door.ts';
import { claimsOf, FORGERIES, good, KEY, KEYS, SECRET, type Sent, sign, tokenOf, webhook } from './signed.ts';

let evaluator: CallEvaluator;
let door: Door;
let troubles: Trouble[];
beforeEach(() => {
  evaluator = new CallEvaluator();
  door = doorOf(evaluator);
  troubles = [];
});
afterEach(async () => {
  await evaluator.close();
  vi.restoreAllMocks();
});

function request(
  { authorization, body }: Sent,
  more: Partial<Received> & { headers?: Record<string, string> } = {},
): Received {
  const headers: Record<string, string> = { ...more.headers };
  if (authorization !== undefined) headers.authorization = [authorization].flat().join(',');
  return { method: 'POST', header: (name) => headers[name] ?? null, body: async () => Buffer.from(body), ...more };
}

async function answer(received: Received, options: WebhookOptions = {}, through: Partial<Door> = {}) {
  const receive = receiver({ ...door, ...through }, { keys: KEYS, onTrouble: (one) => troubles.push(one), ...options });
  const { status, headers, body } = await receive(received);
  return { status, headers, body: JSON.parse(body) };
}

const rejecting = (error: unknown) => ({ take: () => Promise.reject(error) });

describe('200', () => {
  test('when it is stored, and again when it is stored already', async () => {
    const sent = await good();
    const { id } = JSON.parse(sent.body);
    expect(await answer(request(sent))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { status: 'stored', id },
    });
    expect((await answer(request(sent))).body).toEqual({ status: 'duplicate', id });
    expect(await evaluator.counts()).toMatchObject({ events: 1 });
    expect(troubles).toEqual([]);
  });

  test('for what is not understood, with the reason', async () => {
    const { status, body } = await answer(request(await good('{"event":"participant_joined"}')));
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'quarantined',
      id: null,
      reason: expect.objectContaining({ field: 'participant' }),
    });
  });

  test.each(['', 'null', '[]', '{', '\uFEFF{}', '"text"'])('for an authentic body %j', async (body) => {
    expect(await answer(request(await good(body)))).toMatchObject({ status: 200, body: { status: 'quarantined' } });
  });

  test('without the metrics of the call that it ended', async () => {
    const body = webhook().replace('room_started', 'room_finished');
    expect(Object.keys((await answer(request(await good(body)))).body)).toEqual(['status', 'id']);
  });

  test('under the header’s old name', async () => {
    const { authorization, body } = await good();
    const old = request({ authorization: undefined, body }, { headers: { authorize: authorization as string } });
    expect(await answer(old)).toMatchObject({ status: 200 });
  });
});

describe('401', () => {
  test.each(FORGERIES)('for %s: %s', async (_, check, make) => {
    const { status, headers, body } = await answer(request(await make(webhook())));
    expect(status).toBe(401);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': expect.stringMatching(/^Bearer/),
    });
    expect(body).toMatchObject({ type: 'urn:problem:call-evaluator:not-verified', status: 401, check });
    expect(JSON.stringify(body)).not.toContain(SECRET);
    expect(await evaluator.counts()).toMatchObject({ events: 0 });
  });

  test('without reading a stranger’s body', async () => {
    const body = vi.fn();
    for (const [, check, make] of FORGERIES)
      if (check !== 'checksum') await answer(request(await make(webhook()), { body }));
    expect(body).not.toHaveBeenCalled();
  });

  test('tells who configures it what to do', async () => {
    const other = { authorization: await sign('{}', { key: 'APIother' }), body: '{}' };
    expect((await answer(request(other))).body.detail).toContain('"APIother", which is not configured here. Add it');
    const guessed = { authorization: await sign('{}', { secret: 'x'.repeat(40) }), body: '{}' };
    expect((await answer(request(guessed))).body.detail).toContain(`configured here for ${KEY}.`);
    const parsed = { authorization: await sign('{"a": 1}'), body: '{"a":1}' };
    expect((await answer(request(parsed))).body.detail).toContain('a JSON parser before this route');
    const gzipped = request(parsed, { headers: { 'content-encoding': 'gzip' } });
    expect((await answer(gzipped)).body.detail).toContain('Content-Encoding "gzip"');
  });
});

describe('503', () => {
  test.each<ErrorCode>(['store_full', 'store_busy', 'store_failed', 'store_readonly', 'store_corrupt'])(
    'for %s, without the paths of this machine',
    async (code) => {
      const error = new CallEvaluatorError(code, '/home/me/calls.db');
      const { status, headers, body } = await answer(request(await good()), {}, rejecting(error));
      expect(status).toBe(503);
      expect(headers['retry-after']).toMatch(/^[12]$/);
      expect(JSON.stringify(body)).not.toContain('/home/me');
      expect(troubles).toMatchObject([{ code, cause: error }]);
    },
  );

  test('once the evaluator is closed, and for a fault of whatever kind', async () => {
    await evaluator.close();
    expect(await answer(request(await good()))).toMatchObject({ status: 503, body: { title: 'Busy' } });
    expect(await answer(request(await good()), {}, rejecting('oh'))).toMatchObject({ status: 503 });
    const broken = request(await good(), {
      header: () => {
        throw new Error('broken');
      },
    });
    expect(await answer(broken)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(door.counts.snapshot().unavailable).toEqual([
      { code: 'closed', count: 1 },
      { code: 'fault', count: 2 },
    ]);
  });

  test('while too many wait for the disk; forgeries are still told from others', async () => {
    const long = { waiting: () => 10_000 };
    expect(await answer(request(await good()), {}, long)).toMatchObject({ status: 503, body: { title: 'Busy' } });
    expect(await answer(request(await good()), { maxWaiting: 10_001 }, long)).toMatchObject({ status: 200 });
    expect(await answer(request({ authorization: undefined, body: '{}' }), {}, long)).toMatchObject({ status: 401 });
  });

  test.each<[BodyFault, string]>([
    ['too_slow', 'incomplete-body'],
    ['cut_off', 'incomplete-body'],
    ['no_memory', 'busy'],
    ['read_before', 'body-read-before'],
  ])('for a body that is %s', async (fault, code) => {
    expect(await answer(request(await good(), { body: async () => fault }))).toMatchObject({
      status: 503,
      body: { type: `urn:problem:call-evaluator:${code}` },
    });
  });

  test('asks LiveKit to come again as late as LiveKit would by itself, so that its five attempts last', async () => {
    const full = rejecting(new CallEvaluatorError('store_full', 'full'));
    const now = Math.floor(Date.now() / 1000);
    const sent = { authorization: tokenOf({ alg: 'HS256' }, claimsOf('{}', now)), body: '{}' };
    const waits: number[] = [];
    for (let passed = 0, attempt = 0; attempt < 4; attempt++) {
      const { headers } = await answer(request(sent), {}, { ...full, now: () => (now + passed) * 1000 });
      waits.push(Number(headers['retry-after']));
      passed += waits.at(-1)!;
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    const early = await answer(request(sent), {}, { ...full, now: () => (now - 50) * 1000 });
    expect(early.headers['retry-after']).toBe('1');
  });
});

test('413 for a body that is too large', async () => {
  expect(await answer(request(await good(), { body: async () => 'too_large' }))).toMatchObject({
    status: 413,
    body: {
      type: 'urn:problem:call-evaluator:too-large',
      detail: expect.stringContaining('for no more can be let in'),
    },
  });
  expect(await answer(request(await good(), { body: async () => 'too_large' }), { maxBody: 1_000 })).toMatchObject({
    body: { detail: expect.stringMatching(/more than 1000 bytes.* raise option maxBody\.$/) },
  });
});

test.each(['GET', 'HEAD', 'PUT', 'OPTIONS', ''])('405 for %s', async (method) => {
  const answered = await answer(request(await good(), { method }));
  expect(answered).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  expect(door.counts.snapshot()).toMatchObject({ received: 0 });
});

test('bodies are in the memory’s account until they are on disk', async () => {
  const stored = Promise.withResolvers<Receipt>();
  const receive = receiver({ ...door, take: () => stored.promise }, { keys: KEYS, onTrouble: () => {} });
  const large = Buffer.alloc(LARGEST_BODY);
  const sent = request(await good(String(large)), { body: async (limits) => takeWhole(large, limits) });
  const nine = Array.from({ length: 9 }, () => receive(sent));
  expect(await nine[8]).toMatchObject({ status: 503, body: expect.stringContaining('Too much is on its way') });
  stored.resolve({ status: 'stored', type: null, roomSid: null, id: null });
  expect((await Promise.all(nine)).map(({ status }) => status)).toEqual([...Array(8).fill(200), 503]);
  expect(await receive(sent)).toMatchObject({ status: 200 });
});

describe('the second scheme', () => {
  const hmac = (body: string, secret = 'shared') => createHmac('sha256', secret).update(body).digest('hex');
  const signed = (signature: string, authorization?: string) => {
    const body = webhook();
    return request({ authorization, body }, { headers: { 'x-livekit-signature': signature || hmac(body) } });
  };

  test('is off', async () => {
    expect(await answer(signed(''))).toMatchObject({ status: 401, body: { check: 'missing_header' } });
  });

  test('by option or by environment', async () => {
    expect(await answer(signed(''), { hmacSecrets: ['other', 'shared'] })).toMatchObject({ status: 200 });
    expect(await answer(signed(''), { env: { CALL_EVALUATOR_HMAC_SECRET: 'shared\n' } })).toMatchObject({
      status: 200,
    });
    const { keys, ...alone } = { keys: undefined, hmacSecrets: ['shared'], env: {} };
    expect(await answer(signed(''), { ...alone, keys: {} })).toMatchObject({ status: 200 });
    expect(keys).toBeUndefined();
  });

  test('refuses what is signed otherwise', async () => {
    const options = { hmacSecrets: ['shared'] };
    expect(await answer(signed(hmac('other')), options)).toMatchObject({ status: 401, body: { check: 'signature' } });
    expect(await answer(signed('shared'), options)).toMatchObject({ status: 401, body: { check: 'malformed_token' } });
    expect(door.counts.snapshot().forgeries).toEqual([
      { check: 'signature', key: 'other', count: 1 },
      { check: 'malformed_token', key: 'other', count: 1 },
    ]);
  });

  test('has strangers fill a small memory of their own', async () => {
    const receive = receiver(door, { keys: KEYS, hmacSecrets: ['shared'], onTrouble: () => {} });
    const headers = { 'x-livekit-signature': '00' };
    let held = 0;
    const stalling: Received['body'] = ({ memory }) => {
      while (memory.take(LARGEST_BODY)) held++;
      return new Promise(() => {});
    };
    for (let i = 0; i < 8; i++) void receive(request({ body: '' } as Sent, { headers, body: stalling }));
    expect(held).toBe(2);
    const large = Buffer.alloc(LARGEST_BODY);
    const sent = request(await good(String(large)), { body: async (limits) => takeWhole(large, limits) });
    expect(await receive(sent)).toMatchObject({ status: 200 });
    const other = { ...signed(''), body: async (limits: BodyLimits) => takeWhole(webhook(), limits) };
    expect(await receive(other)).toMatchObject({ status: 503 });
  });

  test('gives its memory back', async () => {
    const receive = receiver(door, { keys: KEYS, hmacSecrets: ['shared'], onTrouble: () => {} });
    const body = Buffer.alloc(LARGEST_BODY);
    const headers = { 'x-livekit-signature': hmac('other') };
    const forged = request({ body: '' } as Sent, { headers, body: async (limits) => takeWhole(body, limits) });
    for (let i = 0; i < 5; i++) expect(await receive(forged)).toMatchObject({ status: 401 });
  });

  test('is not asked where there is an Authorization', async () => {
    const options = { hmacSecrets: ['shared'] };
    expect(await answer(signed('', 'Bearer nonsense'), options)).toMatchObject({ body: { check: 'malformed_token' } });
  });
});

test('counts what came, and no more of strangers’ keys than that there were some', async () => {
  const sent = await good();
  await answer(request(sent));
  await answer(request(sent));
  await answer(request(await good('{}')));
  for (let i = 0; i < 50; i++) {
    const authorization = await sign('{}', { key: `API${i}` });
    await answer(request({ authorization, body: '{}' }));
  }
  await answer(request({ authorization: await sign('{}', { secret: 'x' }), body: '{}' }));
  await answer(request(await good(), { body: async () => 'too_large' }));
  await answer(request(await good()), {}, rejecting(new CallEvaluatorError('store_full', 'full')));
  const counters = door.counts.snapshot();
  expect(counters).toEqual({
    received: 56,
    stored: 1,
    duplicates: 1,
    quarantined: 1,
    tests: { count: 0, lastAt: null },
    forgeries: [
      { check: 'unknown_key', key: 'other', count: 50 },
      { check: 'signature', key: KEY, count: 1 },
    ],
    tooLarge: 1,
    unavailable: [{ code: 'store_full', count: 1 }],
    keys: [{ key: KEY, count: 4, lastAt: expect.any(String) }],
  });
  await answer(request(sent));
  expect(counters.duplicates).toBe(1);
});

test('the test of LiveKit Cloud’s console is told as such each time, and makes no call', async () => {
  const body = JSON.stringify({
    event: 'room_started',
    room: { sid: 'RM_hycBMAjmt6Ub', name: 'Demo Room', creationTime: '1692627281' },
    id: 'EV_eugWmGhovZmm',
    createdAt: '1692985556',
  });
  for (let i = 0; i < 2; i++) {
    const { status, body: said } = await answer(request(await good(body)));
    expect([status, said]).toEqual([200, { status: 'test' }]);
  }
  expect(door.counts.snapshot()).toMatchObject({ tests: { count: 2, lastAt: expect.any(String) }, stored: 0 });
  expect((await answer(request({ ...(await good('{}')), body }))).status).toBe(401);
  // any other event of that id is an event
  await answer(request(await good(body.replace('1692985556', String(Math.floor(Date.now() / 1000))))));
  expect(door.counts.snapshot()).toMatchObject({ tests: { count: 2 }, stored: 1 });
});

describe('options', () => {
  test.each<[string, unknown, string]>([
    ['no key at all', { env: {} }, 'Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET'],
    ['a misspelt one', { keys: KEYS, hmacSecret: ['x'] }, 'Unknown option hmacSecret. Did you mean hmacSecrets?'],
    ['a body of no bytes', { keys: KEYS, maxBody: 0 }, 'Option maxBody'],
    ['a body larger than what is understood', { keys: KEYS, maxBody: 2 ** 30 }, 'Option maxBody'],
    ['keys of another kind', { keys: 'APIa: hidden' }, 'Option keys'],
    ['null', null, 'Option (options)'],
  ])('%s', (_, options, message) => {
    expect(() => receiver(door, options as WebhookOptions)).toThrow(expect.objectContaining({ code: 'bad_option' }));
    expect(() => receiver(door, options as WebhookOptions)).toThrow(message);
    expect(() => receiver(door, options as WebhookOptions)).not.toThrow(/hidden/);
  });

  test('keys of the environment, unless keys are given', async () => {
    const env = { LIVEKIT_API_KEY: KEY, LIVEKIT_API_SECRET: SECRET };
    expect(await answer(request(await good()), { keys: undefined!, env })).toMatchObject({ status: 200 });
    expect(await answer(request(await good()), { keys: { APIa: 'b' }, env })).toMatchObject({ status: 401 });
  });

  test('without onTrouble, one warning of each kind', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const receive = receiver(door, { keys: KEYS });
    for (let i = 0; i < 3; i++) for (const [, , make] of FORGERIES) await receive(request(await make('{}')));
    await receive(request(await good(), { body: async () => 'read_before' }));
    await receive(request(await good(), { method: 'GET' }));
    const warnings = warn.mock.calls.map(([warning]) => String(warning));
    expect(warnings).toHaveLength(new Set(FORGERIES.map(([, check]) => check)).size + 1);
    expect(warnings.at(-1)).toMatch(/answered with 503: The body had been read .* Express: have this route before/);
  });

  test('an onTrouble that throws harms nothing', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const onTrouble = () => {
      throw new Error('full log');
    };
    expect(await answer(request({ authorization: undefined, body: '' }), { onTrouble })).toMatchObject({ status: 401 });
  });
});
