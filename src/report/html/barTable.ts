import { isExact, type Limits, limitsText, type ShownUnit, shownNumber } from '../shownNumber.ts';
import { type Html, html, type Piece } from './html.ts';
import { percentOf } from './plot.ts';

export interface Bar extends Limits {
  title: Piece;
  mark?: string;
}

interface BarTable {
  id: string;
  caption: Piece;
  /** What the bars are of. */
  of: string;
  /** What the numbers are. */
  what: string;
  unit: ShownUnit;
  bars: readonly Bar[];
}

/** Bars that are a table: who does not see them reads it. */
export function barTable({ id, caption, of, what, unit, bars }: BarTable): Html {
  const most = Math.max(...bars.map(({ value, high }) => Math.max(value ?? 0, high ?? 0)), 1e-9);
  return html`<table class="bars">
<caption id="${id}">${caption}</caption>
<thead><tr><th scope="col">${of}</th><th scope="col" class="number">${what}</th><th scope="col">limits</th><td></td></tr></thead>
<tbody>
${bars.map(({ title, mark = 'blue', ...figure }) => {
  const limits = limitsText(figure, unit);
  return html`<tr><th scope="row">${title}</th><td class="number">${figure.value === null ? '–' : shownNumber(figure.value, unit)}</td><td class="limits-of">${limits}</td><td>${bar(figure, most, mark)}</td></tr>\n`;
})}</tbody>
</table>`;
}

function bar(figure: Limits, most: number, mark: string): Html {
  const { value, low, high } = figure;
  const whisker =
    !isExact(figure) &&
    html`<line class="limits" x1="${percentOf((low ?? 0) / most)}" x2="${percentOf((high ?? most) / most)}" y1="7" y2="7"/>`;
  return html`<svg width="100%" height="14" aria-hidden="true"><rect class="${mark}" width="${percentOf((value ?? 0) / most)}" y="1" height="12"/>${whisker}</svg>`;
}
