import { afterEach, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { Watchdog } from '../../../src/server/watch/watchdog.ts';
import { IngestCounts } from '../../../src/server/webhook/counts.ts';

let evaluator: CallEvaluator;
afterEach(() => evaluator.close());

test('what was not taken counts from the last webhook on that was', async () => {
  evaluator = new CallEvaluator();
  const counts = new IngestCounts();
  vi.spyOn(evaluator, 'ingestCounters').mockImplementation(() => counts.snapshot());
  const watchdog = new Watchdog(evaluator);
  const codes = async () => (await watchdog.look()).map(({ code }) => code);
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) {
      counts.unavailable('store_full');
      counts.forgery('signature', null);
    }
  };
  fail(10);
  expect(await codes()).toEqual(['forgeries', 'unavailable']);
  counts.test(0);
  expect(await codes()).toEqual([]);
  fail(4);
  expect(await codes()).toEqual([]);
  fail(6);
  expect(await codes()).toEqual(['forgeries', 'unavailable']);
  counts.stored++;
  expect(await codes()).toEqual([]);
  watchdog.close();
});

test('it is told how it stands with asking LiveKit', async () => {
  evaluator = new CallEvaluator();
  const watchdog = new Watchdog(evaluator, { asking: () => ({ rounds: 3, since: 0 }) });
  expect(await watchdog.look()).toMatchObject([{ code: 'asking_fails' }]);
  watchdog.close();
});
