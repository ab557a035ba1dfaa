/** What a call's numbers rest on: what came, what was missing, and what stood in for it. */
import type { Evidence } from '../../metrics/callMetrics.ts';
import type { Clock } from '../instantText.ts';
import { inWords } from '../inWords.ts';
import { lasting, percent } from '../shownNumber.ts';
import { metricTerm } from './definitionList.ts';
import { type Html, html, type Piece } from './html.ts';
import { table } from './table.ts';
import { code, name } from './words.ts';

const MOST_GAPS = 100;

export function evidenceSection(
  { completeness, resolution, events, gaps, inputs, bounds, uncertain }: Evidence,
  clock: Clock,
): Html {
  const counted = Object.entries(events).filter(([, count]) => count > 0);
  return html`<p>${metricTerm('evidence.completeness', 'Completeness')} ${percent(completeness)}; ${metricTerm('evidence.resolution', 'resolution')} ${lasting(resolution)}; ${metricTerm('evidence.bounds', 'values with limits')} ${Object.keys(bounds).length.toLocaleString('en')}; ${metricTerm('evidence.uncertain', 'flags that could turn')} ${uncertain.length.toLocaleString('en')}.</p>
<p>Events: ${counted.map(([word, count], i): Piece => html`${i > 0 && ', '}${count.toLocaleString('en')} ${inWords(word).toLowerCase()}`)}.</p>
${gaps.length > 0 && gapTable(gaps, clock)}
<p class="soft">Inputs ${code(inputs.hash)} of ${inputs.eventCount.toLocaleString('en')} facts, metrics version ${inputs.metricsVersion}, options ${code(inputs.configHash)}: the same facts and options give the same numbers.</p>`;
}

function gapTable(gaps: Evidence['gaps'], clock: Clock): Html {
  const rows = gaps
    .slice(0, MOST_GAPS)
    .map(({ subject, sid, missing, resolvedBy, range }): Piece[] => [
      html`${subject} ${code(sid.slice(0, 60))}`,
      name(missing),
      range === null ? '–' : range.map((limit) => (limit === null ? 'no limit known' : clock.time(limit))).join(' to '),
      name(resolvedBy),
    ]);
  return html`${table({
    id: 'table-gaps',
    caption: 'What was missing',
    columns: [{ head: 'of' }, { head: 'missing' }, { head: 'lies between' }, { head: 'told by' }],
    rows,
  })}${gaps.length > MOST_GAPS && html`<p class="soft">The first ${MOST_GAPS} of ${gaps.length.toLocaleString('en')}.</p>`}`;
}
