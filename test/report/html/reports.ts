/** Reports over the recordings in fixtures/, and over what is made of them. */
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { CallEvaluatorOptions } from '../../../src/options.ts';
import type { CallReport } from '../../../src/report/callReport.ts';
import { Clock } from '../../../src/report/instantText.ts';
import type { Made, PeriodReport } from '../../../src/report/periodReport.ts';
import type { SummaryQuery } from '../../../src/summaryQuery.ts';
import { linesOf, RECORDINGS } from '../../server/api/recorded.ts';

export const MADE: Made = { at: Date.parse('2026-12-01T00:00:00Z'), version: '1.2.3' };

/** What a participant may call itself. */
export const EVIL = `<img src=x onerror=alert(1)>"'&\u202e\u0007`;
/** The no-show and the lost leave, with names that nobody wants to have on a page. */
export function hostile(): string[] {
  const inJson = JSON.stringify(EVIL).slice(1, -1);
  return ['no-show', 'lost-left', 'agent-turns'].flatMap((name) =>
    linesOf(name).map((line) =>
      line
        .replaceAll('"support-1055"', `"${inJson} room"`)
        .replaceAll('"mia"', `"${inJson} mia"`)
        .replaceAll('"weather-desk"', `"${inJson} agent"`)
        .replaceAll('"small-1"', `"${inJson} model"`)
        .replaceAll('"get_weather"', `"${inJson} tool"`)
        .replaceAll('"Ana Example"', `"${inJson} ana"`),
    ),
  );
}

/** But for what is no JSON, and for crowds, which take their time. */
export const everything = (): string[] =>
  RECORDINGS.filter((name) => name !== 'hostile' && name !== 'webinar-200').flatMap(linesOf);

export async function evaluatorOf(
  lines: readonly string[],
  options: CallEvaluatorOptions = {},
): Promise<CallEvaluator> {
  const evaluator = new CallEvaluator({ clock: () => MADE.at, ...options });
  await evaluator.processEvents(lines);
  return evaluator;
}

interface Asked {
  query?: SummaryQuery;
  unit?: PeriodReport['unit'];
  by?: string[];
}

export async function periodReport(
  lines: readonly string[],
  { query = { since: '2026-10-12', until: '2026-10-13' }, unit = 'hour', by }: Asked = {},
): Promise<PeriodReport> {
  const evaluator = await evaluatorOf(lines, {
    prices: [{ model: 'small-1', currency: 'USD', inputTokens: 1000, outputTokens: 2000 }],
  });
  try {
    return {
      from: query.since === undefined ? undefined : Date.parse(String(query.since)),
      until: query.until === undefined ? undefined : Date.parse(String(query.until)),
      clock: new Clock(query.timeZone ?? 'UTC'),
      unit,
      overTime: await evaluator.summarize({ ...query, by: [unit] }),
      groups: by === undefined ? null : await evaluator.summarize({ ...query, by }),
      filter: [],
      measured: [],
      made: MADE,
    };
  } finally {
    await evaluator.close();
  }
}

/** Of every call in them. */
export async function callReports(
  lines: readonly string[],
  options: CallEvaluatorOptions = {},
  timeZone = 'UTC',
): Promise<CallReport[]> {
  const evaluator = await evaluatorOf(lines, options);
  const reports: CallReport[] = [];
  for (const { roomSid, metrics } of (await evaluator.listCalls({ limit: 1000 })).calls)
    reports.push({
      metrics,
      timeline: (await evaluator.getTimeline(roomSid))!,
      conversation: await evaluator.getConversation(roomSid),
      clock: new Clock(timeZone),
      made: MADE,
    });
  await evaluator.close();
  return reports;
}
