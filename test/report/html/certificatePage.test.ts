import { expect, test } from 'vitest';
import type { CallMetrics } from '../../../src/metrics/callMetrics.ts';
import { attendanceOf } from '../../../src/report/attendance.ts';
import { certificatePage } from '../../../src/report/html/certificatePage.ts';
import { Clock } from '../../../src/report/instantText.ts';
import { linesOf } from '../../server/api/recorded.ts';
import { all } from './document.ts';
import { callReports, everything, hostile, MADE } from './reports.ts';
import { soundPage } from './sound.ts';

const metricsOf = async (recording: string): Promise<CallMetrics> =>
  (await callReports(linesOf(recording)))[0]!.metrics;

async function certificates(recording: string, identity?: string, timeZone = 'UTC'): Promise<string> {
  const attended = attendanceOf(await metricsOf(recording), identity);
  return certificatePage({ attended, clock: new Clock(timeZone), made: MADE });
}

test('a sheet for each who came, with the gaps left out', async () => {
  const page = soundPage(await certificates('reconnect-left-then-joined', undefined, 'Europe/Berlin'));
  const sheets = all(page, 'section');
  expect(sheets.map((sheet) => all(sheet, 'h2')[0]!.text)).toEqual(['fay', 'agent-AJ_rlj']);
  const fay = sheets[0]!.text;
  expect(fay).toContain('of 12 Oct 2026, 15:00:02 to 15:01:31 (Europe/Berlin, +02:00): 89.0\u00a0s');
  expect(fay).toContain('87.8 seconds, 98.7\u00a0% of the call.');
  expect(fay).toContain('Away between connections, and not counted: 0.20\u00a0s from 15:00:40');
  expect(fay).toMatch(/Inputs [\w-]{43}, SHA-256 over 14 facts; metrics version 1, options [\w-]{16}/);
  expect(fay).toContain('Made by call-evaluator 1.2.3 on 1 Dec 2026, 01:00:00 (Europe/Berlin)');
});

test('what was inferred is said, with its limits', async () => {
  const page = soundPage(await certificates('lost-left', 'mia'));
  expect(all(page, 'section')).toHaveLength(1);
  expect(all(page, 'title')[0]!.text).toBe('Attendance of mia, support-1055');
  expect(page.text).toContain(
    '58 seconds (limits 1.00\u00a0s to 79.0\u00a0s), 98.3\u00a0% of the call (limits 1.2\u00a0% to 100\u00a0%)',
  );
  expect(page.text).toContain('inferred: room_finished less the departure timeout; between 13:50:03 and 13:51:20.999');
});

test('one who joined and left a hundred times still fits on a sheet', async () => {
  const metrics = await metricsOf('reconnect-left-then-joined');
  const [fay] = metrics.participants.list;
  const sessions = Array.from({ length: 100 }, (_, i) => ({ ...fay!.sessions[0]!, sid: `PA_${i}` }));
  const attended = attendanceOf({
    ...metrics,
    participants: { ...metrics.participants, list: [{ ...fay!, sessions }] },
  });
  const page = soundPage(certificatePage({ attended, clock: new Clock('UTC'), made: MADE }));
  expect(all(page, 'tr')).toHaveLength(1 + 12);
  expect(page.text).toContain('The first 12 of 100 connections; all count');
});

test('every recording makes a sound page; and names are text, whatever they hold', async () => {
  for (const { metrics } of [...(await callReports(everything())), ...(await callReports(hostile()))]) {
    const page = certificatePage({ attended: attendanceOf(metrics), clock: new Clock('UTC'), made: MADE });
    soundPage(page);
    expect(page).not.toContain('<img');
    expect(page, metrics.roomSid).not.toMatch(/NaN|undefined/);
  }
});
