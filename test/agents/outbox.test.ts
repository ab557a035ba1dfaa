import { expect, test } from 'vitest';
import { Outbox } from '../../src/agents/outbox.ts';

const item = (id: number, size = 0) => JSON.stringify({ id, text: 'x'.repeat(size) });
const idsOf = (outbox: Outbox) => {
  const ids: number[] = [];
  for (let batch = outbox.take(); batch; batch = outbox.take())
    ids.push(...JSON.parse(outbox.report(batch)).chat_history.items.map((one: { id: number }) => one.id));
  return ids;
};

test('the oldest give way when there are too many, and are counted in the report', () => {
  const outbox = new Outbox({ job_id: 'AJ_1' }, 1000);
  for (let id = 0; id < 100; id++) outbox.add(item(id, 80));
  expect(outbox.dropped).toBe(90);
  const batch = outbox.take()!;
  expect(JSON.parse(outbox.report(batch))).toMatchObject({ job_id: 'AJ_1', items_dropped: 90 });
  for (let id = 100; id < 105; id++) outbox.add(item(id, 80));
  outbox.putBack(batch);
  expect(outbox.dropped).toBe(95);
  expect(idsOf(outbox)).toEqual([95, 96, 97, 98, 99, 100, 101, 102, 103, 104]);
});

test('a batch is not too large for the server', () => {
  const outbox = new Outbox({ job_id: 'AJ_1' });
  for (let id = 0; id < 12; id++) outbox.add(item(id, 200_000));
  const batch = outbox.take()!;
  expect(outbox.report(batch).length).toBeLessThan(600_000);
  outbox.putBack(batch);
  expect(idsOf(outbox)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('what came meanwhile is newer than what is put back', () => {
  const outbox = new Outbox({ job_id: 'AJ_1' });
  outbox.setUsage('[1]');
  const batch = outbox.take()!;
  outbox.setUsage('[2]');
  outbox.putBack(batch);
  expect(JSON.parse(outbox.report(outbox.take()!)).usage).toEqual([2]);
  expect(outbox.isEmpty).toBe(true);
  outbox.setUsage('[2]');
  expect(outbox.isEmpty).toBe(true);
});
