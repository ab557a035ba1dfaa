/** The time of one call, across a drawing of it. */
import { clock } from '../duration.ts';
import { type Html, html } from './html.ts';
import { percentOf } from './plot.ts';

/** Steps that clocks have, s. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const TICKS = 8;

export class TimeAxis {
  readonly from: number;
  readonly until: number;

  /** Epoch ms. */
  constructor(from: number, until: number) {
    this.from = from;
    this.until = Math.max(until, from + 1);
  }

  get seconds(): number {
    return (this.until - this.from) / 1000;
  }

  /** Where an instant lies, 0 to 1: what lies outside is at the edge. */
  place(at: number): number {
    return Math.min(1, Math.max(0, (at - this.from) / (this.until - this.from)));
  }

  /** Lines down to the bottom, and below each how long the call has been on. */
  ticks(bottom: number): Html {
    const days = Math.ceil(this.seconds / (TICKS * 86_400));
    const step = STEPS.find((one) => this.seconds / one <= TICKS) ?? days * 86_400;
    const count = Math.floor(this.seconds / step) + 1;
    return html`${Array.from({ length: count }, (_, i) => {
      const x = percentOf((i * step) / this.seconds);
      const minor = i % 2 === 1 ? 'time minor' : 'time';
      const anchor = i === 0 ? 'start' : i * step > 0.96 * this.seconds ? 'end' : 'middle';
      return html`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${bottom}"/><text class="${minor}" x="${x}" y="${bottom + 16}" text-anchor="${anchor}">${clock(i * step)}</text>\n`;
    })}`;
  }
}
