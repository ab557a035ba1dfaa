import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiOptions } from '../../../src/server/api/options.ts';
import { ROUTES } from '../../../src/server/api/routes.ts';
import { type Answered, callOf, closeAll, KEY, liveKitToken, recorded, SECRET, TOKEN } from './recorded.ts';

type Get = Awaited<ReturnType<typeof recorded>>['get'];
const KEYS = { [KEY]: SECRET };
let get: Get;
beforeAll(async () => {
  const served = await recorded([], { token: TOKEN, keys: KEYS });
  await served.evaluator.processEvents([
    ...callOf('RM_a', 'support'),
    ...callOf('RM_b', 'support', 1_795_300_000),
    ...callOf('RM_c', 'sales'),
    ...callOf('RM_star', 'su*'),
  ]);
  get = served.get;
});
afterEach(() => vi.useRealTimers());
afterAll(closeAll);

const pathOf = (pattern: string, sid: string) =>
  pattern.replace('{roomSid}', sid) + (pattern.endsWith('/explain') ? '?path=duration' : '');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const protectedRoutes = ROUTES.filter(({ readers }) => readers !== 'anybody');

describe('who may read what', () => {
  test('is told of every route', () => {
    const open = ROUTES.filter(({ readers }) => readers === 'anybody').map(({ path }) => path);
    expect(open.toSorted()).toEqual(['/', '/healthz', '/openapi.json', '/readyz']);
  });

  const statuses = async (path: string, headers: Record<string, string>) => {
    const { status, body } = await get(path, headers, path.startsWith('/v1/live') ? 'HEAD' : 'GET');
    return [status, status === 200 || path.startsWith('/v1/live') ? null : body.type.split(':').at(-1)];
  };

  test.each(ROUTES)('$path', async ({ path: pattern, readers }) => {
    const path = pathOf(pattern, 'RM_a');
    const isOpen = readers === 'anybody';
    const may = [200, null];
    const unauthorized = isOpen ? may : [401, pattern === '/v1/live' ? null : 'unauthorized'];
    const forbidden = isOpen ? may : [403, pattern === '/v1/live' ? null : 'forbidden'];
    expect(await statuses(path, {})).toEqual(unauthorized);
    expect(await statuses(path, bearer(TOKEN))).toEqual(may);
    expect(await statuses(path, await liveKitToken({ roomList: true }))).toEqual(may);
    expect(await statuses(path, await liveKitToken({ roomAdmin: true, room: 'support' }))).toEqual(
      readers === 'readers of all' ? forbidden : may,
    );
    expect(await statuses(path, await liveKitToken({ roomJoin: true, room: 'support' }))).toEqual(forbidden);
    expect(await statuses(path, await liveKitToken({ roomAdmin: true }))).toEqual(forbidden);
  });
});

describe('a token of one room', () => {
  test.each(protectedRoutes.filter(({ path }) => path.includes('{')))(
    'at $path reads that room alone',
    async ({ path }) => {
      const token = await liveKitToken({ roomAdmin: true, room: 'support' });
      expect((await get(pathOf(path, 'RM_b'), token)).status).toBe(200);
      const others = await get(pathOf(path, 'RM_c'), token);
      const nobodys = await get(pathOf(path, 'RM_none'), token);
      expect([others.status, nobodys.status]).toEqual([403, 403]);
      expect(others.body).toEqual(nobodys.body); // it learns nothing of what there is
    },
  );

  const listed = async (room: string, query = '') => {
    const { status, body } = await get(`/v1/calls${query}`, await liveKitToken({ roomAdmin: true, room }));
    return status === 200 ? body.calls.map(({ roomSid }: { roomSid: string }) => roomSid) : status;
  };

  test('lists the calls of that room', async () => {
    expect(await listed('support')).toEqual(['RM_b', 'RM_a']);
    expect(await listed('support', '?room=support')).toEqual(['RM_b', 'RM_a']);
    expect(await listed('support', '?room=*')).toBe(403);
    expect(await listed('nothing')).toEqual([]);
  });

  test('whose name has a * reads no other room', async () => {
    expect(await listed('su*')).toEqual(['RM_star']);
    expect(await listed('*')).toEqual([]);
    const { body } = await get('/v1/calls?limit=1', await liveKitToken({ roomAdmin: true, room: '*' }));
    expect(body).toEqual({ calls: [], next: null }); // a cursor would tell of others' calls
    expect(await listed('su*', '?room=su*&limit=1')).toEqual(['RM_star']);
  });

  test('may ask for the live stream of one of its calls', async () => {
    const token = await liveKitToken({ roomAdmin: true, room: 'support' });
    expect((await get('/v1/live?room=RM_a', token, 'HEAD')).status).toBe(200);
    expect((await get('/v1/live?room=RM_c', token, 'HEAD')).status).toBe(403);
  });

  test('with roomList as well reads all', async () => {
    const token = await liveKitToken({ roomAdmin: true, room: 'support', roomList: true });
    expect((await get('/v1/calls/RM_c', token)).status).toBe(200);
  });
});

