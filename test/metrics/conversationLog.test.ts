import { expect, test } from 'vitest';
import { CallEvaluator } from '../../src/index.ts';
import { conversationText } from '../../src/report/conversationText.ts';
import { callAround, REPORT, SID } from '../telemetry/captures.ts';

const BEGIN = Date.UTC(2026, 10, 23, 8, 47, 10) / 1000;

async function told(conversationText: boolean, ...reports: object[]) {
  const evaluator = new CallEvaluator({ clock: () => (BEGIN + 100) * 1000, conversationText });
  for (const report of reports) await evaluator.processReport(report);
  await evaluator.processEvents(callAround(BEGIN, SID));
  return evaluator.getConversation(SID);
}

const item = (id: string, type: string, at: number, more: object) => ({ id, type, created_at: BEGIN + at, ...more });
const spoke = (from: number, to: number, more: object = {}) => ({
  metrics: { started_speaking_at: BEGIN + from, stopped_speaking_at: BEGIN + to, ...more },
});
const report = {
  job_id: 'AJ_1',
  room_id: SID,
  chat_history: {
    items: [
      item('g', 'message', 1, { role: 'assistant', content: ['Welcome'], ...spoke(1, 2) }),
      item('u', 'message', 3, { role: 'user', content: ['what is the weather'], ...spoke(3, 5) }),
      item('c', 'function_call', 6, { call_id: 'c1', name: 'weather', arguments: '{}' }),
      item('o', 'function_call_output', 6.5, { call_id: 'c1', name: 'weather', output: 'sunny' }),
      item('a', 'message', 7, {
        role: 'assistant',
        content: ['It is sunny'],
        interrupted: true,
        ...spoke(7, 9, { e2e_latency: 2 }),
      }),
      item('h', 'agent_handoff', 10, { new_agent_id: 'billing' }),
    ],
  },
};

test('turns, tools and handoffs in order, with what answers what, and how fast', async () => {
  const log = (await told(true, report))!;
  expect(log.textKept).toBe(true);
  expect(log.turns.map(({ side, text, answers, latency, method }) => [side, text, answers, latency, method])).toEqual([
    ['agent', 'Welcome', null, null, null],
    ['human', 'what is the weather', null, null, null],
    ['agent', 'It is sunny', 'u', 2, 'e2e'],
  ]);
  expect(log.turns[2]).toMatchObject({
    at: '2026-11-23T08:47:17.000Z',
    until: '2026-11-23T08:47:19.000Z',
    interrupted: true,
    jobId: 'AJ_1',
  });
  expect(log.tools).toEqual([
    {
      jobId: 'AJ_1',
      callId: 'c1',
      tool: 'weather',
      at: '2026-11-23T08:47:16.000Z',
      until: '2026-11-23T08:47:16.500Z',
      isError: false,
    },
  ]);
  expect(log.handoffs).toEqual([{ jobId: 'AJ_1', at: '2026-11-23T08:47:20.000Z', agent: 'billing' }]);
  expect(conversationText(log).split('\n')).toEqual([
    expect.stringMatching(`^${SID}`),
    '08:47:11.000  agent    Welcome',
    '08:47:13.000  human    what is the weather',
    '08:47:16.000  tool     weather 0.5 s',
    '08:47:17.000  agent    It is sunny (cut off) (after 2.0 s, e2e)',
    '08:47:20.000  handoff  to billing',
  ]);
});

test('without words, where they are not kept', async () => {
  const log = (await told(false, report))!;
  expect(log.textKept).toBe(false);
  expect(log.turns.map(({ text }) => text)).toEqual([null, null, null]);
  expect(conversationText(log)).toMatch(/1\.0 s\n.*human {4}2\.0 s\n(.|\n)*--conversation-text/);
});

test('of a real session, the words of each turn', async () => {
  const log = (await told(true, REPORT.payload as object))!;
  expect(log.turns.map(({ side, text }) => [side, text])).toEqual([
    ['human', 'what is the weather in Paris?'],
    ['human', expect.any(String)],
    ['agent', expect.any(String)],
  ]);
});

test('is null of a call of which no agent told, and of no call', async () => {
  expect(await told(false)).toBeNull();
  const evaluator = new CallEvaluator();
  expect(await evaluator.getConversation('RM_none')).toBeNull();
});
