import { type Html, html } from './html.ts';
import { axisTo, band, type Chart, HEIGHT, type LegendKey, legend, plot, y } from './plot.ts';

interface Series extends LegendKey {
  values: readonly number[];
}

interface ColumnChart extends Chart {
  labels: readonly string[];
  /** What is said of a column under the pointer. */
  hints: readonly string[];
  /** One upon the other. */
  series: readonly Series[];
}

/** Counts over time, as columns of parts. */
export function columnChart({ labels, hints, series, ...chart }: ColumnChart): Html {
  const totals = labels.map((_, i) => series.reduce((sum, { values }) => sum + values[i]!, 0));
  const axis = axisTo(Math.max(0, ...totals), (value) => value.toLocaleString('en'), true);
  const marks = labels.map((_, i) => {
    const { x, width } = band(i, labels.length);
    let below = 0;
    const parts = series.map(({ mark, values }) => {
      const from = y(below, axis);
      below += values[i]!;
      const to = y(below, axis);
      return (
        from > to && html`<rect class="${mark}" x="${x}" width="${width}" y="${to}" height="${round(from - to)}"/>`
      );
    });
    return html`<g>${parts}<rect class="hint" x="${x}" width="${width}" y="10" height="${HEIGHT}"><title>${hints[i]}</title></rect></g>\n`;
  });
  const seen = series.filter(({ values }) => values.some((value) => value > 0));
  return html`${plot({ ...chart, labels, axis, marks })}${legend(seen.length > 0 ? seen : series)}`;
}

const round = (value: number) => Math.round(value * 100) / 100;
