/** Charts of a period: what happened when. The table by the same unit of time has their numbers. */
import type { CallSummary } from '../../fleet/callSummary.ts';
import { shortLabel } from '../instantText.ts';
import type { PeriodReport } from '../periodReport.ts';
import { type Limits, lasting, limitsText, percent, setShare } from '../shownNumber.ts';
import { bandChart } from './bandChart.ts';
import { columnChart } from './columnChart.ts';
import { figureTerm } from './definitionList.ts';
import { type Html, html } from './html.ts';
import { figure } from './plot.ts';
import { shareChart } from './shareChart.ts';

export function chartsOverTime({ overTime, unit }: PeriodReport): Html {
  const { groups, definitions } = overTime;
  const names = groups.map(({ group }) => group.key[unit] ?? '');
  const labels = names.map((label) => shortLabel(label, unit));
  const { threshold, target } = definitions.serviceLevel;
  return html`<div class="charts">
<div class="wide">${figure(
    html`${figureTerm('calls', 'Calls')} by ${unit}`,
    columnChart({
      id: 'chart-calls',
      title: `Calls by ${unit}`,
      description: describe(names, groups, ({ calls }) => calls.value, String),
      labels,
      hints: groups.map(
        ({ calls, answered, abandoned }, i) =>
          `${names[i]}: ${count(calls)} calls, ${count(answered)} answered, ${count(abandoned)} abandoned`,
      ),
      series: partsOf(groups),
    }),
  )}</div>
${figure(
  html`${figureTerm('serviceLevel', 'Service level')}: answered within ${threshold} s`,
  shareChart({
    id: 'chart-service-level',
    title: `Service level by ${unit}`,
    description: describe(names, groups, ({ serviceLevel }) => serviceLevel.rate.value, percent),
    labels,
    hints: groups.map(({ serviceLevel: { rate } }, i) => `${names[i]}: ${shareHint(rate)}`),
    points: groups.map(({ serviceLevel }) => serviceLevel.rate),
    name: 'service level',
    target: { value: target, text: `target ${setShare(target)}` },
  }),
)}
${figure(
  html`${figureTerm('responseLatency', 'Response latency')}, percentiles`,
  bandChart({
    id: 'chart-response',
    title: `Response latency by ${unit}: p50, p90 and p95`,
    description: describe(names, groups, ({ responseLatency }) => responseLatency.value?.p50 ?? null, lasting, 'p50: '),
    labels,
    hints: groups.map(({ responseLatency }, i) => `${names[i]}: ${latencyHint(responseLatency.value)}`),
    bands: groups.map(({ responseLatency }) => responseLatency.value),
    label: (value) => `${value} s`,
  }),
)}
</div>`;
}

/** What becomes of calls: parts that add up to all of them. */
function partsOf(groups: readonly CallSummary[]) {
  const answered = groups.map((one) => one.answered.value ?? 0);
  const abandoned = groups.map((one) => one.abandoned.value ?? 0);
  const others = groups.map((one, i) => Math.max(0, (one.calls.value ?? 0) - answered[i]! - abandoned[i]!));
  return [
    { mark: 'blue', text: 'answered', values: answered },
    { mark: 'orange', text: 'abandoned', values: abandoned },
    { mark: 'grey', text: 'not offered, not known, or still on', values: others },
  ];
}

const count = ({ value }: Limits) => (value === null ? 'no' : value.toLocaleString('en'));

function shareHint(rate: Limits): string {
  if (rate.value === null) return 'no call counts';
  const limits = limitsText(rate, 'share');
  return `${percent(rate.value)}${limits === null ? '' : ` (${limits})`}`;
}

function latencyHint(value: CallSummary['responseLatency']['value']): string {
  if (value === null) return 'no response was timed';
  return `p50 ${lasting(value.p50)}, p90 ${lasting(value.p90)}, p95 ${lasting(value.p95)} of ${value.count}`;
}

/** From where to where it goes, and when; for those who do not see the chart. */
function describe(
  names: readonly string[],
  groups: readonly CallSummary[],
  of: (summary: CallSummary) => number | null,
  show: (value: number) => string,
  what = '',
): string {
  const told = groups.flatMap((summary, i) => {
    const value = of(summary);
    return value === null ? [] : [{ value, name: names[i]! }];
  });
  if (told.length === 0) return 'There is nothing to show.';
  const least = told.reduce((a, b) => (b.value < a.value ? b : a));
  const most = told.reduce((a, b) => (b.value > a.value ? b : a));
  const span = `${names[0]} to ${names.at(-1)}`;
  return `${span}. ${what}least ${show(least.value)} (${least.name}), most ${show(most.value)} (${most.name}). The table below has all numbers.`;
}
