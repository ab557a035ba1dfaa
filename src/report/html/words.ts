/** Text of others and of ourselves as HTML. */
import { cut } from '../cell.ts';
import { type Html, html, type Piece } from './html.ts';

const LONGEST = 120;

/** A name that somebody typed: of bounded length, controls shown, and in its own direction of writing. */
export function name(text: string, longest = LONGEST): Html {
  return html`<bdi>${cut(text, longest)}</bdi>`;
}

/** A sentence of ours: what stands in backquotes is code. */
export function prose(text: string): Html {
  return html`${text.split('`').map((part, i): Piece => (i % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** A word of a program, which may be broken where it is joined. */
export function code(text: string): Html {
  const parts = text.split(/(?<=[._/])/);
  return html`<code>${parts.map((part, i) => (i === 0 ? part : html`<wbr>${part}`))}</code>`;
}
