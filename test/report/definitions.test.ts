import { expect, test } from 'vitest';
import { SUMMARY_FIGURES } from '../../src/fleet/summaryRegistry.ts';
import { METRICS } from '../../src/metrics/registry.ts';
import {
  definitionOf,
  figureDefinitions,
  leftOutText,
  metricDefinitions,
  reasonsIn,
} from '../../src/report/definitions.ts';

test('every metric has one, and every figure', () => {
  for (const { path, formula } of METRICS) expect(definitionOf(path)).toMatchObject({ path, formula });
  const figures = figureDefinitions(SUMMARY_FIGURES.map(({ path }) => path));
  expect(figures.slice(0, SUMMARY_FIGURES.length).map(({ path }) => path)).toEqual(
    SUMMARY_FIGURES.map(({ path }) => path),
  );
});

test('a part has its own where it is described, else that of the metric', () => {
  expect(definitionOf('conversation.deadAir.longest')).toMatchObject({
    id: 'call-conversation.deadAir',
    title: 'Conversation: dead air',
    formula: 'silences longer than the threshold, s',
  });
  expect(definitionOf('endReason.raw')).toMatchObject({ id: 'call-endReason' });
  expect(definitionOf('evidence.completeness')).toMatchObject({ title: 'Completeness', unit: 'share' });
  expect(definitionOf('custom.mine')).toBeNull();
});

test('of several parts of one each is there once, in the order of the registry', () => {
  const paths = ['recording.failed', 'endReason.raw', 'endReason.class', 'callDuration'];
  expect(metricDefinitions(paths).map(({ path }) => path)).toEqual(['callDuration', 'endReason', 'recording.failed']);
});

test('those of figures bring along the metrics that they speak of', () => {
  const ids = figureDefinitions(['averageSpeedOfAnswer', 'calls']).map(({ id }) => id);
  expect(ids).toEqual(['figure-calls', 'figure-averageSpeedOfAnswer', 'call-agent.joinLatency']);
});

test('why calls are left out is said in words, and what these mean', () => {
  expect(leftOutText({ notOffered: 1234, noAgent: 2 })).toBe('1,234 not offered, 2 no agent');
  expect(reasonsIn([{ noAgent: 1 }, {}, { active: 3 }]).map(([word]) => word)).toEqual(['Active', 'No agent']);
});
