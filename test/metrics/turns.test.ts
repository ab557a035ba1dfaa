/** Responses by turns: what agents told of their sessions, worked out by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callMetricsSchema } from '../../src/metrics/callMetrics.ts';
import type { ChatItem, Span } from '../../src/telemetry/facts.ts';
import { ms } from '../call/story.ts';
import { measured } from './measured.ts';
import {
  agent,
  BOTH,
  human,
  measuredTurns,
  measuredWith,
  one,
  toolCall,
  toolOutput,
  upload,
  written,
} from './telling.ts';

/** A greeting; a question answered 0.8 s later, as the framework says; one answered 1.5 s later, which nobody says. */
const GREETING = agent('m1', 2, 5);
const CONVERSATION: ChatItem[] = [
  GREETING,
  human('m2', 6, 9, { transcriptionDelay: 0.2, endOfTurnDelay: 0.5 }),
  agent('m3', 9.8, 14, { e2e: 0.8, llmTtft: 0.3, ttsTtfb: 0.1 }),
  human('m4', 15, 17, { transcriptionDelay: 0.4, endOfTurnDelay: 0.6 }),
  toolCall('c1', 17.2),
  toolOutput('c1', 17.9),
  agent('m5', 18.5, 21, { llmTtft: 0.5 }),
];

test('without telemetry tracks tell', () => {
  const { response, conversation, tools, usage } = measured(...BOTH);
  expect(response).toMatchObject({ source: 'tracks', count: 1, methods: { tracks: 1 }, components: null, rejected: 0 });
  expect({ conversation, tools, usage }).toEqual({ conversation: null, tools: null, usage: null });
});

test('by tracks, methods are as uncertain as the count', () => {
  const lost = BOTH.filter(({ event }) => event !== 'track_published');
  const { bounds } = measured(...lost).evidence;
  expect(bounds['response.count']).toEqual([0, 1]);
  expect(bounds['response.methods.tracks']).toEqual([0, 1]);
});

test('telemetry without a message leaves it to tracks', () => {
  const { response, conversation } = measuredWith([upload([toolCall('c1', 2)])]);
  expect(response).toMatchObject({ source: 'tracks', count: 1 });
  expect(conversation).toBeNull();
});

test('a conversation: a greeting answers nobody, and a latency is e2e where it is told, else derived', () => {
  const { response, agentResponseCount, evidence } = measuredTurns(...CONVERSATION);
  expect(agentResponseCount).toBe(2);
  expect(response).toMatchObject({
    source: 'turns',
    count: 2,
    latency: { count: 2, min: 0.8, mean: 1.15, p50: 1.15, max: 1.5 },
    methods: { e2e: 1, derived: 1 },
    components: {
      transcriptionDelay: { count: 2, min: 0.2, max: 0.4 },
      endOfTurnDelay: { count: 2, mean: 0.55 },
      llmTtft: { count: 2, p50: 0.4 },
      ttsTtfb: one(0.1),
      tool: one(0.7),
    },
    rejected: 0,
  });
  expect(evidence.bounds).toEqual({});
});

test('a latency derived from times that stood in for a message’s says so: the poorer of two', () => {
  const { methods, latency } = measuredTurns(
    ...[human('m1', 1, 2, { by: 'spans' }), agent('m2', 3, 4, { by: 'spans' })],
    ...[human('m3', 5, 6, { by: 'spans' }), agent('m4', 7, 8, { by: 'events' })],
    ...[human('m5', 9, 10, { by: 'spans' }), agent('m6', 11, 12, { by: 'spans', e2e: 1 })],
  ).response;
  expect([methods, latency!.count]).toEqual([{ e2e: 1, spans: 1, events: 1 }, 3]);
});

