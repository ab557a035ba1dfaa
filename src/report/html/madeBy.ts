import type { Clock } from '../instantText.ts';
import type { Made } from '../periodReport.ts';
import { type Html, html } from './html.ts';

export function madeBy({ at, version }: Made, clock: Clock): Html {
  return html`<p>Made by call-evaluator ${version} on ${clock.instant(at)} (${clock.timeZone}).</p>`;
}
