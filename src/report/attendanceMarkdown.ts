/** Attendance as a Markdown document: a section per identity. */
import type { Attendee } from './attendance.ts';
import { ATTENDANCE_RULES, type AttendanceReport, endText } from './attendanceReport.ts';
import type { Clock } from './instantText.ts';
import { inWords } from './inWords.ts';
import { escaped, markdownTable, word } from './markdown.ts';
import { lasting, limitsText, percent } from './shownNumber.ts';

const LONGEST_IDENTITY = 400;

export function attendanceMarkdown({ attended, clock, made }: AttendanceReport): string {
  const { roomSid, roomName, from, until, callDuration, people, completeness, resolution, inputs } = attended;
  return [
    `# Attendance, call ${word(roomName ?? roomSid)}`,
    `${word(roomSid)}: ${from === null ? 'nobody came' : `${clock.span(from, until ?? made.at)}${until === null ? ', so far' : ''}`}, ${clock.timeZone}${callDuration.value === null ? '' : `; ${lasting(callDuration.value)}`}.`,
    ...people.map((person) => section(person, clock)),
    '## Definitions and evidence',
    [
      ...ATTENDANCE_RULES.map((rule) => `- ${rule}`),
      `- Completeness of the call ${percent(completeness)}, resolution of its clocks ${lasting(resolution)}.`,
      `- Inputs \`${inputs.hash}\` of ${inputs.eventCount} facts, metrics version ${inputs.metricsVersion}, options \`${inputs.configHash}\`.`,
      `- Made by call-evaluator ${made.version} on ${clock.instant(made.at)} (${clock.timeZone}).`,
    ].join('\n'),
  ].join('\n\n');
}

function section(
  { identity, name, role, kind, sessions, presence, share, absences, aborted }: Attendee,
  clock: Clock,
): string {
  const within = limitsText(presence, 's');
  return [
    `## ${word(identity, LONGEST_IDENTITY)}`,
    `${name ? `${word(name)}, ` : ''}${role}, ${word(kind)}`,
    `Present ${lasting(presence.value ?? 0)} (${presence.value} s)${within === null ? '' : `, limits ${within}`}${share.value === null ? '' : `; ${percent(share.value)} of the call${limitsText(share, 'share') === null ? '' : ` (${limitsText(share, 'share')})`}`}.`,
    markdownTable(
      ['joined', 'evidence', 'left', 'evidence', 'because', 'seconds'],
      sessions.map(({ joined, left, seconds, disconnectReason }) => {
        const [from, until] = [endText(joined, clock), endText(left, clock)];
        const because = disconnectReason === null ? '-' : inWords(disconnectReason);
        return [from.at, escaped(from.evidence), until.at, escaped(until.evidence), escaped(because), String(seconds)];
      }),
      [0, 1, 2, 3, 4],
    ),
    ...(absences.length === 0
      ? []
      : [
          `Away between connections: ${absences.map(({ from, seconds }) => `${lasting(seconds)} from ${clock.time(from)}`).join(', ')}.`,
        ]),
    ...(aborted === 0 ? [] : [`Tries that did not connect: ${aborted}.`]),
  ].join('\n\n');
}
