import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, callOf, closeAll, recorded } from './recorded.ts';

let get: (path: string) => Promise<Answered>;
beforeAll(async () => {
  get = (await recorded()).get;
});
afterAll(closeAll);

const sidsOf = ({ body }: Answered): string[] => body.calls.map(({ roomSid }: { roomSid: string }) => roomSid);

describe('filters', () => {
  test.each([
    ['room=*-1042', ['RM_support']],
    ['since=2026-10-12T09:00:00Z&until=2026-10-12T09:00:01Z', ['RM_support']],
    ['status=expired', null],
    ['status=active,expired', null],
    ['status=active&status=expired', null],
    ['endReason=agent_no_show', null],
    ['agent=agent-*', null],
    ['minCompleteness=1', null],
    ['metadata[campaign]=nothing', []],
  ])('%s', async (query, expected) => {
    const all = (await get('/v1/calls?limit=1000')).body.calls;
    const found = await get(`/v1/calls?limit=1000&${query}`);
    expect(found.status).toBe(200);
    if (expected) expect(sidsOf(found)).toEqual(expected);
    else {
      expect(sidsOf(found).length).toBeLessThan(all.length);
      expect(sidsOf(found).length).toBeGreaterThan(0);
    }
  });

  test('two statuses in one parameter or in two are the same', async () => {
    const one = await get('/v1/calls?status=active,expired');
    expect(sidsOf(await get('/v1/calls?status=active&status=expired'))).toEqual(sidsOf(one));
  });
});

test.each(['startedAt', '-startedAt', 'duration', '-duration', 'completeness', '-completeness'])(
  'sorted by %s, page by page as at once',
  async (sort) => {
    const whole = sidsOf(await get(`/v1/calls?sort=${sort}&limit=1000`));
    const paged: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Answered = await get(`/v1/calls?sort=${sort}&limit=7${after && `&after=${after}`}`);
      paged.push(...sidsOf(page));
      after = page.body.next;
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(paged.length);
  },
);

test('pages are stable while calls arrive', async () => {
  const { get, evaluator } = await recorded([]);
  const begin = 1_795_233_600;
  const sids = Array.from({ length: 30 }, (_, i) => `RM_${i}`);
  for (const [i, sid] of sids.entries()) await evaluator.processEvents(callOf(sid, 'steady', begin + i * 10));
  for (const sort of ['startedAt', '-startedAt', 'duration', '-completeness']) {
    const seen: string[] = [];
    let added = 0;
    for (let after: string | null = ''; after !== null; ) {
      const page: Answered = await get(`/v1/calls?room=steady&sort=${sort}&limit=4${after && `&after=${after}`}`);
      seen.push(...sidsOf(page));
      after = page.body.next;
      // others come, before, between and after those that were there
      for (const at of [begin - 5, begin + 55, begin + 10_000])
        await evaluator.processEvents(callOf(`RM_${sort}_${added++}`, 'coming', at));
    }
    expect(seen.toSorted()).toEqual(sids.toSorted());
  }
});

describe('what is written wrong is told with the right', () => {
  test.each([
    ['limt=5', { parameter: 'limt', nearest: 'limit' }, 'There is no parameter "limt". Did you mean limit?'],
    ['metadata=x', { parameter: 'metadata', nearest: 'metadata[key]' }, 'Did you mean metadata[key]?'],
    ['room[x]=y', { parameter: 'room[x]', nearest: 'room' }, 'Did you mean room?'],
    ['constructor=1', { parameter: 'constructor' }, 'There is no parameter "constructor"'],
    ['__proto__=1', { parameter: '__proto__' }, 'There is no parameter "__proto__"'],
    [
      'sort=startedat',
      { parameter: 'sort', nearest: 'startedAt' },
      'sort: there is no "startedat". Did you mean startedAt?',
    ],
    [
      'status=finished,expried',
      { parameter: 'status', nearest: 'expired' },
      'there is no "expried". Did you mean expired?',
    ],
    ['endReason=human_hangap', { parameter: 'endReason', nearest: 'human_hangup' }, 'Did you mean human_hangup?'],
    ['metadata[__proto__]=x', { parameter: 'metadata' }, 'There is no metadata[__proto__]'],
    ['room=%ff', { parameter: 'room' }, '"room=%ff" is not percent-encoded UTF-8'],
    ['limit=5&room=100%', { parameter: 'room' }, 'is not percent-encoded UTF-8'],
    ['limit=0', { parameter: 'limit' }, 'limit: "0" is not what it takes: a whole number from 1 to 1000.'],
    ['limit=1.5', { parameter: 'limit' }, 'a whole number from 1 to 1000'],
    ['limit=ten', { parameter: 'limit' }, '"ten" is not what it takes'],
    ['limit=', { parameter: 'limit' }, '"" is not what it takes'],
    ['limit=1&limit=2', { parameter: 'limit' }, 'limit: give it once.'],
    ['minCompleteness=2', { parameter: 'minCompleteness' }, 'a number from 0 to 1'],
    ['since=yesterday', { parameter: 'since' }, 'an instant such as 2026-01-01T00:00:00Z, or epoch ms'],
    ['until=+012026-01-01', { parameter: 'until' }, 'is not what it takes'],
    ['since=2026-02-31', { parameter: 'since' }, '"2026-02-31" is not what it takes'],
    ['after=nonsense', { parameter: 'after' }, 'is no cursor'],
    [
      `after=${Buffer.from('["duration",5,"RM_1"]').toString('base64url')}`,
      { parameter: 'after' },
      "this cursor is of a list sorted by 'duration', not by '-startedAt'",
    ],
    ['room=', { parameter: 'room' }, 'a pattern of room names'],
  ])('?%s', async (query, extensions, detail) => {
    const { status, headers, body } = await get(`/v1/calls?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body).toMatchObject({ type: 'urn:problem:call-evaluator:bad-parameter', ...extensions });
    expect(body.detail).toContain(detail);
  });

  test('what is missing too', async () => {
    const { body } = await get('/v1/calls/RM_support/explain');
    expect(body).toMatchObject({ status: 400, parameter: 'path' });
    expect(body.detail).toMatch(/^path is missing: of the value, such as callDuration/);
  });

  test('and what a route does not take', async () => {
    expect((await get('/healthz?x=1')).body.detail).toBe('"x": this route takes no parameters.');
  });
});
