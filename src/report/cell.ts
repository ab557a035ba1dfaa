import stringWidth from 'fast-string-width';
import { printable } from './printable.ts';

/** Made when first needed: it takes longer than most commands do. */
let segmenter: Intl.Segmenter | undefined;

/** Printable text of at most so many terminal columns; what is longer ends in an ellipsis. */
export function cut(text: string, columns: number): string {
  // A megabyte of text, or of accents on one letter, is not measured to its end.
  const start = printable(text.slice(0, columns * 8));
  if (text.length <= columns * 8 && stringWidth(start) <= columns) return start;
  let kept = '';
  let width = 0;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(start)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Exactly so many columns, unless a number needs more: a number is never cut. */
export function cell(text: string, columns: number, align: 'left' | 'right'): string {
  const shown = align === 'left' ? cut(text, columns) : text;
  const padding = ' '.repeat(Math.max(0, columns - stringWidth(shown)));
  return align === 'left' ? shown + padding : padding + shown;
}
