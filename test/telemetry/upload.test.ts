import { describe, expect, test } from 'vitest';
import { decodeTelemetry } from '../../src/telemetry/decodeTelemetry.ts';
import { bodiesOf, type Upload } from '../../src/telemetry/upload.ts';
import type { Json } from '../../src/webhook/read.ts';
import { LOGS, RECORDINGS, REPORT, SID, WORDS } from './captures.ts';

const NOW = Date.UTC(2026, 10, 23, 9);
const factsOf = (upload: Upload) =>
  bodiesOf(upload, NOW, false).map((body) => decodeTelemetry(body as unknown as Json));

const ITEMS = [
  { id: 'item_bb6e671b-327', kind: 'handoff', agent: 'default_agent', createdAt: 1795423638649 },
  { id: 'item_bb4ba443-056', kind: 'other', createdAt: 1795423638651 },
  { id: 'item_64b7dd71-ec0', kind: 'message', role: 'user', interrupted: false, createdAt: 1795423638657 },
  {
    id: 'item_8c451644-c39/fnc_0',
    kind: 'toolCall',
    callId: 'fake_call_0',
    tool: 'getWeather',
    createdAt: 1795423638789,
  },
  {
    id: 'item_66b5b86d-5ca',
    kind: 'toolOutput',
    callId: 'fake_call_0',
    tool: 'getWeather',
    isError: false,
    createdAt: 1795423638832,
  },
  { id: 'item_d9e34aa0-c35', kind: 'message', role: 'user', interrupted: false, createdAt: 1795423638878 },
  {
    id: 'item_ab3a352c-15f',
    kind: 'message',
    role: 'assistant',
    interrupted: false,
    createdAt: 1795423638880,
    startedAt: 1795423638934,
    stoppedAt: 1795423638945,
    llmTtft: 0.05326454200000019,
  },
];

describe('of a real agent, the same items come', () => {
  test.each([
    ['in the session’s report', REPORT],
    ['in the upload at its end', RECORDINGS],
    ['in its log records', LOGS],
  ])('%s', (_, upload) => {
    const [facts, ...others] = factsOf(upload);
    expect(others).toEqual([]);
    expect(facts!.jobId).toBe('AJ_test123');
    expect(facts!.items).toEqual(ITEMS);
  });

  test('and what else each of them tells', () => {
    expect(factsOf(REPORT)[0]).toMatchObject({
      closeReason: 'user_initiated',
      sdkVersion: '1.9.0',
      usage: [{ kind: 'llm', model: 'unknown' }],
    });
    expect(factsOf(LOGS)[0]).toMatchObject({ agentName: 'demo-agent', sdkVersion: '1.9.0', usage: [{ kind: 'llm' }] });
  });
});

describe('no word of the conversation', () => {
  test.each([REPORT, RECORDINGS, LOGS])('is in what is stored ($path)', (upload) => {
    const kept = JSON.stringify(bodiesOf(upload, NOW, false));
    for (const word of WORDS) expect(kept).not.toContain(word);
    expect(kept).toContain('getWeather');
    expect(kept).toContain('"redacted":true');
  });

  test('but where words are kept', () => {
    const kept = JSON.stringify(bodiesOf(REPORT, NOW, true));
    for (const word of WORDS) expect(kept).toContain(word);
  });

  test('is, also under a name that nobody has thought of', () => {
    const payload = {
      room_id: SID,
      chat_history: { items: [{ id: 'x', type: 'message', novelty: 'said aloud', n: 1 }] },
    };
    const [body] = bodiesOf({ path: 'report', payload }, NOW, false);
    expect(JSON.stringify(body)).not.toContain('said aloud');
    expect(body!.payload).toEqual({ room_id: SID, chat_history: { items: [{ id: 'x', type: 'message' }] } });
  });
});

