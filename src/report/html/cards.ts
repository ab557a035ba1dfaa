/** A few numbers in large letters. */
import { type Html, html, type Piece } from './html.ts';

export interface Card {
  title: Piece;
  value: Piece;
  /** It is no number. */
  isWord?: boolean;
  /** Below it, a line each. */
  notes: readonly Piece[];
}

export function cards(those: readonly Card[]): Html {
  return html`<dl class="cards">
${those.map(
  ({ title, value, isWord, notes }) => html`<div>
<dt>${title}</dt>
<dd class="value${isWord === true && ' word'}">${value}</dd>
${notes.filter((note) => note !== null && note !== false).map((note) => html`<dd>${note}</dd>\n`)}</div>
`,
)}</dl>`;
}
