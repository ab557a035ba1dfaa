import { expect, test } from 'vitest';
import type { ChatItem } from '../../src/telemetry/facts.ts';
import { agent, measuredTurns, measuredWith, one, toolCall, toolOutput, upload } from './telling.ts';

const of = (...items: ChatItem[]) => measuredTurns(...items).tools;

test('calls are joined to their outputs', () => {
  const items = [toolCall('c1', 2), toolCall('c2', 3), toolOutput('c2', 3.5), toolOutput('c1', 5, true)];
  expect(of(...items)).toMatchObject({ calls: 2, errors: 1, latency: { count: 2, min: 0.5, max: 3 } });
});

test('a call without an output, and an output without a call, have no latency', () => {
  expect(of(toolCall('c1', 2), toolOutput('c2', 3))).toEqual({ calls: 1, errors: 0, latency: null });
});

test('an id that comes again joins first to first and second to second', () => {
  const items = [toolCall('c1', 2), toolOutput('c1', 2.5), toolCall('c1', 8), toolOutput('c1', 9)];
  expect(of(...items)!.latency).toMatchObject({ count: 2, min: 0.5, max: 1 });
});

test('the same id in two jobs is two calls', () => {
  const [first, second] = [
    upload([toolCall('c1', 2), toolOutput('c1', 3)]),
    upload([toolOutput('c1', 4)], { jobId: 'AJ_2' }),
  ];
  expect(measuredWith([second, first]).tools).toEqual({ calls: 1, errors: 0, latency: one(1) });
});

test('an output before its call is left out and counted, also where no message was told', () => {
  const { tools, response } = measuredTurns(toolCall('c1', 4), toolOutput('c1', 3));
  expect(tools).toEqual({ calls: 1, errors: 0, latency: null });
  expect(response.rejected).toBe(1);
});

test('a session without tools is known to have called none', () => {
  expect(of(agent('m1', 1, 2))).toEqual({ calls: 0, errors: 0, latency: null });
});
