/** What `report` does of one call. */
import { CallEvaluatorError } from '../errors.ts';
import { callMarkdown } from '../report/callMarkdown.ts';
import { callNumbersCsv } from '../report/callNumbersCsv.ts';
import type { CallReport } from '../report/callReport.ts';
import { callPage } from '../report/html/callPage.ts';
import { Clock } from '../report/instantText.ts';
import { apart } from './database.ts';
import { deliver, formatOf, REPORT } from './document.ts';
import { made } from './made.ts';
import type { ReportFlags } from './reportRun.ts';
import { askAbout } from './room.ts';

const PAGES = { html: callPage, markdown: callMarkdown, csv: callNumbersCsv };

export async function reportOnCall(room: string, flags: ReportFlags): Promise<void> {
  const { database, own } = apart(flags);
  const { out, format: asked, tz, ...others } = own;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new CallEvaluatorError(
      'bad_option',
      `The page of one call takes no --${flag(other)}: leave it out, or the room.`,
    );
  const format = formatOf({ format: asked, out }, REPORT);
  const clock = new Clock(tz ?? 'UTC');
  const now = made();
  const report = await askAbout(room, database, async (evaluator, sid): Promise<CallReport | null> => {
    const metrics = await evaluator.getMetrics(sid, { now: now.at });
    const timeline = metrics && (await evaluator.getTimeline(sid));
    if (!metrics || !timeline) return null;
    const conversation = await evaluator.getConversation(sid);
    return { metrics, timeline, conversation, clock, made: now };
  });
  await deliver(PAGES[format](report), { out, db: database.db }, `Call ${report.metrics.roomSid}`);
}

const flag = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
