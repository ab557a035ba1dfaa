import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../../src/server/api/routes.ts';
import { type Answered, closeAll, recorded } from './recorded.ts';

let get: (path: string) => Promise<Answered>;
let sids: string[];
beforeAll(async () => {
  const served = await recorded();
  get = served.get;
  sids = (await served.evaluator.listCalls({ limit: 1000 })).calls.map(({ roomSid }) => roomSid);
});
afterAll(closeAll);

/** Answered as the route's schema says, and nothing besides. */
async function expectAsSaid(pattern: string, path: string): Promise<unknown> {
  const { answer } = ROUTES.find((route) => route.path === pattern)!;
  const { status, headers, body } = await get(path);
  expect([path, status]).toEqual([path, 200]);
  if (answer.schema === undefined) {
    expect(headers.get('content-type')).toContain(answer.contentType);
    return body;
  }
  expect(headers.get('content-type')).toBe('application/json');
  expect(answer.schema.parse(body)).toEqual(body);
  return body;
}

describe('every answer is what its route says', () => {
  const below = ['', '/events', '/timeline', '/conversation', '/state', '/explain'];
  const others = ROUTES.map(({ path }) => path).filter((path) => !path.includes('{') && path !== '/v1/live');

  test.each(others)('%s', async (path) => {
    await expectAsSaid(path, path);
  });

  test.each(below)('/v1/calls/{roomSid}%s, of every recorded call', async (rest) => {
    expect(sids.length).toBeGreaterThan(30);
    const query = rest === '/explain' ? '?path=callDuration' : '';
    for (const sid of sids)
      await expectAsSaid(`/v1/calls/{roomSid}${rest}`, `/v1/calls/${encodeURIComponent(sid)}${rest}${query}`);
  });

  test('there are no other routes', () => {
    const tested = [...others, ...below.map((rest) => `/v1/calls/{roomSid}${rest}`), '/v1/live'];
    expect(ROUTES.map(({ path }) => path).toSorted()).toEqual(tested.toSorted());
  });

  test.each(['agent', 'endReason.class', 'participants.list[0].presentSeconds', 'evidence'])(
    'explain %s',
    async (path) => {
      const { status, body } = await get(`/v1/calls/${sids[0]}/explain?path=${encodeURIComponent(path)}`);
      if (path === 'evidence') expect([status, body.type]).toEqual([404, 'urn:problem:call-evaluator:unknown-path']);
      else await expectAsSaid('/v1/calls/{roomSid}/explain', `/v1/calls/${sids[0]}/explain?path=${path}`);
    },
  );
});

describe('a call', () => {
  test('is told as the evaluator tells it', async () => {
    const { body } = await get('/v1/calls/RM_support');
    expect(body).toMatchObject({ roomSid: 'RM_support', roomName: 'support-1042', status: 'finished' });
  });

  test('has its events page by page, bodies as they came', async () => {
    const whole = (await get('/v1/calls/RM_support/events')).body.events;
    const first = (await get('/v1/calls/RM_support/events?limit=3')).body;
    const second = (await get(`/v1/calls/RM_support/events?after=${first.next}`)).body;
    expect([...first.events, ...second.events]).toEqual(whole);
    expect(second.next).toBeNull();
    expect(JSON.parse(whole[0].body)).toMatchObject({ event: 'room_started', room: { sid: 'RM_support' } });
    expect(whole[0].body).not.toContain('invented'); // its turnPassword
  });

  test('has a state at any instant, in ISO 8601 and in epoch ms', async () => {
    const iso = (await get('/v1/calls/RM_support/state?at=2026-10-12T09:01:00Z')).body;
    expect(iso.at).toBe('2026-10-12T09:01:00.000Z');
    expect((await get('/v1/calls/RM_support/state?at=1791795660000')).body).toEqual(iso);
    expect((await get('/v1/calls/RM_support/state?at=2026-10-12T09:01:00')).body).toEqual(iso);
    expect((await get('/v1/calls/RM_support/state?at=2026-10-12T11:01:00%2B02:00')).body).toEqual(iso);
  });

  test('that is not there is a problem that says where to look', async () => {
    for (const below of ['', '/events', '/timeline', '/conversation', '/state', '/explain?path=duration']) {
      const { status, headers, body } = await get(`/v1/calls/RM_nobody${below}`);
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      expect(body).toEqual({
        type: 'urn:problem:call-evaluator:unknown-room',
        title: 'There is no such call',
        status: 404,
        detail: 'No event of room "RM_nobody" is stored. /v1/calls lists the calls, with their sids.',
      });
    }
  });

  test('that was asked for by the name of its room is told by its sid', async () => {
    const { status, body } = await get('/v1/calls/support-1042');
    expect(status).toBe(404);
    expect(body.calls).toEqual([{ roomSid: 'RM_support', startedAt: '2026-10-12T09:00:00.400Z' }]);
    expect(body.detail).toContain('RM_support');
  });
});

test('HEAD is GET without a body', async () => {
  const { status, headers, body } = await (await recorded([])).get('/v1/calls', {}, 'HEAD');
  expect([status, headers.get('content-type'), body]).toEqual([200, 'application/json', '']);
});

test('what is no route is told with the nearest one', async () => {
  const { status, body } = await get('/v1/call');
  expect([status, body.nearest]).toEqual([404, '/v1/calls']);
  expect((await get('/v1/calls/')).status).toBe(404);
  expect((await get('/v1/calls/%E0%A4%A')).body).toMatchObject({ status: 400, parameter: 'roomSid' });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not for reading', async (method) => {
  const { status, headers } = await (await recorded([])).get('/v1/calls', {}, method);
  expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('every answer has the headers that keep it where it belongs', async () => {
  for (const path of ['/', '/v1/calls', '/v1/nothing', '/metrics', '/openapi.json']) {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.has('access-control-allow-origin')).toBe(false);
  }
});
