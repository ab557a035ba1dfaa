import type { Limits } from '../shownNumber.ts';
import { type Html, html } from './html.ts';
import { type Axis, band, type Chart, HEIGHT, legend, plot, y } from './plot.ts';

interface ShareChart extends Chart {
  labels: readonly string[];
  hints: readonly string[];
  /** Without a value: no call counts. */
  points: readonly Limits[];
  name: string;
  target: { value: number; text: string };
}

const AXIS: Axis = { top: 1, ticks: [0, 0.25, 0.5, 0.75, 1], label: (value) => `${value * 100}\u00a0%` };

/** A share over time, with its limits and a line that it should reach. Where no call counts, the line has a hole. */
export function shareChart({ labels, hints, points, name, target, ...chart }: ShareChart): Html {
  const count = labels.length;
  const middle = (i: number) => ((i + 0.5) / count) * 1000;
  const line = points
    .map(({ value }, i) =>
      value === null
        ? ''
        : `${(points[i - 1]?.value ?? null) === null ? 'M' : 'L'}${round(middle(i))} ${y(value, AXIS)}`,
    )
    .join('');
  const limits = points.map(({ value, low, high }, i) => {
    if (value === null || (low === value && high === value)) return null;
    const at = band(i, count).middle;
    return html`<line class="limits" x1="${at}" x2="${at}" y1="${y(high ?? 1, AXIS)}" y2="${y(low ?? 0, AXIS)}"/>`;
  });
  const height = y(0, AXIS) + 2;
  const dots = points.map(({ value }, i) => {
    const { x, width, middle } = band(i, count, 1);
    const dot =
      value !== null && html`<circle class="dot" cx="${middle}" cy="${y(value, AXIS)}" r="${count > 60 ? 2 : 3.5}"/>`;
    return html`${dot}<rect class="hint" x="${x}" width="${width}" y="10" height="${HEIGHT}"><title>${hints[i]}</title></rect>\n`;
  });
  const marks = html`<line class="target" x1="0" x2="100%" y1="${y(target.value, AXIS)}" y2="${y(target.value, AXIS)}"/>
<svg viewBox="0 0 1000 ${height}" preserveAspectRatio="none" width="100%" height="${height}"><path class="line" d="${line}"/></svg>
${limits}${dots}`;
  const keys = [
    { mark: 'dot', text: name },
    ...(limits.some((limit) => limit !== null) ? [{ mark: 'limits', text: 'where lost webhooks may put it' }] : []),
    { mark: 'target', text: target.text },
  ];
  return html`${plot({ ...chart, labels, axis: AXIS, marks })}${legend(keys)}`;
}

const round = (value: number) => Math.round(value * 100) / 100;
