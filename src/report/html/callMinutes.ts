/** Minutes of one call, by kind, also as a bill counts them. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { BILLING, minutesOfCall } from '../minutes.ts';
import { lasting } from '../shownNumber.ts';
import { metricTerm } from './definitionList.ts';
import { html, type Piece } from './html.ts';
import { table } from './table.ts';
import { name } from './words.ts';

export function callMinutes(metrics: CallMetrics): Piece {
  const kinds = minutesOfCall(metrics);
  if (kinds.length === 0) return null;
  return html`${table({
    id: 'table-minutes',
    caption: metricTerm('participants.byKind', 'Human and machine minutes, and as they are billed'),
    columns: [
      { head: 'LiveKit’s kind' },
      { head: 'who' },
      { head: 'connections', number: true },
      { head: 'presence', number: true },
      { head: 'rounded up per connection', number: true },
    ],
    rows: kinds.map(({ kind, side, connections, seconds, roundedUpMinutes }) => [
      name(kind),
      side,
      connections.toLocaleString('en'),
      lasting(seconds),
      `${roundedUpMinutes.toLocaleString('en')}\u00a0min`,
    ]),
  })}
<p class="soft">${BILLING[0]}</p>`;
}
