import { afterAll, expect, test } from 'vitest';
import type { CompareQuery } from '../src/compareQuery.ts';
import { CallEvaluator } from '../src/evaluator.ts';
import { callOf } from './server/api/recorded.ts';

const evaluator = new CallEvaluator();
afterAll(() => evaluator.close());

test('two choices of calls, by filters beside those of both', async () => {
  await evaluator.processEvents([...callOf('RM_1', 'a'), ...callOf('RM_2', 'b'), ...callOf('RM_3', 'b')]);
  const { baseline, candidate, figures, budget, definitions } = await evaluator.compare({
    baseline: { room: 'a' },
    candidate: { room: 'b' },
    since: new Date(0),
    status: ['finished'],
    serviceLevel: { threshold: 5 },
    figures: ['calls', 'callDuration.p50'],
    budget: { calls: { min: 2 } },
  });
  expect(baseline).toMatchObject({
    calls: 1,
    asked: { room: 'a', since: '1970-01-01T00:00:00.000Z', status: ['finished'] },
  });
  expect(candidate).toMatchObject({ calls: 2, complete: 1 });
  expect(figures).toMatchObject([
    { path: 'calls', difference: 1 },
    { path: 'callDuration.p50', difference: 0, verdict: 'unknown', doubt: 'tooFew' },
  ]);
  expect(budget).toMatchObject([{ outcome: 'kept' }]);
  expect(definitions.serviceLevel.threshold).toBe(5);
  expect((await evaluator.compare()).candidate.calls).toBe(3);
});

test.each<[unknown, string]>([
  ['agent', 'Expected options, such as'],
  [{ baselin: {} }, 'Unknown option baselin. Did you mean baseline?'],
  [{ baseline: { agen: 'nova' } }, 'Unknown option agen. Did you mean agent?'],
  [{ baseline: 'nova' }, 'Expected options, such as { agent: "nova" }'],
  [{ by: ['day'] }, 'Unknown option by.'],
  [{ candidate: { minCompleteness: 2 } }, 'Option minCompleteness: expected a number from 0 to 1'],
  [{ since: 'soon' }, 'Not an instant'],
  [{ figures: [] }, 'Option figures: expected a list of figures'],
  [{ figures: 'calls' }, 'Option figures: expected a list of figures'],
  [{ figures: ['call'] }, "figures: there is no figure 'call' to compare. Did you mean calls?"],
  [{ figures: ['latency*'] }, "figures: there is no figure 'latency*' to compare."],
  [{ budget: null }, 'budget: it takes limits by figure'],
  [{ shortAbandon: -1 }, 'Option shortAbandon'],
])('%j is refused', async (query, message) => {
  await expect(evaluator.compare(query as CompareQuery)).rejects.toThrow(message);
});
