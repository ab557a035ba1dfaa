/**
 * The frame of charts over time: an axis of values, one of periods, and what is drawn between them. Across, all is in per cent of
 * the width, and down in pixels: so a chart fits a phone and a sheet of paper, and its letters stay as large as the others.
 */
import { type Html, html, type Piece } from './html.ts';

export const HEIGHT = 170;
const TOP = 10;
const BELOW = 26;
/** Labels of an axis that fit beside each other on a desktop; on a phone every other one of them is left out. */
const LABELS = 8;

export interface Axis {
  top: number;
  ticks: readonly number[];
  label(value: number): string;
}

export interface Chart {
  /** Unique on the page. */
  id: string;
  title: string;
  /** What there is to be seen, for those who do not see it. */
  description: string;
}

interface Plot extends Chart {
  /** Of periods, each as short as can be. */
  labels: readonly string[];
  axis: Axis;
  marks: Piece;
}

/** From 0 to a round number that is no less. @param whole only whole numbers are marked */
export function axisTo(most: number, label: (value: number) => string, whole = false): Axis {
  const rough = Math.max(most, whole ? 1 : 1e-6) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((times) => times * power >= rough)! * power, whole ? 1 : 0);
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, i) => i * step), label };
}

export const y = (value: number, { top }: Axis): number => round(TOP + (1 - Math.min(value, top) / top) * HEIGHT);
export const percentOf = (share: number): string => `${round(share * 100)}%`;
const round = (value: number) => Math.round(value * 100) / 100;

/** The place of a period across, and how wide it is; with a gap to the next one where there is room for it. */
export function band(i: number, count: number, filled = 0.8): { x: string; width: string; middle: string } {
  const share = count > 80 ? 1 : filled;
  return {
    x: percentOf((i + (1 - share) / 2) / count),
    width: percentOf(share / count),
    middle: percentOf((i + 0.5) / count),
  };
}

export function plot({ id, title, description, labels, axis, marks }: Plot): Html {
  const bottom = TOP + HEIGHT;
  const every = Math.ceil(labels.length / LABELS);
  const shown = labels.flatMap((label, i) => (i % every === 0 ? [{ label, i }] : []));
  return html`<svg class="plot" role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="${bottom + BELOW}">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${axis.ticks.map(
  (tick) =>
    html`<line class="grid" x1="0" x2="100%" y1="${y(tick, axis)}" y2="${y(tick, axis)}"/><text x="-8" y="${y(tick, axis) + 4}" text-anchor="end">${axis.label(tick)}</text>\n`,
)}${marks}
${shown.map(
  ({ label, i }, n) =>
    html`<text${n % 2 === 1 && html` class="minor"`} x="${band(i, labels.length).middle}" y="${bottom + 18}" text-anchor="middle">${label}</text>\n`,
)}</svg>`;
}

export interface LegendKey {
  /** The class that colours it. */
  mark: string;
  text: string;
}

export function legend(keys: readonly LegendKey[]): Html {
  return html`<ul class="legend">${keys.map(
    ({ mark, text }) =>
      html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${mark}" width="12" height="12"/></svg> ${text}</li>`,
  )}</ul>`;
}

/** A chart with what belongs to it. */
export function figure(title: Piece, chart: Piece, ...notes: Piece[]): Html {
  return html`<figure>
<figcaption>${title}</figcaption>
${chart}
${notes}
</figure>`;
}
