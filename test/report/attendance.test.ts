import { describe, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { attendanceOf } from '../../src/report/attendance.ts';
import { attendanceCsv } from '../../src/report/attendanceCsv.ts';
import { attendanceMarkdown } from '../../src/report/attendanceMarkdown.ts';
import { Clock } from '../../src/report/instantText.ts';
import { linesOf } from '../server/api/recorded.ts';
import { callReports, hostile, MADE } from './html/reports.ts';
import { parsedCsv } from './parsedCsv.ts';

const metricsOf = async (recording: string): Promise<CallMetrics> =>
  (await callReports(linesOf(recording)))[0]!.metrics;
const reportOf = async (recording: string) => ({
  attended: attendanceOf(await metricsOf(recording)),
  clock: new Clock('UTC'),
  made: MADE,
});

describe('presence', () => {
  test('is that of the metrics, without the gaps, which are said', async () => {
    const { people, from, until, callDuration, inputs } = attendanceOf(await metricsOf('reconnect-left-then-joined'));
    expect({ from, until, callDuration: callDuration.value }).toEqual({
      from: '2026-10-12T13:00:02.000Z',
      until: '2026-10-12T13:01:31.000Z',
      callDuration: 89,
    });
    const [fay] = people;
    expect(fay).toMatchObject({ identity: 'fay', presence: { value: 87.8, low: 87.8, high: 87.8 } });
    expect(fay!.sessions.map(({ seconds }) => seconds)).toEqual([38, 49.8]);
    expect(fay!.absences).toEqual([
      { from: '2026-10-12T13:00:40.000Z', until: '2026-10-12T13:00:40.200Z', seconds: 0.2 },
    ]);
    expect(inputs.hash).toMatch(/^[\w-]{43}$/);
  });

  test('of connections that overlap has no gap', async () => {
    const metrics = await metricsOf('reconnect-joined-then-left');
    const [person] = attendanceOf(metrics).people;
    expect(person!.sessions.length).toBeGreaterThan(1);
    expect(person!.absences).toEqual([]);
    expect(person!.presence.value).toBeLessThan(person!.sessions.reduce((sum, { seconds }) => sum + seconds, 0));
  });

  test('that was inferred has limits, and says what told it', async () => {
    const [mia] = attendanceOf(await metricsOf('lost-left')).people;
    expect(mia).toMatchObject({
      presence: { value: 58, low: 1, high: 78.999 },
      share: { value: 0.9831, low: 0.0126, high: 1 },
    });
    expect(mia!.sessions[0]).toMatchObject({
      joined: { observed: true, resolvedBy: null, range: null },
      left: {
        at: '2026-10-12T13:51:00.000Z',
        observed: false,
        resolvedBy: 'room_finished less the departure timeout',
        range: ['2026-10-12T13:50:03.000Z', '2026-10-12T13:51:20.999Z'],
      },
    });
  });

  test('of a crowd, whose bounds are not told one by one, claims no limit', async () => {
    const metrics = await metricsOf('lost-left');
    const uncertain = [...metrics.evidence.uncertain, 'participants.list'];
    const [mia] = attendanceOf({ ...metrics, evidence: { ...metrics.evidence, uncertain } }).people;
    expect(mia!.presence).toEqual({ value: 58, low: null, high: null });
  });
});

describe('people', () => {
  test('are those who came: no recorder, nobody hidden, nobody who never got in', async () => {
    const supervised = await metricsOf('hidden-supervisor');
    const hidden = supervised.participants.list.find((person) => person.hidden)!;
    expect(attendanceOf(supervised).people.map(({ identity }) => identity)).not.toContain(hidden.identity);
    expect(attendanceOf(supervised, hidden.identity).people).toHaveLength(1); // but by name

    const recorded = await metricsOf('egress-ended-after-room-finished');
    expect(recorded.participants.list.some(({ role }) => role === 'service')).toBe(true);
    expect(attendanceOf(recorded).people.every(({ role }) => role !== 'service')).toBe(true);

    const tried = await metricsOf('aborted-connection');
    const never = tried.participants.list.find(({ sessions }) => sessions.every(({ aborted }) => aborted))!;
    expect(attendanceOf(tried).people.map(({ identity }) => identity)).not.toContain(never.identity);
    expect(attendanceOf(tried, never.identity).people).toMatchObject([{ sessions: [], presence: { value: 0 } }]);
  });

  test('whom nobody heard of are none', async () => {
    expect(attendanceOf(await metricsOf('lost-left'), 'nobody').people).toEqual([]);
  });
});

test('CSV has a row for each identity, and one for each connection', async () => {
  const [head, ...rows] = parsedCsv(attendanceCsv(await reportOf('lost-left')));
  const cells = rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell])));
  expect(cells.map(({ row, identity }) => `${row} ${identity}`)).toEqual([
    'person mia',
    'session mia',
    'person agent-AJ_llf1',
    'session agent-AJ_llf1',
  ]);
  expect(cells[0]).toMatchObject({ seconds: '58', secondsLow: '1', secondsHigh: '78.999', share: '0.9831' });
  expect(cells[1]).toMatchObject({
    joinedBy: 'webhook',
    leftAt: '2026-10-12T13:51:00.000Z',
    leftLow: '2026-10-12T13:50:03.000Z',
    leftBy: 'room_finished less the departure timeout',
  });
});

test('Markdown has a section for each, and no markup of theirs', async () => {
  const text = attendanceMarkdown(await reportOf('lost-left'));
  expect(text).toContain('## mia');
  expect(text).toContain('Present 58.0\u00a0s (58 s), limits 1.00\u00a0s to 79.0\u00a0s; 98.3\u00a0% of the call');
  const report = (await callReports(hostile())).find(({ metrics }) => metrics.roomSid === 'RM_lostleft')!;
  const evil = attendanceMarkdown({ attended: attendanceOf(report.metrics), clock: new Clock('UTC'), made: MADE });
  expect(evil).toContain('## \\<img src=x onerror=alert(1)\\>');
  expect(evil).not.toMatch(/(?<!\\)<img/);
});