/** As of the documented shapes (agent-telemetry.md): constructed, not recorded. */
describe('of other versions', () => {
  test('Python: snake_case, seconds', () => {
    const payload = {
      job_id: 'AJ_1',
      room_id: SID,
      chat_history: {
        items: [
          {
            id: 'item_1',
            type: 'message',
            role: 'assistant',
            content: ['Hello'],
            interrupted: true,
            created_at: 1795423638.5,
            metrics: {
              started_speaking_at: 1795423639.25,
              stopped_speaking_at: 1795423641,
              e2e_latency: 0.75,
              llm_node_ttft: 0.3,
              tts_node_ttfb: 0.2,
            },
          },
        ],
      },
      usage: [{ type: 'stt_usage', provider: 'deepgram', model: 'nova-3', audio_duration: 12.5 }],
    };
    const [facts] = factsOf({ path: 'report', payload });
    expect(facts!.items).toEqual([
      {
        id: 'item_1',
        kind: 'message',
        role: 'assistant',
        interrupted: true,
        createdAt: 1795423638500,
        startedAt: 1795423639250,
        stoppedAt: 1795423641000,
        e2e: 0.75,
        llmTtft: 0.3,
        ttsTtfb: 0.2,
      },
    ]);
    expect(facts!.usage).toEqual([{ kind: 'stt', provider: 'deepgram', model: 'nova-3', audioSeconds: 12.5 }]);
  });

  test('Node.js 1.4: camelCase, milliseconds', () => {
    const payload = {
      jobId: 'AJ_1',
      roomId: SID,
      chatHistory: {
        items: [
          {
            id: 'item_1',
            type: 'function_call_output',
            callId: 'c1',
            name: 'book',
            isError: true,
            createdAt: 1795423638500,
          },
        ],
      },
      usage: [{ type: 'tts_usage', provider: 'cartesia', model: 'sonic', charactersCount: 40, audioDurationMs: 2500 }],
    };
    const [facts] = factsOf({ path: 'report', payload });
    expect(facts).toMatchObject({
      jobId: 'AJ_1',
      items: [{ kind: 'toolOutput', callId: 'c1', tool: 'book', isError: true, createdAt: 1795423638500 }],
      usage: [{ kind: 'tts', characters: 40, audioSeconds: 2.5 }],
    });
  });
});

test('log records of several jobs are told apart', () => {
  const record = (job: string) => ({
    body: { stringValue: 'session report' },
    attributes: [
      { key: 'room_id', value: { stringValue: SID } },
      { key: 'job_id', value: { stringValue: job } },
    ],
  });
  const scopeLogs = [{ scope: { name: 'chat_history' }, logRecords: [record('AJ_1'), record('AJ_2'), record('AJ_1')] }];
  const facts = factsOf({ path: 'logs', payload: { resourceLogs: [{ scopeLogs }] } });
  expect(facts.map(({ jobId }) => jobId)).toEqual(['AJ_1', 'AJ_2']);
});

