/** When somebody was in a call, as one strip across it. */
import type { Attendance, AttendedEnd, Attendee } from '../attendance.ts';
import type { Clock } from '../instantText.ts';
import { percent } from '../shownNumber.ts';
import { html, type Piece } from './html.ts';
import { percentOf } from './plot.ts';
import { TimeAxis } from './timeAxis.ts';

const TOP = 2;
const HEIGHT = 18;

export function presenceStrip(
  id: string,
  { sessions, share }: Attendee,
  call: Attendance,
  now: number,
  clock: Clock,
): Piece {
  if (call.from === null) return null;
  const axis = new TimeAxis(Date.parse(call.from), call.until === null ? now : Date.parse(call.until));
  const rect = (kind: Piece, from: number, to: number) =>
    to > from &&
    html`<rect ${kind} x="${percentOf(from)}" width="${percentOf(to - from)}" y="${TOP}" height="${HEIGHT}"/>`;
  const bars = sessions.map(({ joined, left }) => {
    const [startLow, startHigh] = rangeOf(joined, axis, 0);
    const [endLow, endHigh] = rangeOf(left, axis, 1);
    return html`${rect(html`class="inferred" fill="url(#${id}-hatch)"`, startLow, endHigh)}${rect(html`class="blue"`, startHigh, endLow)}`;
  });
  const said = share.value === null ? '' : `, ${percent(share.value)} of the call`;
  return html`<figure><svg class="lanes" role="img" aria-labelledby="${id}-strip" width="100%" height="${TOP + HEIGHT + 22}">
<title id="${id}-strip">Presence from ${clock.instant(axis.from)} on${said}: the table below has the times</title>
<defs><pattern id="${id}-hatch" class="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6"/><path d="M0 6L6 0"/></pattern></defs>
<rect class="track-bed" width="100%" y="${TOP}" height="${HEIGHT}"/>${axis.ticks(TOP + HEIGHT)}${bars}</svg></figure>`;
}

/** Where an end may lie across the call. */
function rangeOf({ at, observed, range }: AttendedEnd, axis: TimeAxis, open: 0 | 1): [number, number] {
  if (at === null) return [open, open];
  const place = axis.place(Date.parse(at));
  if (observed || range === null) return [place, place];
  return [
    range[0] === null ? 0 : axis.place(Date.parse(range[0])),
    range[1] === null ? 1 : axis.place(Date.parse(range[1])),
  ];
}
