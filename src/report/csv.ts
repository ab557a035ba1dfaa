/** Lines of a CSV by RFC 4180, without the line break (CRLF) at their end. */

export type CsvCell = string | number | boolean | null;

const QUOTED = /[",;\t\r\n]|^$/;
/** Where a spreadsheet sees a formula, also in wide characters; and controls, which some of them leave out. */
const BEGINS_LIKE_ONE = /^(?=\s*[=+\-@＝＋－＠]|\p{Cc})/u;
/** Many expect semicolons or tabs between cells, and then know no quotes within a line: there, too, a cell would begin. */
const ONE_WITHIN = /[;\t\r\n] *(?=[=+\-@＝＋－＠])/gu;

/** Nothing stands for null; an empty text is `""`. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? text(cell) : String(cell ?? ''))).join(',');
}

/**
 * Rooms, identities and tags are whatever a participant typed: what begins like a formula gets a `'` before it, as OWASP
 * advises against CSV injection.
 */
function text(written: string): string {
  const harmless = written.replace(ONE_WITHIN, "$&'").replace(BEGINS_LIKE_ONE, "'");
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
