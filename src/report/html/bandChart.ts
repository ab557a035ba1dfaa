import { type Html, html } from './html.ts';
import { axisTo, band, type Chart, HEIGHT, legend, plot, y } from './plot.ts';

export interface Percentiles {
  p50: number;
  p90: number;
  p95: number;
  /** Of few samples. */
  small: boolean;
}

interface BandChart extends Chart {
  labels: readonly string[];
  hints: readonly string[];
  /** null: no sample. */
  bands: readonly (Percentiles | null)[];
  label(value: number): string;
}

/** Percentiles over time: each period its own bands, for between two periods there is nothing that could be drawn. */
export function bandChart({ labels, hints, bands, label, ...chart }: BandChart): Html {
  const axis = axisTo(Math.max(0, ...bands.map((one) => one?.p95 ?? 0)), label);
  const marks = bands.map((one, i) => {
    const { x, width } = band(i, labels.length, 0.92);
    const box = (mark: string, low: number, high: number) =>
      html`<rect class="${mark}" x="${x}" width="${width}" y="${y(high, axis)}" height="${Math.round((y(low, axis) - y(high, axis)) * 100) / 100}"/>`;
    const drawn =
      one !== null &&
      html`<g${one.small && html` class="few"`}>${box('band-outer', one.p90, one.p95)}${box('band-inner', one.p50, one.p90)}<rect class="median" x="${x}" width="${width}" y="${y(one.p50, axis) - 1.5}" height="3"/></g>`;
    return html`${drawn}<rect class="hint" x="${x}" width="${width}" y="10" height="${HEIGHT}"><title>${hints[i]}</title></rect>\n`;
  });
  const keys = [
    { mark: 'median', text: 'p50: half of them were faster' },
    { mark: 'band-inner', text: 'up to p90' },
    { mark: 'band-outer', text: 'up to p95' },
    ...(bands.some((one) => one?.small) ? [{ mark: 'band-inner few', text: 'fainter: of few samples' }] : []),
  ];
  return html`${plot({ ...chart, labels, axis, marks })}${legend(keys)}`;
}