test('where no chat history came, spans tell the turns', () => {
  const spans: Span[] = [
    { id: 's1', name: 'userTurn', from: ms(1), to: ms(3) },
    { id: 's2', parentId: 's1', name: 'userSpeaking', from: ms(1), to: ms(2) },
    { id: 's3', name: 'agentTurn', from: ms(2.5), to: ms(6), speechId: 'speech_1' },
    { id: 's4', parentId: 's3', name: 'tool', from: ms(2.6), to: ms(2.9), tool: 'weather' },
    { id: 's5', parentId: 's3', name: 'agentSpeaking', from: ms(3.5), to: ms(6) },
  ];
  const { response, conversation, tools } = measuredWith([upload([], { spans })]);
  expect(response).toMatchObject({ source: 'turns', count: 1, latency: one(1.5), methods: { spans: 1 } });
  expect(conversation).toMatchObject({ turns: 2, talkSeconds: { human: 1, agent: 2.5 } });
  expect(tools).toEqual({ calls: 1, errors: 0, latency: one(0.3) });
});

test('lost webhooks put no bounds on what turns tell', () => {
  const lost = BOTH.filter(({ event }) => event !== 'participant_left' && event !== 'track_unpublished');
  const { evidence, response } = measuredWith([upload(CONVERSATION)], lost);
  expect(response.count).toBe(2);
  expect(Object.keys(evidence.bounds).filter((path) => /^(response|agentResponse)/.test(path))).toEqual([]);
});

test('webhooks that are never sent leave what turns tell as it is', () => {
  const { bounds, uncertain } = measuredWith([upload(CONVERSATION)], BOTH, {
    neverSent: ['track_published', 'track_unpublished'],
  }).evidence;
  expect(Object.keys(bounds)).toContain('tracks.total');
  expect([...Object.keys(bounds), ...uncertain].filter((path) => /esponse/.test(path))).toEqual([]);
});

describe('whom an agent turn answers', () => {
  const answers = (...items: ChatItem[]) => measuredTurns(...items).response.count;

  test('of a filler and the answer after it, the one that the framework says a latency of', () => {
    const items = [
      human('m1', 1, 2),
      agent('m2', 2.5, 3),
      agent('m3', 4, 6, { e2e: 2 }),
      agent('m4', 7, 8, { e2e: 5 }),
    ];
    const { response } = measuredTurns(...items);
    expect(response).toMatchObject({ count: 1, latency: one(2), methods: { e2e: 1 } });
  });

  test('the human turn of the same millisecond, whatever their ids', () => {
    for (const [asked, answered] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const)
      expect(answers(written(asked, 'user', 1), written(answered, 'assistant', 1))).toBe(1);
  });

  test('nobody: a greeting, and a second turn after it', () => {
    expect(answers(GREETING, agent('m2', 6, 7))).toBe(0);
    expect(measuredTurns(GREETING).response.latency).toBeNull();
  });

  test('one human turn, once', () => {
    expect(answers(human('m1', 1, 2), agent('m2', 3, 4), agent('m3', 5, 6))).toBe(1);
  });

  test('the latest of several: the earlier of them are answered with it', () => {
    const { response } = measuredTurns(human('m1', 1, 2), human('m2', 3, 4), agent('m3', 5, 6), agent('m4', 7, 8));
    expect(response).toMatchObject({ count: 1, latency: one(1) });
  });

  test('the one that began before it, also where it was written down later', () => {
    const { response } = measuredTurns(human('m1', 1, 2, { createdAt: ms(9) }), agent('m2', 3, 4));
    expect(response).toMatchObject({ count: 1, latency: one(1) });
  });

  test('one in its own job: after a handoff the next agent answers nobody until it is asked', () => {
    const first = upload([human('m1', 1, 2), agent('m2', 3, 4), human('m3', 5, 6)]);
    const second = upload([agent('m4', 8, 9), human('m5', 10, 11), agent('m6', 11.5, 13)], { jobId: 'AJ_2' });
    const { response, conversation } = measuredWith([second, first]);
    expect(response).toMatchObject({ count: 2, latency: { count: 2, min: 0.5, max: 1 }, methods: { derived: 2 } });
    expect(conversation).toMatchObject({ turns: 6, humanTurns: 3, agentTurns: 3 });
  });

  test('nobody where no time tells what came before', () => {
    const { createdAt: _, ...undated } = written('m2', 'assistant', 3);
    const { response, conversation } = measuredTurns(human('m1', 1, 2), undated);
    expect([response.count, conversation!.turns]).toEqual([0, 2]);
  });

  test('a written question, in no time that is known', () => {
    const { response } = measuredTurns(written('m1', 'user', 1), written('m2', 'assistant', 1.2));
    expect(response).toMatchObject({ source: 'turns', count: 1, latency: null, methods: {} });
  });
});

