/** HTML by tagged templates: whatever is put in is text and gets escaped, unless it is HTML that was made so. */

export class Html {
  readonly text: string;
  /** Of text that is HTML already: only `html` and the style sheet's own element make such. */
  constructor(text: string) {
    this.text = text;
  }
}

/** null and false are nothing, so that `condition && html…` is an optional piece. */
export type Piece = Html | string | number | null | undefined | false | readonly Piece[];

export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(strings.reduce((before, text, i) => before + written(pieces[i - 1]) + text));
}

function written(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (piece === null || piece === undefined || piece === false) return '';
  return typeof piece === 'object' ? piece.map(written).join('') : escaped(String(piece));
}

/** Characters that no document may hold: names are whatever a caller typed. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}
