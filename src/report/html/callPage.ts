/** One call on one page. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import type { CallReport } from '../callReport.ts';
import { CALL_SECTIONS, type CallRow } from '../callSections.ts';
import { cut } from '../cell.ts';
import { metricDefinitions } from '../definitions.ts';
import { inWords } from '../inWords.ts';
import { percent } from '../shownNumber.ts';
import { shownValue } from '../shownValue.ts';
import { callMinutes } from './callMinutes.ts';
import { audioIssues, conversationTable, egressTable, jobTable, peopleTable, usageTable } from './callTables.ts';
import { type Card, cards } from './cards.ts';
import { definitionList, metricTerm } from './definitionList.ts';
import { evidenceSection } from './evidence.ts';
import { type Html, html, type Piece } from './html.ts';
import { madeBy } from './madeBy.ts';
import { page } from './page.ts';
import { timelineChart } from './timelineChart.ts';
import { code, name } from './words.ts';

const HEADLINE: readonly CallRow[] = [
  ['First to last person', 'callDuration', 's'],
  ['Agent with human', 'agentHumanDuration', 's'],
  ['Wait for an agent', 'agent.joinLatency', 's'],
  ['Responses', 'response.count', 'n'],
  ['Response latency', 'response.latency.p50', 's'],
  ['Engagement', 'engagement.score', 'score'],
  ['People', 'participants.unique', 'n'],
  ['Audio', 'audio.grade', 'text'],
  ['Ended by', 'endReason.class', 'text'],
];

/** Parts of what stands in tables of their own. */
const MORE: readonly string[] = [
  'participants.list',
  'participants.byKind',
  'audio.issues',
  'recording.egresses',
  'agent.jobs',
  'usage',
  'evidence.completeness',
  'evidence.resolution',
  'evidence.bounds',
  'evidence.uncertain',
];

export function callPage(report: CallReport): string {
  const { metrics, timeline, conversation, clock, made } = report;
  const { roomSid, roomName, status, evidence } = metrics;
  const shown = Object.entries(CALL_SECTIONS).map(([title, rows]) => ({ title, rows: present(metrics, rows, report) }));
  const sections = shown.filter(({ rows }) => rows.length > 0);
  const paths = [
    ...HEADLINE.map(([, path]) => path),
    ...sections.flatMap(({ rows }) => rows.map(({ path }) => path)),
    ...MORE,
  ];
  const main = html`<h1>${roomName === null ? code(cut(roomSid, 120)) : name(roomName)}</h1>
<p class="lead">${roomName !== null && html`${code(cut(roomSid, 120))}, `}${status}, ${spanOf(report)}.</p>
${completenessNotice(metrics)}
${cards([...HEADLINE.flatMap((row) => card(metrics, row, report)), completenessCard(evidence)])}
<h2 id="timeline">Timeline</h2>
${timelineChart(timeline, conversation, made.at, clock)}
<h2 id="people">Who was there</h2>
${peopleTable(metrics, clock)}
${callMinutes(metrics)}
<h2 id="numbers">Numbers</h2>
<div class="sections">
${sections.map(({ title, rows }) => section(title, rows))}</div>
${audioIssues(metrics, clock)}
${egressTable(metrics, clock)}
${jobTable(metrics, clock)}
${usageTable(metrics)}
${custom(metrics)}
${conversationTable(conversation, clock)}
<h2 id="evidence">Evidence</h2>
${evidenceSection(evidence, clock)}
<h2 id="definitions">Definitions</h2>
${definitionList(metricDefinitions(paths))}`;
  const footer = html`${madeBy(made, clock)}<p>“call-evaluator explain ${cut(roomSid, 120)} callDuration” tells the events that decided a value; so it does of every other one.</p>`;
  return page({ title: `Call ${cut(roomName ?? roomSid, 80)}`, main, footer });
}

