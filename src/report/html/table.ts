import { type Html, html, type Piece } from './html.ts';

export interface Column {
  head: Piece;
  /** Figures stand at the right, one below the other. */
  number?: boolean;
  /** Sentences, and whatever may be long. */
  wide?: boolean;
}

export interface Table {
  id: string;
  caption: Piece;
  columns: readonly Column[];
  /** The first cell of a row is its head. */
  rows: readonly (readonly Piece[])[];
  /** The last row is of all others. */
  totalled?: boolean;
}

/** Wider than the screen, it is scrolled by itself, also with keys. */
export function table({ id, caption, columns, rows, totalled = false }: Table): Html {
  const cell = (piece: Piece, i: number) => {
    const kind = kindOf(columns[i]);
    return i === 0 ? html`<th scope="row"${kind}>${piece}</th>` : html`<td${kind}>${piece}</td>`;
  };
  const line = (cells: readonly Piece[]) => html`<tr>${cells.map(cell)}</tr>\n`;
  const body = totalled ? rows.slice(0, -1) : rows;
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}">
<table>
<caption id="${id}">${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${kindOf(column)}>${column.head}</th>`)}</tr></thead>
<tbody>
${body.map(line)}</tbody>
${totalled && html`<tfoot>${line(rows.at(-1)!)}</tfoot>`}
</table>
</div>`;
}

const kindOf = (column: Column | undefined): Piece =>
  column?.number ? html` class="number"` : column?.wide && html` class="wide"`;
