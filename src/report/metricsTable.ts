import { METRICS } from '../metrics/registry.ts';

const BEGIN = '<!-- metrics:begin -->';
const END = '<!-- metrics:end -->';

/** Every metric of a call as a Markdown table: what the README shows is made from the registry. */
export function metricsTable(): string {
  const rows = METRICS.map(({ path, unit, formula, nullWhen }) => [`\`${path}\``, unit, formula, nullWhen].map(inCell));
  return [['path', 'unit', 'what it says', 'null when'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** What stands between the markers; null where the text has none. */
export function metricsBlock(markdown: string): string | null {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END, begin);
  return begin < 0 || end < 0 ? null : markdown.slice(begin + BEGIN.length, end).trim();
}

/** The text with the table of today between the markers, all else as it was. */
export function withMetricsTable(markdown: string): string {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`There is no block between ${BEGIN} and ${END}.`);
  return `${markdown.slice(0, begin + BEGIN.length)}\n\n${metricsTable()}\n\n${markdown.slice(end)}`;
}

/** A bar would end the cell, also within backquotes. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