/** Constructed; `lk.transcription_delay` is ms from Node.js and seconds from Python. */
test.each([
  ['nodejs', 250],
  ['python', 0.25],
])('spans of %s: their attributes, in seconds, without words', (language, delay) => {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const span = (spanId: string, name: string, attributes: object[]) => ({
    traceId: 'trace',
    spanId,
    name,
    startTimeUnixNano: '1795423638500000000',
    endTimeUnixNano: '1795423639000000000',
    attributes,
  });
  const spans = [
    span('1', 'agent_session', [text('gen_ai.conversation.id', SID), text('lk.job_id', 'AJ_1')]),
    span('2', 'user_turn', [
      text('lk.pii.user_transcript', 'weather in Paris'),
      { key: 'lk.transcription_delay', value: { doubleValue: delay } },
    ]),
    span('3', 'agent_turn', [
      text('lk.speech_id', 'speech_1'),
      { key: 'lk.e2e_latency', value: { doubleValue: 0.75 } },
    ]),
  ];
  const resource = { attributes: [text('telemetry.sdk.language', language)] };
  const payload = { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  const bodies = bodiesOf({ path: 'traces', payload }, NOW, false);
  expect(bodies.map(({ room }) => room)).toEqual([{ sid: SID }]);
  expect(JSON.stringify(bodies)).not.toContain('Paris');
  const [from, to] = [1795423638500, 1795423639000];
  expect(factsOf({ path: 'traces', payload })).toEqual([
    {
      jobId: 'AJ_1',
      items: [],
      usage: [],
      redacted: true,
      spans: [
        { id: '2', name: 'userTurn', from, to, transcriptionDelay: 0.25 },
        { id: '3', name: 'agentTurn', from, to, speechId: 'speech_1', e2e: 0.75 },
      ],
    },
  ]);
});

/** Constructed after livekit-evals 0.2.12, webhook_handler.py. `transcript` holds words, and times. */
test('livekit-evals: turns and tools, by times that are estimates; its delays and its STT seconds are not believed', () => {
  const turn = (speaker: string, from: number, to: number | null) => ({
    speaker,
    text: 'said aloud',
    start_timestamp: new Date(1795423638000 + from).toISOString(),
    end_timestamp: to === null ? null : new Date(1795423638000 + to).toISOString(),
    response_delay_ms: -80,
    interrupted: false,
  });
  const call = {
    id: 'my-room',
    room_name: 'my-room',
    started_at: '2026-11-23T08:47:18.000+00:00',
    call_end_reason: 'participant_disconnected',
    transcript: { turns: [turn('user', 1000, 2000), turn('assistant', 2600, null)] },
    tool_calls: [
      { id: 'call_1', function_name: 'book', arguments: 'said aloud', is_error: true, start_ms: 2100, end_ms: 2400 },
    ],
    usage: {
      llm_model: 'gpt-4o',
      llm_provider: 'openai',
      llm_input_tokens: 50,
      stt_model: 'nova-3',
      stt_duration_seconds: 5,
    },
    metadata: { system_prompt: 'said aloud', phone_number: '+15550100' },
  };
  const bodies = bodiesOf({ path: 'evals', payload: { event: 'call.ended', call } }, NOW, false);
  expect(bodies[0]!.room).toEqual({ name: 'my-room' });
  expect(JSON.stringify(bodies)).not.toMatch(/said aloud|5550100/);
  const begin = 1795423638000;
  const said = { kind: 'message', by: 'events', interrupted: false };
  const tool = { callId: 'call_1', tool: 'book' };
  expect(factsOf({ path: 'evals', payload: { event: 'call.ended', call } })).toEqual([
    {
      jobId: null,
      closeReason: 'participant_disconnected',
      redacted: true,
      items: [
        {
          id: 'turn 1795423638000 0',
          role: 'user',
          ...said,
          createdAt: begin + 1000,
          startedAt: begin + 1000,
          stoppedAt: begin + 2000,
        },
        { id: 'turn 1795423638000 1', role: 'assistant', ...said, createdAt: begin + 2600, startedAt: begin + 2600 },
        { id: 'call_1', kind: 'toolCall', ...tool, createdAt: begin + 2100 },
        { id: 'call_1/output', kind: 'toolOutput', ...tool, createdAt: begin + 2400, isError: true },
      ],
      usage: [
        { kind: 'llm', provider: 'openai', model: 'gpt-4o', inputTokens: 50 },
        { kind: 'stt', provider: null, model: 'nova-3' },
      ],
    },
  ]);
});

/** Each was found to reach the disk once. */
describe('neither stays what somebody hides', () => {
  const attribute = (key: string, value: object) => ({ key, value });
  const kvlist = (key: string, stringValue: string) => ({
    kvlistValue: { values: [attribute(key, { stringValue }), attribute('Anna', { intValue: '4917012345' })] },
  });
  const span = (...attributes: object[]) => ({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: 't',
                spanId: 's',
                name: 'function_tool',
                startTimeUnixNano: '1795423638500000000',
                endTimeUnixNano: '1795423638600000000',
                attributes: [attribute('room_id', { stringValue: SID }), ...attributes],
              },
            ],
          },
        ],
      },
    ],
  });
  const report = (more: object, item: object = {}) => ({
    room_id: SID,
    chat_history: { items: [{ id: 'i', type: 'message', ...item }] },
    ...more,
  });
  const log = (body: string) => ({
    resourceLogs: [
      {
        scopeLogs: [
          {
            scope: { name: 'chat_history' },
            logRecords: [
              {
                body: { stringValue: body },
                attributes: [attribute('room_id', { stringValue: SID }), attribute('user', kvlist('name', 'Anna'))],
              },
            ],
          },
        ],
      },
    ],
  });
  test.each<[string, Upload]>([
    [
      'in a tool’s structured arguments',
      { path: 'traces', payload: span(attribute('gen_ai.tool.call.arguments', kvlist('name', 'Anna'))) },
    ],
    ['in a log of the app’s own', { path: 'logs', payload: log('Anna said: my PIN is 4917012345') }],
    [
      'in the sound of an event',
      {
        path: 'report',
        payload: report({
          events: [
            { type: 'close', speechInput: [4917012345] },
            { type: 'x', name: 'Anna' },
          ],
        }),
      },
    ],
    [
      'in keys and numbers',
      { path: 'report', payload: report({ userdata: { 'I am Anna': true, phone: 4917012345 } }) },
    ],
    [
      'in a name of anything',
      { path: 'report', payload: report({ participant: { name: 'Anna' } }, { attributes: { name: 'Anna' } }) },
    ],
    [
      'in enums, instants and ids',
      {
        path: 'report',
        payload: report(
          { close_reason: 'Anna' },
          { role: 'Anna', created_at: 'Anna', type: 'Anna', call_id: 'I am Anna' },
        ),
      },
    ],
    [
      'in an end’s reason',
      { path: 'evals', payload: { call: { room_name: 'my-room', call_end_reason: 'Anna', phone_number: 4917012345 } } },
    ],
    ['in what makes itself JSON', { path: 'report', payload: report({ toJSON: () => ({ content: 'Anna' }) }) }],
    ['in place of a history', { path: 'report', payload: { room_id: SID, chat_history: 4917012345 } }],
  ])('%s', (_, upload) => {
    const kept = JSON.stringify(bodiesOf(upload, NOW, false));
    expect(kept).not.toMatch(/Anna|4917012345/);
    expect(kept).toMatch(/RM_abcdef|my-room/);
  });
});