test('a history that one job gave to another counts once, and so does one that is told without its job too', () => {
  const once = measuredTurns(...CONVERSATION);
  for (const jobId of ['AJ_2', null]) {
    const { response, conversation, tools } = measuredWith([upload(CONVERSATION, { jobId }), upload(CONVERSATION)]);
    expect({ response, conversation, tools }).toEqual({
      response: once.response,
      conversation: once.conversation,
      tools: once.tools,
    });
  }
});

describe('what cannot have been is left out and counted', () => {
  const ASKED = human('m1', 6, 9);
  const responseOf = (...items: ChatItem[]) => measuredTurns(...items).response;

  test.each([-0.4, 121, Number.NaN, Number.POSITIVE_INFINITY])('an e2e of %s s in a room of 120 s', (e2e) => {
    expect(responseOf(ASKED, agent('m2', 10, 12, { e2e }))).toMatchObject({
      ...{ count: 1, latency: null, methods: {}, rejected: 1 },
    });
  });

  test('a derived latency that is negative: the agent began while the human spoke', () => {
    expect(responseOf(ASKED, agent('m2', 8, 12))).toMatchObject({ count: 1, latency: null, rejected: 1 });
  });

  test('components', () => {
    const { components, rejected } = responseOf(
      human('m1', 6, 9, { transcriptionDelay: -1, endOfTurnDelay: 500 }),
      agent('m2', 10, 12, { e2e: 1, llmTtft: -1, ttsTtfb: 0.2 }),
      toolCall('c1', 5),
      toolOutput('c1', 4),
    );
    expect(components).toEqual({
      ...{ transcriptionDelay: null, endOfTurnDelay: null, llmTtft: null, ttsTtfb: one(0.2), tool: null },
    });
    expect(rejected).toBe(4);
  });

  test('speaking times: stop before start, farther apart than the call is long, of no clock', () => {
    const odd = [
      human('m1', 6, 5),
      human('m1', 6, 900),
      human('m1', 6, 9, { startedAt: 0 }),
      human('m1', 6, 9, { stoppedAt: 1e18 }),
      human('m1', 6, 9, { startedAt: ms(-4000), stoppedAt: ms(-3990) }),
    ];
    for (const asked of odd) {
      const { response, conversation } = measuredTurns(asked, agent('m2', 10, 12));
      expect(response, JSON.stringify(asked)).toMatchObject({ count: 1, latency: null, rejected: 1 });
      expect(conversation!.talkSeconds).toEqual({ human: null, agent: 2 });
    }
  });

  test('longer than the call, as LiveKit told it; where its end was lost, as the agents’ own times do, if that is longer', () => {
    const apart = [ASKED, agent('m2', 210, 212, { e2e: 150 })];
    expect(responseOf(...apart)).toMatchObject({ latency: null });
    const lost = BOTH.filter(({ event }) => event !== 'room_finished');
    const response = measuredWith([upload(apart)], lost).response;
    expect(response).toMatchObject({ latency: one(150), rejected: 0 });
    expect(responseOf(ASKED, agent('m2', 10, 212, { e2e: 150, stoppedAt: ms(12) }))).toMatchObject({ rejected: 1 });
  });

  test('an e2e that rests on a human’s stop that cannot have been', () => {
    const asked = human('m1', 6, 5);
    expect(responseOf(asked, agent('m2', 10, 12, { e2e: 5 }))).toMatchObject({ count: 1, latency: null, rejected: 2 });
  });
});

