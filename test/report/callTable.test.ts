import stringWidth from 'fast-string-width';
import { beforeAll, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { callTable } from '../../src/report/callTable.ts';
import { metricsOfCase } from './callMetrics.ts';

let call: CallMetrics;
beforeAll(async () => {
  call = await metricsOfCase('03-lost-joins');
});

const table = callTable(80);

test('a call is one row, its inferred values marked', () => {
  const inferred = { ...call, evidence: { ...call.evidence, bounds: { duration: [80, 90] } } } as CallMetrics;
  expect(table.row(inferred).replace(/ +/g, ' ')).toBe(
    'lesson-974b 2026-11-20 13:00 finished ~1:24 0:52 2 (2) - 0 human hangup 50 %',
  );
});

test('head and rows fit 100 columns, and stand below one another', () => {
  const crowd = {
    ...call,
    roomName: '会議室'.repeat(20),
    duration: 359_999,
    connectedDuration: 359_999,
    participants: { ...call.participants, unique: 200, peak: 9 },
    agent: { ...call.agent, joinLatency: 99.9 },
    response: { ...call.response, count: 99_999 },
    endReason: { class: 'duplicate_identity', raw: null, identity: null },
  } as CallMetrics;
  expect(stringWidth(table.head)).toBeLessThanOrEqual(100);
  expect(stringWidth(table.row(crowd))).toBe(100);
  expect(stringWidth(callTable(130).row({ ...crowd, roomName: 'x'.repeat(99) }))).toBe(130);
});

test('why it ended is whole: the no-show where it is narrow, any where there is room', () => {
  const row = (name: string, terminal: number) =>
    callTable(terminal).row({ ...call, endReason: { class: name, raw: null, identity: null } } as CallMetrics);
  expect(row('agent_no_show', 80)).toContain('agent no show');
  expect(row('duplicate_identity', Number.POSITIVE_INFINITY)).toContain('duplicate identity');
});

test('a table of what is kept begins with the whole sid', () => {
  const row = (roomSid: string, terminal: number) => callTable(terminal, { sids: true }).row({ ...call, roomSid });
  expect(row('RM_abcdefghijkl', 80)).toMatch(/^RM_abcdefghijkl lesson-974b +2026/);
  expect(row('RM_longer_than_livekits_are', 80)).toMatch(/^RM_longer_than_livekits_are lesson-974b +2026/);
  expect(row('RM_\u001b[2J', 80)).not.toContain('\u001b');
  expect(stringWidth(row('RM_abcdefghijkl', 130))).toBeLessThanOrEqual(130);
});

test('a name cannot command the terminal or break the row', () => {
  const row = table.row({ ...call, roomName: '\u001b[2J\nfake row' });
  expect(row).not.toContain('\u001b');
  expect(row).not.toContain('\n');
});

test('what cannot be known is a dash, and 100 % is said of nothing less', () => {
  const row = table.row({ ...call, connectedDuration: null, evidence: { ...call.evidence, completeness: 0.9999 } });
  expect(row).toMatch(/ - /);
  expect(row).toMatch(/ 99 %$/);
});