test('an impossible instant costs its item its time, and not the upload its items', () => {
  const items = [
    { id: 'good', type: 'message', role: 'user', created_at: 1795423638.5 },
    {
      id: 'bad',
      type: 'message',
      role: 'user',
      created_at: '9999-12-31T23:59:59Z',
      metrics: { stopped_speaking_at: 1e308 },
    },
  ];
  for (const keepWords of [false, true]) {
    const [body] = bodiesOf({ path: 'report', payload: { room_id: SID, chat_history: { items } } }, NOW, keepWords);
    expect(body!.createdAt).toBe(1795423638500);
    expect(decodeTelemetry(body as unknown as Json).items.map(({ id }) => id)).toEqual(['good', 'bad']);
  }
  const [alone] = bodiesOf(
    { path: 'report', payload: { chat_history: { items: [{ id: 'x', created_at: 12.5 }] } } },
    NOW,
    true,
  );
  expect(alone!.createdAt).toBe(NOW);
});

test('what names a property of every object is no kind of usage, item or role', () => {
  const payload = {
    room_id: SID,
    chat_history: { items: [{ id: 'x', type: 'constructor', role: 'constructor' }] },
    usage: [{ type: 'constructor', model: 'x', input_tokens: 3 }],
  };
  const [body] = bodiesOf({ path: 'report', payload }, NOW, true);
  expect(decodeTelemetry(body as unknown as Json)).toMatchObject({ items: [{ kind: 'other' }], usage: [] });
});

test.each<[object]>([
  [{ toString: 1, valueOf: 2 }],
  [{ stringValue: { toString: 1 } }],
  [{ intValue: { toString: 1 } }],
])('a value that cannot be written as text is none: %j', (value) => {
  const records = [{ body: value, attributes: [{ key: 'room_id', value }] }];
  const payload = { resourceLogs: [{ scopeLogs: [{ scope: { name: value }, logRecords: records }] }] };
  expect(bodiesOf({ path: 'logs', payload }, NOW, false)).toEqual([]);
});