test('an agent’s clock that is hours off changes nothing but the instants of issues, and what lies between the two clocks', () => {
  const items = [...CONVERSATION, human('m6', 30, 31, { confidence: 0.3 })];
  const shifted = items.map((item) => {
    const shift = (at: number | undefined) => (at === undefined ? {} : { at: at - 7_200_000 });
    const [created, began, ceased] = [shift(item.createdAt), shift(item.startedAt), shift(item.stoppedAt)];
    return {
      ...item,
      ...('at' in created && { createdAt: created.at }),
      ...('at' in began && { startedAt: began.at }),
      ...('at' in ceased && { stoppedAt: ceased.at }),
    };
  });
  const { audio, ...rest } = measuredTurns(...items);
  const { audio: shiftedAudio, ...others } = measuredTurns(...shifted);
  expect(others.conversation!.timeToFirstAgentWord).toBeNull();
  others.conversation!.timeToFirstAgentWord = rest.conversation!.timeToFirstAgentWord;
  expect(others).toEqual(rest);
  expect(shiftedAudio.issues.map(({ code }) => code).sort()).toEqual(audio.issues.map(({ code }) => code).sort());
});

/** Items as nobody would send them. */
const instant = fc.oneof(fc.integer({ min: -50, max: 200 }).map(ms), fc.double(), fc.constantFrom(0, -1, 1e18));
const amount = fc.oneof(fc.double({ min: -1, max: 10 }), fc.double());
const anyItem = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    kind: fc.constantFrom('message', 'message', 'message', 'toolCall', 'toolOutput', 'handoff', 'other'),
    role: fc.constantFrom('user', 'assistant', 'other'),
    createdAt: instant,
    startedAt: instant,
    stoppedAt: instant,
    interrupted: fc.boolean(),
    e2e: amount,
    llmTtft: amount,
    endOfTurnDelay: amount,
    confidence: amount,
    callId: fc.constantFrom('c1', 'c2'),
    isError: fc.boolean(),
  },
  { requiredKeys: ['id', 'kind'] },
) as fc.Arbitrary<ChatItem>;
const anyUpload = fc.record({
  jobId: fc.constantFrom('AJ_1', 'AJ_2', null),
  items: fc.array(anyItem, { maxLength: 12 }),
  usage: fc.array(
    fc.record({
      kind: fc.constant('llm' as const),
      provider: fc.constant(null),
      model: fc.constant(null),
      inputTokens: amount,
    }),
  ),
  redacted: fc.constant(false),
});

test('whatever agents tell, nothing absurd is said of it, in the order of the schema', () => {
  const schema = callMetricsSchema();
  fc.assert(
    fc.property(fc.array(anyUpload, { maxLength: 4 }), (uploads) => {
      const metrics = measuredWith(uploads);
      expect(JSON.stringify(schema.parse(metrics))).toBe(JSON.stringify(metrics));
    }),
    { numRuns: 200 },
  );
});

test('the order in which it is told changes nothing', () => {
  const sane = fc.array(anyUpload, { maxLength: 4 });
  fc.assert(
    fc.property(sane, fc.integer(), (uploads, seed) => {
      const pieces = uploads.flatMap((one) => one.items.map((item) => ({ ...one, items: [item] })));
      // NaN is neither greater nor less: the decoders let none through
      fc.pre(!pieces.some(({ items }) => Object.values(items[0]!).some(Number.isNaN)));
      const [shuffled] = fc.sample(fc.shuffledSubarray(pieces, { minLength: pieces.length }), { seed, numRuns: 1 });
      expect(measuredWith(shuffled!)).toEqual(measuredWith(pieces));
    }),
    { numRuns: 100 },
  );
});

test('what spans or livekit-evals tell beside a chat history, of no job or of the only one, is the same session', () => {
  const said = [human('u', 1, 2), agent('a', 3, 4)];
  const guessed = [human('turn 0', 1, 2, { by: 'events' }), agent('turn 1', 3, 4, { by: 'events' })];
  for (const [told, other] of [
    ['AJ_1', null],
    [null, 'AJ_1'],
  ] as const) {
    const { response, conversation } = measuredWith([upload(said, { jobId: told }), upload(guessed, { jobId: other })]);
    expect([conversation!.turns, response.count]).toEqual([2, 1]);
  }
});
