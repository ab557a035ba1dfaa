/** A table of groups, with the columns of `summary`. */
import type { CallSummary, Summaries } from '../../fleet/callSummary.ts';
import { SUMMARY_COLUMNS } from '../summaryColumns.ts';
import { figureTerm } from './definitionList.ts';
import { type Html, html, type Piece } from './html.ts';
import { table } from './table.ts';
import { name } from './words.ts';

/** @param total of all calls: that of the headline, so that a page has one alone */
export function groupTable(
  id: string,
  caption: string,
  { groups, others, definitions }: Summaries,
  total: CallSummary,
): Html {
  const { by } = definitions;
  const row = (keys: Piece[], summary: CallSummary): Piece[] => [
    ...keys,
    ...SUMMARY_COLUMNS.map(({ show }) => show(summary)),
  ];
  const named = (word: string) => by.map((_, i) => (i === 0 ? word : ''));
  const rows = [
    ...groups.map((group) =>
      row(
        by.map((one) => keyOf(group, one)),
        group,
      ),
    ),
    ...(others === null ? [] : [row(named('(others)'), others)]),
    row(named('all'), total),
  ];
  return html`${table({
    id,
    caption,
    columns: [
      ...by.map((one) => ({ head: name(one) })),
      ...SUMMARY_COLUMNS.map(({ title, of }) => ({ head: figureTerm(of, title), number: true })),
    ],
    rows,
    totalled: true,
  })}
${others !== null && html`<p class="soft">There are more groups than ${definitions.maxGroups.toLocaleString('en')}: those beyond are together in “(others)”, where a call of several groups counts in each.</p>`}`;
}

function keyOf({ group }: CallSummary, by: string): Piece {
  const word = group.key[by];
  return word === null || word === undefined ? '–' : name(word, 60);
}

/** What the signs and short titles in these tables mean. */
export const TABLE_NOTES = [
  `${SUMMARY_COLUMNS.map(({ title, legend }) => `${title}: ${legend}`).join('; ')}.`,
  '~ could be another value, since webhooks were lost; * is of few samples, so that the next one may change it much; - no call tells it.',
];
