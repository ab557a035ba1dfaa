import { describe, expect, test } from 'vitest';
import type { CallQuery } from '../src/callQuery.ts';
import { CallEvaluator } from '../src/evaluator.ts';
import { BEGIN, finished, iso, joined, left, ms, type Payload, SID, started } from './call/story.ts';

/** The story of one room, told of another. */
const of = (sid: string, name: string, metadata: string, events: Payload[]) =>
  events.map((event) => {
    const { room, ...rest } = JSON.parse(JSON.stringify(event).replaceAll(SID, sid)) as { room: Payload };
    return { ...rest, room: { ...room, name, metadata } };
  });

const CALLS = [
  ...of('RM_a', 'support-1', '{"tenant":"acme","tier":3}', [
    started(0),
    joined(1, 'ana'),
    joined(2, 'agent-x', { name: 'Nova' }),
    left(30, 'ana'),
    left(31, 'agent-x'),
    finished(40),
  ]),
  ...of('RM_b', 'support-2', '{"tenant":"acme"}', [started(10), joined(11, 'ben'), left(200, 'ben'), finished(210)]),
  ...of('RM_c', 'sales-1', 'no JSON', [started(20), joined(21, 'cleo'), finished(80)]),
  ...of('RM_d', 'sales-2', '', [started(30), joined(31, 'dan')]),
];

async function sidsOf(query: CallQuery, now = ms(3600)): Promise<string[]> {
  const evaluator = new CallEvaluator({ clock: () => now });
  await evaluator.processEvents(CALLS);
  const { calls } = await evaluator.listCalls(query);
  await evaluator.close();
  return calls.map(({ roomSid }) => roomSid);
}

test('a key of metadata that no object can be asked for is refused, not left out', async () => {
  const metadata = JSON.parse('{"__proto__":"acme"}');
  await expect(sidsOf({ metadata })).rejects.toThrow(/^metadata: __proto__ is no key/);
});

