/** How calls ended and how they sounded, for whom the minutes were, and what models used. */
import type { CallSummary } from '../../fleet/callSummary.ts';
import type { Figure } from '../../fleet/figure.ts';
import { inWords } from '../inWords.ts';
import { BILLING, type MinutesSide, minutesOf } from '../minutes.ts';
import { limitsText, percent, shownNumber } from '../shownNumber.ts';
import { barTable } from './barTable.ts';
import { figureTerm } from './definitionList.ts';
import { type Html, html, type Piece } from './html.ts';
import { table } from './table.ts';
import { name } from './words.ts';

export function outcomes(total: CallSummary): Html {
  return html`<div class="charts">
${mapBars('endReasons', 'How calls ended', 'reason', total.endReasons, 'blue')}
${mapBars('audioIssues', 'Audio issues', 'issue', total.audioIssues, 'orange')}
${mapBars('audioGrades', 'Audio grades', 'grade', total.audioGrades, 'green')}
${mapBars('statuses', 'Status', 'status', total.statuses, 'grey')}
</div>`;
}

type Maps = 'endReasons' | 'audioIssues' | 'audioGrades' | 'statuses';

function mapBars(path: Maps, title: string, of: string, map: Record<string, Figure>, mark: string): Html {
  const bars = Object.entries(map)
    .sort(([, a], [, b]) => (b.value ?? 0) - (a.value ?? 0))
    .map(([word, figure]) => ({ title: inWords(word), mark, ...figure }));
  if (bars.length === 0)
    return html`<div><p><b>${figureTerm(path, title)}</b></p><p class="soft">None was seen.</p></div>`;
  return html`<div>${barTable({ id: `bars-${path}`, caption: figureTerm(path, title), of, what: 'calls', unit: 'n', bars })}</div>`;
}

const SIDE: Record<MinutesSide, [title: string, mark: string]> = {
  human: ['Humans', 'blue'],
  machine: ['Machines', 'orange'],
  other: ['Other kinds', 'grey'],
};

export function minutes(total: CallSummary): Html {
  const { kinds, sides } = minutesOf(total);
  if (kinds.length === 0) return html`<p class="soft">Nobody was in any call.</p>`;
  const all = sides.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const sideBars = sides.map(({ side, ...limits }) => ({
    title: html`${SIDE[side][0]} <span class="soft">${all > 0 && percent((limits.value ?? 0) / all)}</span>`,
    mark: SIDE[side][1],
    ...limits,
  }));
  const kindBars = kinds.map(({ kind, side, ...figure }) => ({ title: name(kind), mark: SIDE[side][1], ...figure }));
  const term = (text: string) => figureTerm('participantMinutes', text);
  return html`<div class="charts">
<div>${barTable({ id: 'bars-sides', caption: term('Humans and machines'), of: 'who', what: 'minutes', unit: 'min', bars: sideBars })}</div>
<div>${barTable({ id: 'bars-minutes', caption: term('By LiveKit’s kind'), of: 'LiveKit’s kind', what: 'minutes', unit: 'min', bars: kindBars })}</div>
</div>
${BILLING.map((sentence) => html`<p class="soft">${sentence}</p>\n`)}`;
}

/** Nothing where no agent told of it. */
export function models({ usage, cost, toolCalls, toolErrors, toolErrorRate }: CallSummary): Piece {
  if (usage.models.length === 0 && toolCalls.n === 0) return null;
  const amount = (value: number | null) => (value === null ? '–' : value.toLocaleString('en'));
  const rows = usage.models.map((model): Piece[] => [
    html`${model.kind} ${[model.provider, model.model].filter((word) => word !== null).map((word, i) => html`${i > 0 && ' / '}${name(word)}`)}`,
    amount(model.calls),
    amount(model.inputTokens),
    amount(model.cachedInputTokens),
    amount(model.outputTokens),
    model.audioSeconds === null ? '–' : shownNumber(model.audioSeconds / 60, 'min'),
    amount(model.characters),
    amount(model.requests),
    model.cost === null ? '–' : shownNumber(model.cost, 'money', undefined, model.currency ?? ''),
  ]);
  const heads = ['calls', 'input tokens', 'of them cached', 'output tokens', 'audio', 'characters', 'requests', 'cost'];
  return html`<h2 id="models">Models and tools</h2>
${
  rows.length > 0 &&
  table({
    id: 'table-usage',
    caption: html`${figureTerm('usage', 'Usage')} of ${usage.n === 1 ? 'one call whose agent' : `${usage.n.toLocaleString('en')} calls whose agents`} told of it`,
    columns: [{ head: 'model' }, ...heads.map((head) => ({ head, number: true }))],
    rows,
  })
}
<p>${figureTerm('cost', 'Cost')}: ${costs(cost)}.</p>
${
  toolCalls.n > 0 &&
  html`<p>${figureTerm('toolCalls', 'Tool calls')}: ${count(toolCalls)}; ${figureTerm('toolErrors', 'errors')}: ${count(toolErrors)}${toolErrorRate.value !== null && html` (${figureTerm('toolErrorRate', percent(toolErrorRate.value))})`}.</p>`
}`;
}

const count = ({ value }: Figure) => (value === null ? '–' : value.toLocaleString('en'));

function costs(cost: CallSummary['cost']): Piece {
  const currencies = Object.entries(cost);
  if (currencies.length === 0) return 'no price is known (option --prices)';
  return currencies.map(([currency, figure], i) => {
    const limits = limitsText(figure, 'money', currency);
    return html`${i > 0 && ', '}${shownNumber(figure.value ?? 0, 'money', undefined, currency)}${limits !== null && html` <span class="soft">(${limits})</span>`}`;
  });
}
