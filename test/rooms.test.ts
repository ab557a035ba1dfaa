import { expect, test } from 'vitest';
import { CallEvaluator } from '../src/evaluator.ts';
import { finished, joined, left, ms, SID, started } from './call/story.ts';

/** What is said of a call that was measured as it came, and once more when it had left the memory. */
async function twice(path: string, ...story: object[]) {
  const evaluator = new CallEvaluator({ liveRooms: 1, clock: () => ms(100) });
  for (const payload of story) await evaluator.processEvent(payload);
  const live = await evaluator.getMetrics(SID);
  await evaluator.processEvent({ ...started(0), room: { sid: 'RM_other', name: 'other' } });
  const explained = await evaluator.explain(SID, path);
  await evaluator.close();
  return { live, explained };
}

test('a repeat in other words changes nothing, in memory as on disk', async () => {
  const plain = joined(2, 'bot', { kind: undefined });
  const { live, explained } = await twice(
    'agent.unique',
    started(0),
    plain,
    joined(2, 'bot', { kind: 'AGENT' }),
    left(9, 'bot', { kind: undefined }),
  );
  expect(live!.agent.unique).toBe(0);
  expect(explained!.value).toBe(0);
});

test('a repeat under a smaller id gives its id to the fact', async () => {
  const join = joined(2, 'ana');
  const { live, explained } = await twice(
    'participants.unique',
    started(0),
    join,
    { ...join, id: 'EV_0' },
    left(9, 'ana'),
    finished(30),
  );
  expect(live!.evidence.events).toMatchObject({ distinct: 4, duplicates: 1 });
  expect(explained!.events.map(({ id }) => id)).toContain('EV_0');
});

test('a room that has more events than fit into memory gets no more; its end is taken', async () => {
  const evaluator = new CallEvaluator({ largestRoom: 3, clock: () => ms(100) });
  const story = [started(0), joined(1, 'ana'), joined(2, 'ben'), joined(3, 'cyd'), finished(30)];
  const receipts = [];
  for (const payload of story) receipts.push(await evaluator.processEvent(payload));
  expect(receipts.map(({ status }) => status)).toEqual(['stored', 'stored', 'stored', 'quarantined', 'stored']);
  expect(receipts[3]!.reason).toMatchObject({
    field: 'room.sid',
    expected: 'a room of fewer than 3 events (option largestRoom)',
  });
  expect(await evaluator.retryQuarantined()).toEqual({ understood: 0, still: 1 });
  expect(await evaluator.listQuarantined()).toHaveLength(1);
  const { status, participants, evidence } = (await evaluator.getMetrics(SID))!;
  expect([status, participants.unique, evidence.events.quarantined]).toEqual(['finished', 2, 1]);
  await evaluator.close();
});
