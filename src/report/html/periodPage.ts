/** Many calls on one page. */
import type { CallSummary, FigurePath } from '../../fleet/callSummary.ts';
import { SUMMARY_FIGURES } from '../../fleet/summaryRegistry.ts';
import { figureDefinitions } from '../definitions.ts';
import { type PeriodReport, rulesOf, titleOf } from '../periodReport.ts';
import { percent } from '../shownNumber.ts';
import { minutes, models, outcomes } from './breakdowns.ts';
import { definitionList, figureTerm } from './definitionList.ts';
import { groupTable, TABLE_NOTES } from './groupTable.ts';
import { headline } from './headline.ts';
import { type Html, html, type Piece } from './html.ts';
import { madeBy } from './madeBy.ts';
import { chartsOverTime } from './overTime.ts';
import { page } from './page.ts';
import { trustTables } from './trustTable.ts';
import { name } from './words.ts';

export function periodPage(report: PeriodReport): string {
  const { overTime, groups, unit, clock, filter, measured, made } = report;
  const { total } = overTime;
  const title = `Calls, ${titleOf(report)}`;
  const calls = total.calls.value ?? 0;
  const by = groups?.definitions.by.join(', ');
  const main = html`<h1>${title}</h1>
<p class="lead">${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'} that started then, by the clocks of ${clock.timeZone}${filter.length > 0 && html`; ${filter.map(setting)}`}.</p>
${trustNotice(total)}
<nav aria-label="On this page"><a href="#time">Over time</a> <a href="#outcomes">Outcomes</a> <a href="#minutes">Minutes</a> <a href="#groups">Tables</a> <a href="#trust">Trust</a> <a href="#definitions">Definitions</a></nav>
<h2 id="figures">In short</h2>
${headline(total)}
<h2 id="time">Over time</h2>
${overTime.groups.length === 0 ? html`<p class="soft">No call started then.</p>` : chartsOverTime(report)}
<h2 id="outcomes">Outcomes</h2>
${outcomes(total)}
<h2 id="minutes">Human and machine minutes</h2>
${minutes(total)}
${models(total)}
<h2 id="groups">Tables</h2>
${groups !== null && groupTable('table-groups', `By ${by}`, groups, total)}
${groupTable('table-time', `By ${unit}`, overTime, total)}
${cutNote(report)}
${TABLE_NOTES.map((note) => html`<p class="soft">${note}</p>\n`)}
<h2 id="trust">How far to trust it</h2>
<p>Webhooks get lost. A call is complete when nothing is missing that its other webhooks would show; where something is missing, the limits say between which values the truth lies, as far as what did come shows it. What left no trace is in no limit: a track both of whose events were lost, a call of which no webhook came at all.</p>
${trustTables(total)}
<h2 id="definitions">Definitions</h2>
<ul>${rulesOf(report).map((rule) => html`<li>${rule}</li>\n`)}</ul>
${definitionList(figureDefinitions(SUMMARY_FIGURES.map(({ path }): FigurePath => path)))}`;
  const set = measured.length > 0 && html`<p>Measured with ${measured.map(setting)}.</p>`;
  return page({ title, main, footer: html`${madeBy(made, clock)}${set}` });
}

const setting = ([key, value]: readonly [string, string], i: number): Piece =>
  html`${i > 0 && ', '}${key} ${name(value)}`;

/** The share of calls that are complete, first of all. */
function trustNotice({ calls, incomplete }: CallSummary): Html {
  const share = calls.complete;
  if (share === null) return html`<p class="notice">No call started in this period.</p>`;
  if (share === 1)
    return html`<p class="notice good">Of every call all came that its webhooks show: what lost webhooks left no trace of aside, the figures are exact.</p>`;
  return html`<p class="notice">${percent(share)} of the calls are ${figureTerm('calls', 'complete')}. Of the others (${figureTerm('incomplete', percent(incomplete.value ?? 0))}) something is missing: a figure that could differ for it has limits, in which the truth lies as far as what did come shows it.</p>`;
}

/** The first and the last period may be cut by those of the page. */
function cutNote({ overTime, from, until, unit }: PeriodReport): Piece {
  const first = overTime.groups[0]?.group.from;
  const last = overTime.groups.at(-1)?.group.until;
  const cut = [
    ...(first && from !== undefined && Date.parse(first) < from ? ['first'] : []),
    ...(last && until !== undefined && Date.parse(last) > until ? ['last'] : []),
  ];
  return (
    cut.length > 0 &&
    html`<p class="soft">The ${cut.join(' and the ')} ${unit} ${cut.length > 1 ? 'are' : 'is'} in it in part alone.</p>`
  );
}
