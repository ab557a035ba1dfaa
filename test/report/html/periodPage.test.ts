import { beforeAll, describe, expect, test } from 'vitest';
import { SUMMARY_FIGURES } from '../../../src/fleet/summaryRegistry.ts';
import { periodPage } from '../../../src/report/html/periodPage.ts';
import type { PeriodReport } from '../../../src/report/periodReport.ts';
import { all, byId, type Element } from './document.ts';
import { EVIL, everything, hostile, periodReport } from './reports.ts';
import { soundPage } from './sound.ts';

let report: PeriodReport;
let page: Element;
beforeAll(async () => {
  report = await periodReport(everything(), { by: ['agent', 'endReason'] });
  page = soundPage(periodPage(report));
});
const cardOf = (title: string) =>
  all(page, 'div').find(({ children }) => children[0]?.tag === 'dt' && children[0].text === title)!;

test('the headline has what a period is judged by, with its limits and what it rests on', () => {
  expect(page.text).toContain('Calls, 12 Oct 2026');
  const titles = all(page, 'dl')[0]!.children.map(({ children }) => children[0]!.text);
  expect(titles).toEqual([
    'Calls',
    'Offered',
    'Answered',
    'Abandoned',
    'Service level',
    'Average speed of answer',
    'Average handle time',
    'Containment rate',
    'Response latency p50',
    'Response latency p95',
    'Engagement',
    'Peak calls',
  ]);
  const { total } = report.overTime;
  expect(cardOf('Calls').text).toContain(String(total.calls.value));
  expect(cardOf('Answered').text).toMatch(/limits \d+ to \d+\s+of \d+ calls, \d\d\.\d\u00a0% complete/);
  expect(cardOf('Service level').text).toMatch(
    /answered within 20 s; target 80\u00a0%: (met|missed|lost webhooks decide)/,
  );
});

