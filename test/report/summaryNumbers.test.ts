import { beforeAll, expect, test } from 'vitest';
import { SUMMARY_FIGURES } from '../../src/fleet/summaryRegistry.ts';
import { figureDefinitions } from '../../src/report/definitions.ts';
import { minutesOf } from '../../src/report/minutes.ts';
import { periodCsv } from '../../src/report/periodCsv.ts';
import { periodMarkdown } from '../../src/report/periodMarkdown.ts';
import type { PeriodReport } from '../../src/report/periodReport.ts';
import { numbersOf } from '../../src/report/summaryNumbers.ts';
import { everything, hostile, periodReport } from './html/reports.ts';
import { parsedCsv } from './parsedCsv.ts';

let report: PeriodReport;
beforeAll(async () => {
  report = await periodReport(everything(), { by: ['agent'] });
});

test('every number of a summary is found by its path, with its unit', () => {
  const { total } = report.overTime;
  const numbers = numbersOf(total);
  expect(new Set(numbers.map(({ figure }) => figure))).toEqual(new Set(SUMMARY_FIGURES.map(({ path }) => path)));
  expect(new Set(numbers.map(({ path }) => path)).size).toBe(numbers.length);
  const found = (path: string) => numbers.find((one) => one.path === path);
  expect(found('serviceLevel.rate')).toMatchObject({ unit: 'share', value: total.serviceLevel.rate.value });
  expect(found('responseLatency.p95')).toMatchObject({ unit: 's', value: total.responseLatency.value!.p95 });
  expect(found('responseLatency.count')).toMatchObject({ unit: 'n', value: total.responseLatency.value!.count });
  expect(found('participantMinutes.SIP')).toMatchObject({ unit: 'min', value: total.participantMinutes.SIP!.value });
  expect(found('cost.USD')).toMatchObject({ unit: 'money', currency: 'USD' });
  expect(found('usage.llm/invented/small-1.inputTokens')).toMatchObject({ unit: 'n', value: 120 });
});

test('minutes of all kinds are those of humans and of machines', () => {
  const { kinds, sides } = minutesOf(report.overTime.total);
  const sum = (those: readonly { value: number | null }[]) => those.reduce((all, { value }) => all + value!, 0);
  expect(sum(sides)).toBeCloseTo(sum(kinds), 6);
  for (const { value, low, high } of sides) {
    expect(low).toBeLessThanOrEqual(value!);
    if (high !== null) expect(high).toBeGreaterThanOrEqual(value!);
  }
});

test('CSV has a row a number, with what it means', () => {
  const [head, ...rows] = parsedCsv(periodCsv(report));
  const cells = rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell])));
  expect(cells.every(({ definition, unit }) => definition !== '' && unit !== '')).toBe(true);
  const { total, groups } = report.overTime;
  const rate = cells.find(({ row, figure }) => row === 'total' && figure === 'serviceLevel.rate')!;
  expect(rate).toMatchObject({ value: String(total.serviceLevel.rate.value), unit: 'share' });
  expect(rate.definition).toContain('Calls answered within `threshold`');
  const calls = cells.filter(({ by, figure }) => by === 'hour' && figure === 'calls');
  expect(calls.map(({ value }) => value)).toEqual(groups.map(({ calls }) => String(calls.value)));
  expect(cells.some(({ by }) => by === 'agent')).toBe(true);
});

test('Markdown has every figure with its definition, and no markup of others', async () => {
  const text = periodMarkdown(report);
  expect(text).toMatch(/^# Calls, 12 Oct 2026\n/);
  expect(text).toContain('| Service level | ');
  for (const { title } of figureDefinitions(SUMMARY_FIGURES.map(({ path }) => path)))
    expect(text).toContain(`- **${title}** (`);
  expect(text).toMatch(/\*\*all human\*\* \| [\d,.]+\u00a0min/);
  const evil = periodMarkdown(await periodReport(hostile(), { by: ['roomName'] }));
  expect(evil).toContain('\\<img src=x onerror=alert(1)\\>');
  expect(evil).not.toMatch(/(?<!\\)<img/);
});