/** When it was, and by whose clocks. */
function spanOf({ metrics: { startedAt, endedAt }, clock, made }: CallReport): string {
  const span = clock.span(startedAt, endedAt ?? made.at);
  return `${span}, ${clock.timeZone}${endedAt === null ? '; it is still on, and its numbers are not final' : ''}`;
}

interface Row {
  label: string;
  path: string;
  text: string;
  limits: string | null;
  uncertain: boolean;
}

/** Nothing where the call has none of these values, such as a phone's. */
function present(metrics: CallMetrics, rows: readonly CallRow[], { clock }: CallReport): Row[] {
  const found = rows.flatMap(([label, path, unit]) => {
    const value = shownValue(metrics, path, unit, clock);
    return value === undefined ? [] : [{ label, path, ...value }];
  });
  return found.some(({ text, limits }) => text !== '–' || limits !== null) ? found : [];
}

function section(title: string, rows: readonly Row[]): Html {
  return html`<div><table>
<caption>${title}</caption>
<thead><tr><th scope="col">metric</th><th scope="col">value</th></tr></thead>
<tbody>
${rows.map(
  ({ label, path, ...value }) =>
    html`<tr><th scope="row">${metricTerm(path, label)}</th><td><bdi>${value.text}</bdi>${doubt(value)}</td></tr>\n`,
)}</tbody>
</table></div>
`;
}

function doubt({ limits, uncertain }: Pick<Row, 'limits' | 'uncertain'>): Piece {
  return html`${limits !== null && html`<span class="soft limit">limits ${limits}</span>`}${uncertain && html`<span class="soft limit">a lost event could turn it</span>`}`;
}

function card(metrics: CallMetrics, [label, path, unit]: CallRow, { clock }: CallReport): Card[] {
  const value = shownValue(metrics, path, unit, clock);
  if (value === undefined || (value.text === '–' && value.limits === null)) return [];
  const { text, limits, uncertain } = value;
  return [
    {
      title: metricTerm(path, path.endsWith('p50') ? `${label} p50` : label),
      value: unit === 'text' ? inWords(text) : text,
      isWord: unit === 'text',
      notes: [
        limits && `limits ${limits}`,
        uncertain && 'a lost event could turn it',
        unit === 'score' && 'of 100',
        sourceNote(metrics, path),
      ],
    },
  ];
}

/** Of two things that share a name it says which it is. */
function sourceNote({ response }: CallMetrics, path: string): string | null {
  if (!path.startsWith('response.')) return null;
  return response.source === 'turns' ? 'by turns that agents told' : 'by tracks: joined to agent’s audio up';
}

function completenessCard({ completeness, gaps }: CallMetrics['evidence']): Card {
  return {
    title: metricTerm('evidence.completeness', 'Completeness'),
    value: percent(completeness),
    notes: [
      gaps.length === 0 ? 'nothing is known to be missing' : `${gaps.length.toLocaleString('en')} gaps, see evidence`,
    ],
  };
}

function completenessNotice({ evidence: { completeness }, status }: CallMetrics): Piece {
  if (status === 'active') return html`<p class="notice">The call is still on: these are its numbers of now.</p>`;
  if (completeness === 1) return null;
  return html`<p class="notice">${percent(completeness)} of the ends of its spans were observed. The others are inferred: the values that rest on them have limits, between which the truth lies.</p>`;
}

function custom({ custom }: CallMetrics): Piece {
  if (custom === null || Object.keys(custom).length === 0) return null;
  const rows = Object.entries(custom).map(
    ([id, value]) =>
      html`<tr><th scope="row">${name(id)}</th><td>${name(typeof value === 'string' ? value : (JSON.stringify(value) ?? '–'))}</td></tr>\n`,
  );
  return html`<h3>Your own metrics</h3>
<table><thead><tr><th scope="col">metric</th><th scope="col">value</th></tr></thead><tbody>
${rows}</tbody></table>`;
}
