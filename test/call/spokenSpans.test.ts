import { expect, test } from 'vitest';
import { itemsOf } from '../../src/call/spokenSpans.ts';
import { hear, type Talk } from '../../src/call/talk.ts';
import type { AgentFacts, Span } from '../../src/telemetry/facts.ts';

function talkOf(spans: Span[], items: AgentFacts['items'] = []): Talk {
  const talks = new Map<string, Talk>();
  const heard = (facts: Partial<AgentFacts>) =>
    hear(talks, { jobId: 'AJ_1', items: [], usage: [], redacted: true, ...facts }, { id: 'AU_1', ms: 0 });
  for (const span of spans) heard({ spans: [span] });
  heard({ items });
  return talks.get('AJ_1')!;
}

/** A question that is answered with the help of a tool; the session's own span got lost. */
const SPANS: Span[] = [
  { id: 'u', parentId: 'lost', name: 'userTurn', from: 1000, to: 2600, transcriptionDelay: 0.2, endOfTurnDelay: 0.5 },
  { id: 'u1', parentId: 'u', name: 'userSpeaking', from: 1000, to: 1400 },
  { id: 'u2', parentId: 'u', name: 'userSpeaking', from: 1700, to: 2000 },
  { id: 'a', parentId: 'lost', name: 'agentTurn', from: 2500, to: 3000, speechId: 'speech_1' },
  { id: 'l1', parentId: 'a', name: 'llm', from: 2500, to: 2800, llmTtft: 0.25 },
  { id: 't', parentId: 'a', name: 'tool', from: 2800, to: 3000, tool: 'look_up', isError: false },
  {
    id: 'b',
    parentId: 'lost',
    name: 'agentTurn',
    from: 3000,
    to: 6000,
    speechId: 'speech_1',
    e2e: 1.5,
    interrupted: true,
  },
  { id: 'l2', parentId: 'b', name: 'llm', from: 3000, to: 3300, llmTtft: 0.1 },
  { id: 's', parentId: 'b', name: 'tts', from: 3300, to: 5000, ttsTtfb: 0.15 },
  { id: 'sp', parentId: 'b', name: 'agentSpeaking', from: 3500, to: 6000 },
];
const ITEMS = [
  {
    id: 'u',
    kind: 'message',
    role: 'user',
    by: 'spans',
    interrupted: false,
    createdAt: 1000,
    startedAt: 1000,
    stoppedAt: 2000,
    transcriptionDelay: 0.2,
    endOfTurnDelay: 0.5,
  },
  {
    id: 'speech_1',
    kind: 'message',
    role: 'assistant',
    by: 'spans',
    interrupted: true,
    createdAt: 2500,
    startedAt: 3500,
    stoppedAt: 6000,
    e2e: 1.5,
    llmTtft: 0.25,
    ttsTtfb: 0.15,
  },
  { id: 't', kind: 'toolCall', callId: 't', tool: 'look_up', createdAt: 2800 },
  { id: 't/output', kind: 'toolOutput', callId: 't', tool: 'look_up', createdAt: 3000, isError: false },
];

test('a turn has the speech within it, an answer all of its steps, a tool its length', () => {
  expect(itemsOf(talkOf(SPANS))).toEqual(ITEMS);
  expect(itemsOf(talkOf(SPANS.toReversed()))).toEqual(expect.arrayContaining(ITEMS));
});

test('what was said without a turn of its own is a turn; an answer that nobody heard is none', () => {
  const alone: Span[] = [
    { id: 'x', name: 'agentSpeaking', from: 100, to: 200 },
    { id: 'y', name: 'agentTurn', from: 300, to: 400, speechId: 'speech_2' },
  ];
  expect(itemsOf(talkOf(alone))).toMatchObject([{ id: 'x', role: 'assistant', startedAt: 100, stoppedAt: 200 }]);
});

test('a chat history tells it better', () => {
  const message = { id: 'item_1', kind: 'message', role: 'user', createdAt: 5 } as const;
  expect(itemsOf(talkOf(SPANS, [message]))).toEqual([message]);
});

test('spans that are each other’s parents lead nowhere', () => {
  const loop: Span[] = [
    { id: 'x', parentId: 'y', name: 'agentSpeaking', from: 1, to: 2 },
    { id: 'y', parentId: 'x', name: 'agentSpeaking', from: 3, to: 4 },
  ];
  expect(itemsOf(talkOf(loop))).toHaveLength(2);
});

test('spans that lie in one another without end take no longer for it', () => {
  const count = 100_000;
  const spans = Array.from(
    { length: count },
    (_, i): Span => ({ id: `${i}`, parentId: `${i + 1}`, name: 'agentSpeaking', from: i, to: i + 1 }),
  );
  expect(itemsOf(talkOf(spans))).toHaveLength(count); // by quadratic steps it would be minutes
});

test('of a realtime model, whose messages tell when they began, spans tell when they ended', () => {
  const message = (id: string, role: 'user' | 'assistant', at: number) =>
    ({ id, kind: 'message', role, createdAt: at, startedAt: at, interrupted: false }) as const;
  const spans: Span[] = [
    { id: 's1', name: 'userSpeaking', from: 5_100, to: 7_000 },
    { id: 's2', name: 'agentSpeaking', from: 8_000, to: 10_000 },
  ];
  const items = itemsOf(
    talkOf(spans, [message('u', 'user', 5_000), message('a', 'assistant', 8_000), message('b', 'assistant', 20_000)]),
  );
  expect(items.map(({ id, stoppedAt, by }) => [id, stoppedAt, by])).toEqual([
    ['u', 7_000, 'spans'],
    ['a', 10_000, 'spans'],
    ['b', undefined, undefined],
  ]);
});
