import type { Attendance, AttendedEnd } from './attendance.ts';
import type { Clock } from './instantText.ts';
import type { Made } from './periodReport.ts';

export interface AttendanceReport {
  attended: Attendance;
  clock: Clock;
  made: Made;
}

/** 09:00:03, or where it could be. */
export function endText(
  { at, observed, resolvedBy, range }: AttendedEnd,
  clock: Clock,
): { at: string; evidence: string } {
  if (at === null) return { at: 'still there', evidence: '' };
  const shown = `${clock.time(at)} ${clock.offset(at)}`;
  if (observed) return { at: shown, evidence: 'webhook' };
  const [low, high] = range ?? [null, null];
  if (low !== null && low === high) return { at: shown, evidence: `inferred: ${resolvedBy}, exact` };
  const limits = `between ${low === null ? '?' : clock.time(low)} and ${high === null ? '?' : clock.time(high)}`;
  return { at: shown, evidence: `inferred: ${resolvedBy}; ${range === null ? 'no limits known' : limits}` };
}

/** What the numbers of a certificate mean. */
export const ATTENDANCE_RULES = [
  'Presence is the time in which at least one connection of the identity was up, from LiveKit’s joinedAt to the leave; the gaps between connections are absence, and connections that overlap count once.',
  'The call lasts from when the first person joined to when the last one left; recorders and other services are no people.',
  'An end is observed when its own webhook came. Else it is inferred from others, and lies between the limits that are given.',
];