test('every figure has its definition on the page, and every number leads to one', () => {
  const definitions = all(page, 'dl').at(-1)!;
  for (const { path, formula } of SUMMARY_FIGURES) {
    const definition = byId(definitions, `figure-${path}`);
    expect(definition?.text, path).toContain(formula.replaceAll('`', '').slice(0, 40));
  }
  // and of what these speak: a metric of a call
  expect(byId(definitions, 'call-agent.joinLatency')?.text).toContain('speed of answer');
  for (const card of all(page, 'dl')[0]!.children)
    expect(all(card.children[0]!, 'a')[0]?.attributes.href, card.text).toMatch(/^#figure-/);
  const figures = byId(page, 'table-figures')!.parent!;
  for (const row of all(all(figures, 'tbody')[0]!, 'tr'))
    expect(all(row.children[0]!, 'a')[0]?.attributes.href).toMatch(/^#figure-/);
  expect(all(figures, 'tbody')[0]!.children.length).toBeGreaterThanOrEqual(SUMMARY_FIGURES.length - 1);
  for (const table of all(page, 'table'))
    expect(all(table, 'a').length, all(table, 'caption')[0]?.text).toBeGreaterThan(0);
});

test('charts say in words what they show', () => {
  const charts = all(page, 'svg').filter(({ attributes }) => attributes.class === 'plot');
  expect(charts.map((chart) => all(chart, 'title')[0]!.text)).toEqual([
    'Calls by hour',
    'Service level by hour',
    'Response latency by hour: p50, p90 and p95',
  ]);
  const [calls] = charts;
  const most = report.overTime.groups.reduce((a, b) => (b.calls.value! > a.calls.value! ? b : a));
  expect(all(calls!, 'desc')[0]!.text).toContain(`most ${most.calls.value} (${most.group.key.hour})`);
  // the table of the same has a row for each
  const rows = all(all(byId(page, 'table-time')!.parent!, 'tbody')[0]!, 'tr');
  expect(rows).toHaveLength(report.overTime.groups.length);
  expect(all(calls!, 'g')).toHaveLength(report.overTime.groups.length);
});

test('groups that were asked for have a table, with one total', () => {
  const table = byId(page, 'table-groups')!.parent!;
  const head = all(all(table, 'thead')[0]!, 'th').map(({ text }) => text);
  expect(head.slice(0, 3)).toEqual(['agent', 'endReason', 'calls']);
  expect(all(all(table, 'tfoot')[0]!, 'tr')[0]!.children[2]!.text).toBe(String(report.overTime.total.calls.value));
});

test('human minutes stand beside those of machines, with how they relate to a bill', () => {
  const sides = all(byId(page, 'bars-sides')!.parent!, 'tr').slice(1);
  const minutes = (kinds: string[]) =>
    kinds.reduce((sum, kind) => sum + (report.overTime.total.participantMinutes[kind]?.value ?? 0), 0);
  const shown = (row: Element) => Number(row.children[1]!.text.replace(/[^\d.]/g, ''));
  expect(sides.map(({ children }) => children[0]!.text.split(' ')[0])).toEqual(['Humans', 'Machines']);
  expect(shown(sides[0]!)).toBeCloseTo(minutes(['STANDARD', 'SIP', 'CONNECTOR', 'BRIDGE']), 1);
  expect(shown(sides[1]!)).toBeCloseTo(minutes(['AGENT', 'EGRESS', 'INGRESS']), 1);
  expect(page.text).toContain('LiveKit Cloud rounds each connection up to whole minutes');
});

test('usage and cost, where agents told of them', () => {
  expect(byId(page, 'table-usage')!.parent!.text).toContain('small-1');
  expect(page.text).toMatch(/Cost: \d+\.\d\d\u00a0USD/);
});

describe('names of others', () => {
  test('are text, whatever they hold', async () => {
    const made = periodPage(await periodReport(hostile(), { by: ['roomName', 'agent'] }));
    soundPage(made);
    expect(made).not.toContain('<img');
    expect(made).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\\u202e\\u0007 room');
    expect(made).toContain('agent');
    expect(made).not.toContain(EVIL);
  });

  test('of filters and of options as well', () => {
    const filter = [['room', EVIL]] as const;
    soundPage(periodPage({ ...report, filter, measured: [['neverSent', EVIL]] }));
  });
});

describe('periods', () => {
  test('without a call', async () => {
    const empty = soundPage(periodPage(await periodReport([])));
    expect(empty.text).toContain('No call started in this period.');
    expect(empty.text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('without an end, and without any', async () => {
    const open = await periodReport([], { query: {}, unit: 'month' });
    expect(soundPage(periodPage(open)).text).toContain('Calls, all calls');
    const since = { since: '2026-10-12T10:00:00Z' };
    const half = soundPage(periodPage(await periodReport(everything(), { query: since, unit: 'day' })));
    expect(half.text).toContain('Calls, since 12 Oct 2026, 10:00:00');
    expect(half.text).toContain('The first day is in it in part alone.');
  });

  test('of which every webhook came are said to be exact', async () => {
    const exact = await periodReport(everything().filter((line) => line.includes('RM_support')));
    const text = soundPage(periodPage(exact)).text;
    expect(text).toContain('Of every call all came that its webhooks show');
    expect(all(soundPage(periodPage(exact)), 'dl')[0]!.text).not.toContain('limits');
  });

  test('of more groups than are shown', async () => {
    const report = await periodReport(everything(), { by: ['roomName'], query: { since: '2026-10-12', maxGroups: 3 } });
    const { text } = soundPage(periodPage(report));
    expect(text).toContain('(others)');
    expect(text).toContain('There are more groups than 3');
  });

  test('months in a time zone, whose days are of 23 and 25 hours', async () => {
    const query = { since: '2026-09-30T22:00:00Z', until: '2026-10-31T23:00:00Z', timeZone: 'Europe/Berlin' };
    const report = await periodReport(everything(), { query, unit: 'day' });
    expect(report.overTime.groups).toHaveLength(31);
    const text = soundPage(periodPage(report)).text;
    expect(text).toContain('Calls, October 2026');
    expect(text).not.toContain('in part alone');
  });
});
