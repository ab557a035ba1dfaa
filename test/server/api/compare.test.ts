import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparisonSchema } from '../../../src/fleet/compare/comparison.ts';
import { type Answered, closeAll, recorded } from './recorded.ts';

let get: (path: string) => Promise<Answered>;
beforeAll(async () => {
  ({ get } = await recorded());
});
afterAll(closeAll);
const ask = (query: string) => get(`/v1/compare?${encodeURI(query)}`);

test('two choices of calls, with what holds for both', async () => {
  const { status, body } = await ask(
    'baseline[endReason]=human_hangup&candidate[endReason]=agent_hangup,agent_no_show&candidate[minCompleteness]=0.5&since=2026-01-01&figures=calls,abandonmentRate,endReasons.*',
  );
  expect(status).toBe(200);
  expect(comparisonSchema.parse(body)).toEqual(body);
  expect(body.baseline.asked).toEqual({ since: '2026-01-01T00:00:00.000Z', endReason: ['human_hangup'] });
  expect(body.candidate.asked).toEqual({
    since: '2026-01-01T00:00:00.000Z',
    endReason: ['agent_hangup', 'agent_no_show'],
    minCompleteness: 0.5,
  });
  expect(body.figures.map(({ path }: { path: string }) => path)).toEqual([
    'calls',
    'abandonmentRate',
    'endReasons.human_hangup',
    'endReasons.agent_hangup',
    'endReasons.agent_no_show',
  ]);
});

test('metadata of one side, and of both', async () => {
  const { body } = await ask('baseline[metadata][version]=1&candidate[metadata][version]=2&metadata[tenant]=acme');
  expect(body.baseline.asked).toEqual({ metadata: { tenant: 'acme', version: '1' } });
  expect(body.candidate.asked).toEqual({ metadata: { tenant: 'acme', version: '2' } });
});

test.each([
  ['baseline[agnet]=nova', 'baseline[agnet]', 'Did you mean baseline[agent]?'],
  ['baseline=nova', 'baseline', 'There is no parameter "baseline". Did you mean baseline[tag]?'],
  ['baseline[agent][x]=nova', 'baseline[agent][x]', 'Did you mean baseline[agent]?'],
  ['baseline[metadata]=nova', 'baseline[metadata]', 'Did you mean baseline[metadata][key]?'],
  ['baseline[metadata][__proto__]=1', 'metadata', 'leave it out'],
  ['baseline[agent]=a&baseline[agent]=b', 'baseline[agent]', 'give it once'],
  ['candidate[minCompleteness]=2', 'candidate[minCompleteness]', 'a number from 0 to 1'],
  ['candidate[status]=finished,finishd', 'candidate[status]', 'there is no "finishd". Did you mean finished?'],
  ['candidate[since]=soon', 'candidate[since]', '"soon" is not what it takes'],
  ['figures=responseLatency.p97', 'figures', 'Did you mean responseLatency.p9'],
  ['by=day', 'by', 'There is no parameter "by"'],
])('%s is refused', async (query, parameter, detail) => {
  const { status, body } = await ask(query);
  expect([status, body.parameter]).toEqual([400, parameter]);
  expect(body.detail).toContain(detail);
});
