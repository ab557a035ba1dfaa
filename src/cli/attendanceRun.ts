/** What `attendance` does; loaded only for it. */
import { closest, distance } from 'fastest-levenshtein';
import { CallEvaluatorError } from '../errors.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { attendanceOf } from '../report/attendance.ts';
import { attendanceCsv } from '../report/attendanceCsv.ts';
import { attendanceMarkdown } from '../report/attendanceMarkdown.ts';
import type { AttendanceReport } from '../report/attendanceReport.ts';
import { certificatePage } from '../report/html/certificatePage.ts';
import { Clock } from '../report/instantText.ts';
import type { DatabaseFlags } from './database.ts';
import { ATTENDANCE, type DocumentFlags, deliver, formatOf } from './document.ts';
import { made } from './made.ts';
import { askAbout } from './room.ts';

export interface AttendanceFlags extends DatabaseFlags, DocumentFlags {
  identity?: string;
  tz?: string;
}

const PAGES = { html: certificatePage, markdown: attendanceMarkdown, csv: attendanceCsv, json: attendanceJson };

export async function attendance(
  room: string,
  { identity, tz = 'UTC', format: asked, out, ...database }: AttendanceFlags,
) {
  const format = formatOf({ format: asked, out }, ATTENDANCE);
  const clock = new Clock(tz);
  const now = made();
  const metrics = await askAbout(room, database, (evaluator, sid) => evaluator.getMetrics(sid, { now: now.at }));
  const attended = attendanceOf(metrics, identity);
  if (identity !== undefined && attended.people.length === 0)
    throw new CallEvaluatorError('unknown_path', nobodyOf(identity, metrics));
  const { length } = attended.people;
  await deliver(
    PAGES[format]({ attended, clock, made: now }),
    { out, db: database.db },
    `${length} ${length === 1 ? 'certificate' : 'certificates'} of ${metrics.roomSid}`,
  );
}

function attendanceJson({ attended, made: { at, version } }: AttendanceReport): string {
  return JSON.stringify({ ...attended, made: { at: new Date(at).toISOString(), version } });
}

const NAMED = 5;

function nobodyOf(identity: string, { roomSid, participants }: CallMetrics): string {
  const identities = participants.list.map((person) => person.identity);
  if (identities.length === 0) return `Nobody came to ${roomSid}.`;
  const nearest = closest(identity, identities);
  const hint =
    distance(identity, nearest) <= nearest.length / 3
      ? `Did you mean ${nearest}?`
      : `There were ${identities.slice(0, NAMED).join(', ')}${identities.length > NAMED ? ` and ${identities.length - NAMED} more` : ''}.`;
  return `Nobody in ${roomSid} had the identity ${identity}. ${hint}`;
}
