/** What `report` does; loaded only for it. */
import { CALL_FILTER, type CallFilter } from '../callQuery.ts';
import { CallEvaluatorError } from '../errors.ts';
import type { CallEvaluator } from '../evaluator.ts';
import { isPeriodUnit } from '../fleet/grouping.ts';
import { TimeZone } from '../fleet/timeZone.ts';
import { periodPage } from '../report/html/periodPage.ts';
import { Clock } from '../report/instantText.ts';
import { periodCsv } from '../report/periodCsv.ts';
import { periodMarkdown } from '../report/periodMarkdown.ts';
import { type PeriodReport, titleOf, unitFor } from '../report/periodReport.ts';
import { reportOnCall } from './callReportRun.ts';
import { apart, type DatabaseFlags, withDatabase } from './database.ts';
import { type DocumentFlags, deliver, formatOf, REPORT } from './document.ts';
import { made } from './made.ts';
import { type SummaryFlags, summaryQuery } from './summary.ts';

export interface ReportFlags extends DatabaseFlags, SummaryFlags, DocumentFlags {
  month?: string;
}

const PAGES = { html: periodPage, markdown: periodMarkdown, csv: periodCsv };

export async function report(room: string | undefined, flags: ReportFlags): Promise<void> {
  if (room !== undefined) return reportOnCall(room, flags);
  const format = formatOf(flags, REPORT);
  const { database, summary } = divided(flags);
  const found = await withDatabase(database, (evaluator) => periodReport(evaluator, summary, shownOptions(database)));
  const calls = found.overTime.total.calls.value ?? 0;
  const told = `${titleOf(found)}: ${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}`;
  await deliver(PAGES[format](found), { ...flags, format }, told.charAt(0).toUpperCase() + told.slice(1));
}

/** How it is measured, and which calls are meant. */
function divided(flags: ReportFlags) {
  const { database, own } = apart(flags);
  const { month, format, out, ...summary } = own;
  if (month !== undefined && (summary.since !== undefined || summary.until !== undefined))
    throw new CallEvaluatorError('bad_option', '--month is a period by itself: leave out --since and --until, or it.');
  return { database, summary: month === undefined ? summary : { ...summary, ...spanOf(month, summary.tz) } };
}

/** From the first instant of the month to that of the next, by the clocks of the place. */
function spanOf(month: string, tz = 'UTC'): { since: Date; until: Date } {
  const zone = new TimeZone(tz);
  const [year, ordinal] = month.split('-').map(Number) as [number, number];
  const begin = (months: number) => new Date(zone.instantOf(Date.UTC(year, ordinal - 1 + months, 1)));
  return { since: begin(0), until: begin(1) };
}

async function periodReport(
  evaluator: CallEvaluator,
  flags: SummaryFlags,
  measured: PeriodReport['measured'],
): Promise<PeriodReport> {
  const { by = [], tz = 'UTC', since, until } = flags;
  const now = made();
  const clock = new Clock(tz);
  const query = summaryQuery(flags);
  const unit = by.find(isPeriodUnit) ?? unitFor(await lengthOf(evaluator, flags, now.at));
  const isByUnit = by.length === 1 && by[0] === unit;
  const groups = by.length === 0 || isByUnit ? null : await evaluator.summarize(query);
  return {
    from: since === undefined ? undefined : new Date(since).getTime(),
    until: until === undefined ? undefined : new Date(until).getTime(),
    clock,
    unit,
    overTime: await evaluator.summarize({ ...query, by: [unit] }),
    groups,
    filter: shownFilter(flags),
    measured,
    made: now,
  };
}

/** Of the period, ms: where an end of it is open, to the first or the last call. */
async function lengthOf(evaluator: CallEvaluator, flags: SummaryFlags, now: number): Promise<number> {
  const filter: CallFilter = Object.fromEntries(
    Object.entries(flags).filter(([key]) => Object.hasOwn(CALL_FILTER, key)),
  );
  const end = async (sort: 'startedAt' | '-startedAt') =>
    (await evaluator.listCalls({ ...filter, sort, limit: 1 })).calls[0]?.firstAt ?? now;
  const from = filter.since === undefined ? await end('startedAt') : new Date(filter.since).getTime();
  const until = filter.until === undefined ? await end('-startedAt') : new Date(filter.until).getTime();
  return until - from;
}

/** As they were written. */
function shownFilter({ room, agent, kind, tag, status, endReason, minCompleteness, metadata }: SummaryFlags) {
  const lists = { status: status?.join(' '), 'end reason': endReason?.join(' ') };
  const given = { room, agent, kind, tag, ...lists, 'completeness from': minCompleteness?.toString() };
  const pairs = Object.entries(metadata ?? {}).map(([key, value]) => [`metadata ${key}`, value] as const);
  return [
    ...Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
    ...pairs,
  ];
}

function shownOptions({ db: _, prices, neverSent, ...options }: DatabaseFlags): PeriodReport['measured'] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return [
    ...given.map(([key, value]) => [key, String(value)] as const),
    ...(neverSent ? [['neverSent', neverSent.join(', ')] as const] : []),
    ...(prices ? [['prices', 'from a file'] as const] : []),
  ];
}
