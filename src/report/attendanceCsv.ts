/** Attendance as CSV: a row for each identity, and below it one for each of its connections. */
import type { AttendedEnd } from './attendance.ts';
import type { AttendanceReport } from './attendanceReport.ts';
import { type CsvCell, csvLine } from './csv.ts';

const COLUMNS =
  'row,roomSid,identity,name,role,kind,sid,joinedAt,joinedLow,joinedHigh,joinedBy,leftAt,leftLow,leftHigh,leftBy,disconnectReason,seconds,secondsLow,secondsHigh,share,shareLow,shareHigh'.split(
    ',',
  );

export function attendanceCsv({ attended: { roomSid, people } }: AttendanceReport): string {
  const rows = people.flatMap(({ identity, name, role, kind, sessions, presence, share }): CsvCell[][] => {
    const who: CsvCell[] = [roomSid, identity, name, role, kind];
    const first = sessions.reduce<string | null>(
      (least, { joined }) => (least === null || joined.at! < least ? joined.at : least),
      null,
    );
    const last = sessions.some(({ left }) => left.at === null)
      ? null
      : sessions.reduce<string | null>((most, { left }) => (most === null || left.at! > most ? left.at : most), null);
    return [
      [
        ...['person', ...who, null, first, null, null, null, last, null, null, null, null],
        ...[presence.value, presence.low, presence.high, share.value, share.low, share.high],
      ],
      ...sessions.map(({ sid, joined, left, seconds, disconnectReason }): CsvCell[] => [
        ...['session', ...who, sid, ...cellsOf(joined), ...cellsOf(left), disconnectReason],
        ...[seconds, null, null, null, null, null],
      ]),
    ];
  });
  return [csvLine(COLUMNS), ...rows.map(csvLine), ''].join('\r\n');
}

/** When, within which limits, and by what. */
function cellsOf({ at, observed, resolvedBy, range }: AttendedEnd): CsvCell[] {
  if (at === null) return [null, null, null, null];
  return observed ? [at, at, at, 'webhook'] : [at, range?.[0] ?? null, range?.[1] ?? null, resolvedBy];
}
