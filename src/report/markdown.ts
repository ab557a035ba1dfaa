/** Pieces of Markdown. Names are whatever somebody typed: none of them gets to be more than text. */
import { cut } from './cell.ts';

const LONGEST = 120;

/** Text of ours, where a sign could be taken for markup; a bar would end a cell. */
export const escaped = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, (sign) => `\\${sign}`);

/** A name: of bounded length, on one line. */
export const word = (text: string, longest = LONGEST): string => escaped(cut(text, longest));

/** @param text the columns that are text, by their place; the others are numbers */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  text: readonly number[] = [0],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, i) => (text.includes(i) ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
