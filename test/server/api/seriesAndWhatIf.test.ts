import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, closeAll, KEY, liveKitToken, recorded, SECRET } from './recorded.ts';

let get: (path: string, headers?: Record<string, string>) => Promise<Answered>;
let evaluator: Awaited<ReturnType<typeof recorded>>['evaluator'];
beforeAll(async () => {
  ({ get, evaluator } = await recorded(['support-call', 'no-show', 'room-name-reused']));
});
afterAll(closeAll);

describe('/v1/what-if', () => {
  test('is what the library answers', async () => {
    const { status, body } = await get(
      '/v1/what-if?set[agent.noShowAfter]=100&set[serviceLevel.threshold]=2&by=endReason',
    );
    expect(status).toBe(200);
    const options = { noShowAfter: 100, serviceLevel: { threshold: 2 } };
    expect(body).toEqual(await evaluator.whatIf({ query: { by: ['endReason'] }, options }));
    expect(body.changes.byPath).toContainEqual({ path: 'agent.noShow', calls: 1, values: 1 });
  });

  test.each([
    ['set[noShowAftr]=1', 'Did you mean noShowAfter?'],
    ['set=1', 'There are set[key], '],
    ['set[noShowAfter]=soon', 'expected seconds'],
    ['set[metricsVersion]=2', 'the one version that there is'],
  ])('?%s is refused with the nearest right one', async (query, told) => {
    const { status, body } = await get(`/v1/what-if?${query}`);
    expect([status, body.type]).toEqual([400, 'urn:problem:call-evaluator:bad-parameter']);
    expect(body.detail).toContain(told);
  });
});

describe('/v1/series', () => {
  test('is what the library answers', async () => {
    const { status, body } = await get('/v1/series?room=desk-9&recontactWithin=0.5');
    expect(status).toBe(200);
    expect(body).toEqual(await evaluator.getSeries({ room: 'desk-9', recontactWithin: 0.5 }));
    expect(body.calls.map(({ roomSid }: { roomSid: string }) => roomSid)).toEqual(['RM_desk9a', 'RM_desk9b']);
    expect((await get('/v1/series?identity=nobody')).body.calls).toEqual([]);
  });

  test.each([
    ['rom=x', 'Did you mean room?'],
    ['recontactWithin=0', 'hours within which one who joins another call'],
    ['limit=0', '1 to 10000'],
  ])('?%s is refused with the right', async (query, told) => {
    const { status, body } = await get(`/v1/series?${query}`);
    expect(status).toBe(400);
    expect(body.detail).toContain(told);
  });
});

test('who may read one room alone reads neither', async () => {
  const { get } = await recorded([], { keys: { [KEY]: SECRET } });
  const token = await liveKitToken({ roomAdmin: true, room: 'desk-9' });
  for (const path of ['/v1/series?room=desk-9', '/v1/what-if']) expect((await get(path, token)).status).toBe(403);
});
