/** Who was in a call: a sheet of paper for each. */
import type { AttendedSession, Attendee } from '../attendance.ts';
import { ATTENDANCE_RULES, type AttendanceReport, endText } from '../attendanceReport.ts';
import { cut } from '../cell.ts';
import { inWords } from '../inWords.ts';
import { lasting, limitsText, percent } from '../shownNumber.ts';
import { type Html, html, type Piece } from './html.ts';
import { page } from './page.ts';
import { presenceStrip } from './presenceStrip.ts';
import { code, name } from './words.ts';

/** So many fit on one sheet with all else. */
const MOST_SESSIONS = 12;
const LONGEST_IDENTITY = 200;

export function certificatePage(report: AttendanceReport): string {
  const { attended } = report;
  const { people, roomName, roomSid } = attended;
  const call = cut(roomName ?? roomSid, 80);
  const main = html`<h1 class="hidden">Attendance, call ${name(call)}</h1>
${people.length === 0 && html`<p class="notice">Nobody came to this call.</p>`}
${people.map((person, i) => certificate(person, i, report))}`;
  const [only] = people;
  const title = people.length === 1 ? `Attendance of ${cut(only!.identity, 80)}, ${call}` : `Attendance, ${call}`;
  return page({ title, main, footer: null });
}

function certificate(person: Attendee, i: number, { attended, clock, made }: AttendanceReport): Html {
  const { identity, role, kind, sessions, presence, share, absences, aborted } = person;
  const { roomSid, roomName, status, from, until, callDuration, completeness, resolution, inputs } = attended;
  const id = `person-${i}`;
  const within = limitsText(presence, 's');
  const shareWithin = limitsText(share, 'share');
  const shown = sessions.slice(0, MOST_SESSIONS);
  return html`<section class="certificate" aria-labelledby="${id}">
<p class="soft">Certificate of attendance</p>
<h2 id="${id}">${person.name ? name(person.name) : name(identity, LONGEST_IDENTITY)}</h2>
<p class="soft">identity ${name(identity, LONGEST_IDENTITY)}, ${role}, ${name(kind)}</p>
<p>was in the call ${roomName !== null && html`<b>${name(roomName)}</b>, `}${code(cut(roomSid, 120))}${from !== null && html`, of ${clock.span(from, until ?? made.at)}${until === null && ', so far'} (${clock.timeZone}, ${clock.offset(from)})${callDuration.value !== null && html`: ${lasting(callDuration.value)}${limited(limitsText(callDuration, 's'))}`}`}, for</p>
<p class="presence">${lasting(presence.value ?? 0)}</p>
<p>${(presence.value ?? 0).toLocaleString('en', { maximumFractionDigits: 3 })} seconds${limited(within)}${share.value !== null && html`, ${percent(share.value)} of the call${limited(shareWithin)}`}.${within !== null && html` It may have been any time within the limits: webhooks were lost.`}</p>
${status === 'active' && html`<p class="notice">The call is still on: this is not final.</p>`}
${presenceStrip(id, person, attended, made.at, clock)}
<table>
<caption>Connections</caption>
<thead><tr><th scope="col">joined</th><th scope="col">left</th><th scope="col">because</th><th scope="col" class="number">seconds</th></tr></thead>
<tbody>
${shown.map((session) => row(session, clock))}</tbody>
</table>
${sessions.length > shown.length && html`<p class="soft">The first ${MOST_SESSIONS} of ${sessions.length.toLocaleString('en')} connections; all count, and --format csv has them.</p>`}
${absences.length > 0 && html`<p>Away between connections, and not counted: ${absences.slice(0, MOST_SESSIONS).map(({ from, seconds }, i) => html`${i > 0 && ', '}${lasting(seconds)} from ${clock.time(from)}`)}${absences.length > MOST_SESSIONS && html` and ${absences.length - MOST_SESSIONS} more`}.</p>`}
${aborted > 0 && html`<p>Tries that did not connect: ${aborted.toLocaleString('en')}.</p>`}
<div class="proof">
<h3>How it is known</h3>
${ATTENDANCE_RULES.map((rule) => html`<p>${rule}</p>\n`)}
<p>Of the call ${percent(completeness)} of all such ends were observed; its clocks are exact to ${lasting(resolution)}.</p>
<p>Inputs ${code(inputs.hash)}, SHA-256 over ${inputs.eventCount.toLocaleString('en')} facts; metrics version ${inputs.metricsVersion}, options ${code(inputs.configHash)}. The same facts and options give the same certificate. Made by call-evaluator ${made.version} on ${clock.instant(made.at)} (${clock.timeZone}).</p>
</div>
</section>
`;
}

const limited = (limits: string | null): Piece =>
  limits !== null && html` <span class="soft">(limits ${limits})</span>`;

function row({ joined, left, seconds, disconnectReason }: AttendedSession, clock: AttendanceReport['clock']): Html {
  const cell = (end: typeof joined) => {
    const { at, evidence } = endText(end, clock);
    return html`<span class="at">${at}</span>${!end.observed && html`<span class="soft limit">${evidence}</span>`}`;
  };
  return html`<tr><td>${cell(joined)}</td><td>${cell(left)}</td><td>${disconnectReason === null ? '–' : inWords(cut(disconnectReason, 60))}</td><td class="number">${seconds.toLocaleString('en', { maximumFractionDigits: 3 })}</td></tr>\n`;
}