describe('calls', () => {
  test.each<[string, CallQuery, string[]]>([
    ['all, by first sign', {}, ['RM_a', 'RM_b', 'RM_c', 'RM_d']],
    ['newest first', { sort: '-startedAt' }, ['RM_d', 'RM_c', 'RM_b', 'RM_a']],
    ['of a period', { since: iso(10), until: iso(30) }, ['RM_b', 'RM_c']],
    ['that are on', { status: ['active'] }, ['RM_d']],
    ['that are over', { status: ['finished', 'expired'] }, ['RM_a', 'RM_b', 'RM_c']],
    ['by room name', { room: 'sales-*' }, ['RM_c', 'RM_d']],
    ['by a room’s very name', { roomName: 'sales-1' }, ['RM_c']],
    ['by a name that is no pattern', { roomName: 'sales-*' }, []],
    ['by the agent’s name', { agent: 'N*a' }, ['RM_a']],
    ['by the agent’s identity', { agent: 'agent-x' }, ['RM_a']],
    ['by metadata', { metadata: { tenant: 'acme', tier: '3' } }, ['RM_a']],
    ['by metadata that nobody has', { metadata: { toString: 'x' } }, []],
    ['that are complete', { minCompleteness: 1, status: ['finished'] }, ['RM_a', 'RM_b']],
    ['longest first', { sort: '-duration', status: ['finished'] }, ['RM_b', 'RM_c', 'RM_a']],
    ['least complete first', { sort: 'completeness', status: ['finished'] }, ['RM_c', 'RM_a', 'RM_b']],
  ])('%s', async (_, query, expected) => {
    expect(await sidsOf(query)).toEqual(expected);
  });

  test('are chosen by what they are now, not by what was stored', async () => {
    expect(await sidsOf({ status: ['expired'] }, ms(200_000))).toEqual(['RM_d']);
  });

  test.each<CallQuery['sort']>(['startedAt', '-startedAt', 'duration', '-completeness'])(
    'by %s: pages neither repeat nor miss one while others arrive',
    async (sort) => {
      const evaluator = new CallEvaluator({ clock: () => ms(3600) });
      await evaluator.processEvents(CALLS);
      const seen: string[] = [];
      for (let after: string | undefined, turn = 0; turn < 9; turn++) {
        const { calls, next } = await evaluator.listCalls({ sort, limit: 1, ...(after && { after }) });
        seen.push(...calls.map(({ roomSid }) => roomSid));
        await evaluator.processEvents(of(`RM_new${turn}`, 'new', '', [started(turn * 7), finished(turn * 60)]));
        if (next === null) break;
        after = next;
      }
      const there = seen.filter((sid) => !sid.startsWith('RM_new'));
      expect(there.toSorted()).toEqual(['RM_a', 'RM_b', 'RM_c', 'RM_d']);
      expect(new Set(seen).size).toBe(seen.length);
      await evaluator.close();
    },
  );

  test.each([
    [{ sort: 'size' }, 'Option sort: expected one of startedAt, -startedAt'],
    [{ status: ['open'] }, "Option status.0: expected one of active, finished, expired; found 'open'."],
    [{ status: 'finished' }, "Option status: expected a list, such as ['finished']; found 'finished'."],
    [{ endReason: ['human_hangp'] }, "found 'human_hangp'. Did you mean human_hangup?"],
    [{ minCompleteness: 2 }, 'Option minCompleteness: expected a number from 0 to 1; found 2.'],
    [{ metadata: { tier: 3 } }, "Option metadata.tier: expected texts by key, such as { tenant: 'acme' }; found 3."],
    [{ after: 'nonsense' }, "after: 'nonsense' is no cursor"],
    [{ after: 'W10' }, "after: 'W10' is no cursor"],
    [{ after: 5 }, 'Option after: expected `next` of the page before; found 5.'],
    [{ since: 'soon' }, "Not an instant: 'soon'"],
    [{ limit: 0 }, 'Option limit: expected 1 to 10000; found 0.'],
    [{ rooms: 'x' }, 'Unknown option rooms. Did you mean room?'],
    [{ foo: 1 }, 'Unknown option foo. There are after, agent, '],
    [null, 'Expected options, such as { room: "support-*" }; found null.'],
    ['sales-*', `Expected options, such as { room: "sales-*" }; found 'sales-*'.`],
  ])('of a query that cannot be: %j', async (query, message) => {
    await expect(sidsOf(query as CallQuery)).rejects.toMatchObject({
      code: 'bad_option',
      message: expect.stringContaining(message),
    });
  });

  test('a page goes on in the order of the page before, or is refused', async () => {
    const evaluator = new CallEvaluator({ clock: () => ms(3600) });
    await evaluator.processEvents(CALLS);
    const { next: after } = await evaluator.listCalls({ sort: '-duration', limit: 1 });
    await expect(evaluator.listCalls({ after: after! })).rejects.toThrow(
      "after: this cursor is of a list sorted by '-duration', not by 'startedAt'.",
    );
    expect((await evaluator.listCalls({ sort: '-duration', after: after! })).calls).toHaveLength(3);
    await evaluator.close();
  });
});

test('a timeline has a lane per person, each end observed or with its range', async () => {
  const evaluator = new CallEvaluator({ clock: () => ms(3600) });
  await evaluator.processEvents(CALLS);
  const timeline = (await evaluator.getTimeline('RM_c'))!;
  expect(timeline).toMatchObject({ roomSid: 'RM_c', roomName: 'sales-1', status: 'finished' });
  const [session] = timeline.people[0]!.sessions;
  expect(session).toMatchObject({
    sid: 'PA_cleo',
    start: { at: iso(21), observed: true, range: null, eventId: 'EV_participant_joined_cleo_21' },
    end: { observed: false },
  });
  const [low, high] = session!.end!.range!;
  expect(Date.parse(low!)).toBeGreaterThanOrEqual((BEGIN + 21) * 1000);
  expect(Date.parse(high!)).toBeLessThan(ms(81));
  expect((await evaluator.getTimeline('RM_d'))!.room.end).toBeNull();
  expect(await evaluator.getTimeline('RM_nobody')).toBeNull();
  await evaluator.close();
});