describe('a token that is none', () => {
  const refused = async (headers: Record<string, string>): Promise<Answered> => {
    const answer = await get('/v1/calls', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="call-evaluator"/);
    return answer;
  };

  test.each([
    ['nothing', ''],
    ['another scheme', `Basic ${TOKEN}`],
    ['no scheme', TOKEN],
    ['another token', `Bearer ${TOKEN.slice(1)}`],
    ['a longer one', `Bearer ${TOKEN}x`],
    ['two', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
    ['no token of the form', 'Bearer a.b.c'],
  ])('is refused: %s', async (_, authorization) => {
    const { body } = await refused({ authorization });
    expect(body.detail).toContain('CALL_EVALUATOR_TOKEN or a LiveKit access token with roomList');
    expect(JSON.stringify(body)).not.toContain(TOKEN);
  });

  test('is refused: of another key, of another secret, expired, not valid yet', async () => {
    const all = { roomList: true };
    await refused(await liveKitToken(all, { key: 'APIother' }));
    await refused(await liveKitToken(all, { secret: 'guessed'.repeat(6) }));
    const minute = await liveKitToken(all, { ttl: 60 });
    vi.useFakeTimers({ now: Date.now() + 119_000, toFake: ['Date'] });
    expect((await get('/v1/calls', minute)).status).toBe(200); // its minute, and one for clocks
    vi.setSystemTime(Date.now() + 2_000);
    await refused(minute);
    vi.setSystemTime(Date.now() - 600_000);
    await refused(minute);
  });

  test('that grants nothing at all is forbidden', async () => {
    expect((await get('/v1/calls', await liveKitToken({}))).status).toBe(403);
  });
});

describe('without a token and without keys', () => {
  const ask = async (url: string, headers: Record<string, string> = {}) =>
    (await (await recorded([])).api.fetch(new Request(url, { headers }))).status;

  test.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787', 'http://127.8.0.1'])(
    'whoever is at this machine may read: %s',
    async (base) => {
      expect(await ask(`${base}/v1/calls`)).toBe(200);
    },
  );

  test('a name that was made to lead here, a tunnel and a proxy may not', async () => {
    expect(await ask('http://evil.example:8787/v1/calls')).toBe(403);
    expect(await ask('http://127.0.0.1.evil.example/v1/calls')).toBe(403);
    expect(await ask('http://localhost/v1/calls', { 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    expect(await ask('http://localhost/v1/calls', { forwarded: 'for=203.0.113.7' })).toBe(403);
    expect(await ask('http://evil.example/healthz')).toBe(200);
  });
});

test('keys alone protect as well', async () => {
  const { get } = await recorded([], { keys: KEYS });
  expect((await get('/v1/calls')).status).toBe(401);
  expect((await get('/v1/calls', await liveKitToken({ roomList: true }))).status).toBe(200);
});

describe('options', () => {
  test.each([
    [{ token: 'short' }, /has 5 characters.*openssl rand -hex 24/],
    [{ tokn: TOKEN }, /Unknown option tokn\. Did you mean token\?/],
    [{ cors: ['https://example.com/page'] }, /Did you mean https:\/\/example\.com\?/],
    [{ cors: ['example.com'] }, /One looks like https:\/\/dashboard\.example\.com/],
    [{ cors: ['*'] }, /any web page/],
  ])('%j is refused with the fix', async (options, message) => {
    await expect(recorded([], options as ApiOptions)).rejects.toThrow(message);
  });

  test('the token of the environment', async () => {
    const { get } = await recorded([], { env: { CALL_EVALUATOR_TOKEN: ` ${TOKEN}\n` } });
    expect((await get('/v1/calls')).status).toBe(401);
    expect((await get('/v1/calls', bearer(TOKEN))).status).toBe(200);
  });
});

describe('other origins', () => {
  const origin = 'https://dashboard.example.com';
  const preflight = {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  };

  test('may read when they are named', async () => {
    const { get } = await recorded([], { token: TOKEN, cors: [origin] });
    const before = await get('/v1/calls', preflight, 'OPTIONS');
    expect(before.status).toBe(204);
    expect(before.headers.get('access-control-allow-origin')).toBe(origin);
    expect(before.headers.get('access-control-allow-headers')).toBe('authorization, last-event-id');
    const { headers } = await get('/v1/calls', { origin, ...bearer(TOKEN) });
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([origin, 'Origin']);
    const other = await get('/v1/calls', { origin: 'https://evil.example', ...bearer(TOKEN) });
    expect([other.headers.get('access-control-allow-origin'), other.headers.get('vary')]).toEqual([null, 'Origin']);
  });

  test('may not otherwise', async () => {
    const { headers } = await get('/v1/calls', preflight, 'OPTIONS');
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  test('may all with *', async () => {
    const { get } = await recorded([], { token: TOKEN, cors: ['*'] });
    const { headers } = await get('/v1/calls', { origin, ...bearer(TOKEN) });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });
});
