import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { summariesSchema } from '../../src/fleet/callSummary.ts';
import { summarize } from '../../src/fleet/summary.ts';
import type { SummaryText } from '../../src/fleet/summaryFigure.ts';
import { SUMMARY_FIGURES } from '../../src/fleet/summaryRegistry.ts';
import { figures, gaveUp, stillOn } from './someFigures.ts';

const ALL: readonly SummaryText[] = SUMMARY_FIGURES;

test('has every figure of the contract', () => {
  const contract = `calls offered answered abandoned abandonmentRate averageSpeedOfAnswer serviceLevel averageHandleTime
    callDuration joinLatency responseLatency engagement peakCalls peakParticipants participantMinutes endReasons audioIssues
    recordingCoverage toolErrors usage cost incomplete containmentRate`.match(/\S+/g)!;
  expect(ALL.map(({ path }) => path)).toEqual(expect.arrayContaining(contract));
  expect(new Set(ALL.map(({ path }) => path)).size).toBe(ALL.length);
});

describe.each(ALL)('$path', ({ unit, formula, nullWhen, source }) => {
  test('says its unit, formula, source, and when it is null', () => {
    expect(unit).toMatch(/^\S/);
    expect(formula).toMatch(/^\S.{3,}\.$/);
    expect(nullWhen).toMatch(/^\S/);
    expect(source).toMatch(/^\S/);
  });
});

test.each([
  ['no call', []],
  [
    'some calls',
    [figures(), gaveUp(30), stillOn(), figures({ bounds: { callDuration: [1, null] }, uncertain: ['endReason'] })],
  ],
])('a summary of %s is what the schema says', (_, calls) => {
  const summaries = summarize(calls, { by: ['day', 'agent'] });
  expect(summariesSchema().parse(summaries)).toEqual(summaries);
});

test('the schema is JSON Schema too, with what each figure says', () => {
  const schema = JSON.stringify(z.toJSONSchema(summariesSchema(), { io: 'output' }));
  expect(schema).toContain('Abandoned / offered.');
  expect(schema).toContain('calls it rests on');
});
