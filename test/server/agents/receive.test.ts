/** Uploads over the wire: what is handed on, and what is answered. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Any, Duration, proto3 } from '@bufbuild/protobuf';
import { MetricsRecordingHeader } from '@livekit/protocol';
import { describe, expect, test } from 'vitest';
import { CallEvaluatorError } from '../../../src/errors.ts';
import { uploadKind } from '../../../src/server/agents/routes.ts';
import { keysFrom } from '../../../src/server/webhook/keys.ts';
import { SECRET } from '../webhook/signed.ts';
import { protobufOf } from './otlpTypes.ts';
import { agentToken, captured, FORM_TYPE, formOf, held, TOKEN, uploading } from './uploading.ts';

const LOGS = '/observability/logs/otlp/v0';
const TRACES = '/observability/traces/otlp/v0';
const RECORDINGS = '/observability/recordings/v0';
const MB = 1024 * 1024;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const GZIP = { 'content-encoding': 'gzip' };
const FORM = { 'content-type': FORM_TYPE };

test.each([
  ['/observability/logs/otlp/v0', 'logs'],
  ['/any/base/observability/traces/otlp/v0', 'traces'],
  ['//observability/metrics/otlp/v0?a=1', 'metrics'],
  ['/a/observability/recordings/v0', 'recordings'],
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
  ['/v1/reports', 'report'],
  ['/webhooks/obs/livekit', 'evals'],
  ['/base/webhooks/obs/livekit', 'evals'],
  ['/v1/calls', null],
  ['/v1/calls/v1/logs', null],
  ['/observability/logs/otlp/v1', null],
  ['/v1/calls?x=/v1/logs', null],
  ['/webhook', null],
  [undefined, null],
])('%s is a way in for %s', (url, kind) => {
  expect(uploadKind(url)).toBe(kind);
});

describe('of a real agent', () => {
  const atTheTime = { keys: keysFrom({ keys: { devkey: SECRET } }), now: () => 1_795_423_650_000 };

  test('all four uploads are taken', async () => {
    const { post, taken, troubles } = await uploading({}, atTheTime);
    for (const { url, headers, body } of captured()) {
      const { authorization, 'content-type': type, 'content-encoding': encoding } = headers;
      const sent = { authorization, 'content-type': type, 'content-encoding': encoding };
      const answer = await post(url, { headers: sent, body: encoding === 'gzip' ? gzipSync(body) : body });
      expect(answer.status).toBe(200);
    }
    expect(troubles).toEqual([]);
    expect(taken.map(({ path }) => path)).toEqual(['logs', 'recordings', 'logs', 'traces']);
    const [logs, recordings, , traces] = taken.map(({ payload }) => payload) as [object, object, object, Traces];
    expect(logs).toEqual(JSON.parse(captured()[0]!.body.toString()));
    expect(recordings).toMatchObject({ header: { roomId: 'RM_abcdef', jobId: 'AJ_test123' } });
    expect((recordings as { chatHistory: { items: object[] } }).chatHistory.items).toHaveLength(7);
    const [{ resource, scopeSpans }] = traces.resourceSpans;
    expect(resource.attributes).toContainEqual({ key: 'room_id', value: { stringValue: 'RM_abcdef' } });
    const { scope, spans } = scopeSpans[0];
    expect(scope.name).toBe('livekit-agents');
    expect(spans.find(({ name }) => name === 'on_enter')).toMatchObject({
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
      spanId: expect.stringMatching(/^[\da-f]{16}$/),
      parentSpanId: expect.stringMatching(/^[\da-f]{16}$/),
      startTimeUnixNano: expect.stringMatching(/^17954236\d{11}$/),
      attributes: expect.arrayContaining([{ key: 'job_id', value: { stringValue: 'AJ_test123' } }]),
    });
  });

  test('and are not taken when their token has expired', async () => {
    const { post } = await uploading({}, { ...atTheTime, now: () => 1_795_532_000_000 });
    const { url, headers, body } = captured()[0]!;
    expect((await post(url, { headers: { authorization: headers.authorization }, body })).json.check).toBe('expired');
  });
});

interface Traces {
  resourceSpans: [
    {
      resource: { attributes: object[] };
      scopeSpans: [{ scope: { name: string }; spans: { name: string }[] }];
    },
  ];
}

const attributes = [
  { key: 'text', value: { stringValue: 'für Ana 🙂' } },
  { key: 'none', value: {} },
  { key: 'empty', value: { stringValue: '' } },
  { key: 'no', value: { boolValue: false } },
  { key: 'large', value: { intValue: '-9007199254740993' } },
  { key: 'share', value: { doubleValue: 0.25 } },
  { key: 'bytes', value: { bytesValue: 'AP8=' } },
  { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { kvlistValue: { values: [] } }] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { arrayValue: { values: [] } } }] } } },
];
const resource = { attributes: [{ key: 'room_id', value: { stringValue: 'RM_1' } }] };
const scope = { name: 'chat_history', version: '1.9.0', attributes };
const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const SPANS = {
  resourceSpans: [
    {
      resource,
      scopeSpans: [
        {
          scope,
          spans: [
            {
              ...ids,
              parentSpanId: '00f067aa0ba902b7',
              name: 'user_turn',
              kind: 1,
              startTimeUnixNano: '1795423638656999936',
              endTimeUnixNano: '1795423638934000000',
              attributes,
              events: [{ timeUnixNano: '1795423638700000000', name: 'exception', attributes }],
              status: { message: 'cut off', code: 2 },
            },
          ],
        },
      ],
    },
    { scopeSpans: [] },
  ],
};
const RECORDS = {
  resourceLogs: [
    {
      resource,
      scopeLogs: [
        {
          scope,
          logRecords: [
            {
              timeUnixNano: '1795423638656999936',
              observedTimeUnixNano: '1795423639963000000',
              severityNumber: 9,
              severityText: 'INFO',
              body: { stringValue: 'session report' },
              attributes,
              ...ids,
            },
          ],
        },
      ],
    },
  ],
};

describe('OTLP', () => {
  test.each([
    ['logs', LOGS, RECORDS],
    ['traces', TRACES, SPANS],
  ] as const)('%s are handed on the same, written either way, packed or not', async (kind, path, json) => {
    const { post, taken } = await uploading();
    const text = JSON.stringify(json);
    const bytes = protobufOf(kind, json);
    const asJson = await post(path, { body: text });
    expect([asJson.status, asJson.bytes.toString()]).toEqual([200, '{}']);
    const packed = await post(path, {
      headers: { ...GZIP, 'content-type': 'application/json; charset=utf-8' },
      body: gzipSync(text),
    });
    expect(packed.json).toEqual({});
    for (const sent of [
      { headers: PROTOBUF, body: bytes },
      { headers: { ...PROTOBUF, ...GZIP }, body: gzipSync(bytes) },
      { headers: PROTOBUF, body: [bytes.subarray(0, 1), bytes.subarray(1)] }, // chunked
    ]) {
      const answer = await post(path, sent);
      expect([answer.status, answer.headers['content-type'], answer.bytes.length]).toEqual([
        200,
        PROTOBUF['content-type'],
        0,
      ]);
    }
    expect(taken).toHaveLength(5);
    for (const upload of taken) expect(upload).toEqual({ path: kind, payload: json });
  });

  test('numbers that JSON has not are texts', async () => {
    const { post, taken } = await uploading();
    const endless = { key: 'a', value: { doubleValue: '-Infinity' } };
    const json = { resourceLogs: [{ resource: { attributes: [endless] }, scopeLogs: [] }] };
    await post(LOGS, { headers: PROTOBUF, body: protobufOf('logs', json) });
    expect(taken[0]!.payload).toEqual(json);
  });

  test('an empty one is a good one', async () => {
    const { post, taken } = await uploading();
    expect((await post(LOGS, { headers: PROTOBUF })).status).toBe(200);
    expect(taken).toEqual([{ path: 'logs', payload: { resourceLogs: [] } }]);
  });

  test('metrics are taken and dropped', async () => {
    const { post, taken } = await uploading();
    const answer = await post('/observability/metrics/otlp/v0', {
      headers: { ...PROTOBUF, ...GZIP },
      body: randomBytes(5_000),
    });
    expect([answer.status, answer.bytes.length]).toEqual([200, 0]);
    expect(taken).toEqual([]);
  });

  test('a hundred thousand spans in one', async () => {
    const { post, taken } = await uploading();
    const { spans } = SPANS.resourceSpans[0]!.scopeSpans[0]!;
    const span = { ...spans[0]!, events: [], attributes: attributes.slice(0, 7) };
    const one = protobufOf('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    // the span alone, with its tag and length: three bytes of lengths stand before it
    const start = one.indexOf(0x12, one.indexOf(0x12) + 1);
    const many = Buffer.concat(Array<Uint8Array>(100_000).fill(one.subarray(start)));
    const within = (bytes: Uint8Array, tag: number) => Buffer.concat([Buffer.from([tag]), lengthOf(bytes), bytes]);
    const body = within(within(many, 0x12), 0x0a);
    expect(body.length).toBeGreaterThan(16 * MB);
    const began = performance.now();
    const answer = await post(TRACES, { headers: { ...PROTOBUF, ...GZIP }, body: gzipSync(body, { level: 1 }) });
    expect(answer.status).toBe(200);
    expect((taken[0]!.payload as Traces).resourceSpans[0].scopeSpans[0].spans).toHaveLength(100_000);
    expect(performance.now() - began).toBeLessThan(10_000); // three quarters of a second
  });
});

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes: number[] = [];
  for (let left = length; left > 0 || bytes.length === 0; left >>>= 7)
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.from(bytes);
}

describe('what cannot be read is told', () => {
  const good = protobufOf('logs', RECORDS);
  const nested = Buffer.concat(Array<Buffer>(1_000).fill(Buffer.from([0x0a, 0x7f])));
  test.each([
    ['gzip that ends too early', 400, LOGS, GZIP, gzipSync('{"resourceLogs":[]}').subarray(0, -9)],
    ['gzip that is none', 400, LOGS, GZIP, '{"resourceLogs":[]}'],
    ['no gzip at all', 400, LOGS, GZIP, ''],
    ['another encoding', 415, LOGS, { 'content-encoding': 'br' }, '{}'],
    ['another type', 415, LOGS, { 'content-type': 'text/csv' }, '{}'],
    ['no type', 415, LOGS, { 'content-type': undefined }, '{}'],
    ['JSON that is cut', 400, LOGS, {}, '{"resourceLogs":['],
    ['a list', 400, '/v1/reports', {}, '[]'],
    ['null', 400, '/v1/reports', {}, 'null'],
    ['nothing', 400, '/v1/reports', {}, ''],
    ['Protobuf that is cut', 400, LOGS, PROTOBUF, good.subarray(0, -1)],
    ['Protobuf that goes on', 400, LOGS, PROTOBUF, Buffer.concat([good, Buffer.from([0x0a])])],
    ['Protobuf that is none', 400, LOGS, PROTOBUF, '{"resourceLogs":[]}'],
    ['Protobuf too deep', 400, LOGS, PROTOBUF, nested],
    ['a JSON of brackets', 400, LOGS, {}, '['.repeat(4 * MB)],
    ['Protobuf of empty messages', 400, LOGS, PROTOBUF, Buffer.alloc(7 * MB, Buffer.from([0x0a, 0x00]))],
    ['too much', 413, LOGS, {}, ' '.repeat(16 * MB + 1)],
    ['no form', 400, RECORDINGS, {}, '{}'],
    ['a form without boundary', 400, RECORDINGS, { 'content-type': 'multipart/form-data' }, '{}'],
    ['a compressed form', 415, RECORDINGS, { ...FORM, ...GZIP }, gzipSync('')],
  ])('%s: %i', async (_, status, path, headers, body) => {
    const { post, taken, troubles } = await uploading();
    const answer = await post(path, { headers, body });
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
    expect(answer.json.detail).toMatch(/\w+.*\.$/);
    expect([taken, troubles.map((trouble) => trouble.status)]).toEqual([[], [status]]);
  });

  test('a bomb, before it has unfolded: 1 GB in 1 MB', async () => {
    const { post } = await uploading();
    const ofZeros = gzipSync(Buffer.alloc(64 * MB));
    const bomb = Buffer.concat(Array<Buffer>(16).fill(ofZeros)); // members of one file
    const before = process.memoryUsage().arrayBuffers;
    const began = performance.now();
    expect((await post(LOGS, { headers: GZIP, body: bomb })).status).toBe(413);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * MB);
  });

  test('too much of gzip that does not say how much it is', async () => {
    const { post } = await uploading();
    const body = gzipSync(randomBytes(17 * MB), { level: 0 });
    expect((await post(LOGS, { headers: GZIP, body: [body] })).status).toBe(413);
  });

  test('GET', async () => {
    const { url } = await uploading();
    const { status, headers } = await fetch(url + LOGS);
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('recordings', () => {
  const header = new MetricsRecordingHeader({
    roomId: 'RM_1',
    roomName: 'support',
    jobId: 'AJ_1',
    duration: 41_000n,
  }).toBinary();
  const chat_history = '{"items":[]}';
  const payload = {
    header: { roomId: 'RM_1', roomName: 'support', jobId: 'AJ_1', duration: '41000' },
    chatHistory: { items: [] },
  };

  test('of a form the sound is dropped: 25 MB of it are never in memory', async () => {
    const { post, taken } = await uploading();
    const before = held();
    let most = 0;
    function* watched(form: Iterable<Uint8Array>) {
      for (const [i, chunk] of [...form].entries()) {
        if (i % 100 === 99) most = Math.max(most, held() - before);
        yield chunk;
      }
    }
    const body = watched(formOf({ header, chat_history }, 400));
    const answer = await post(RECORDINGS, { headers: FORM, body });
    expect(answer).toMatchObject({ status: 200, json: { receipts: [{ status: 'stored', roomSid: 'RM_1' }] } });
    expect(taken).toEqual([{ path: 'recordings', payload }]);
    expect(most).toBeLessThan(10 * MB);
  });

  test('the sound may come first; what else comes is passed over; of two of a name the first counts', async () => {
    const { post, taken } = await uploading();
    const [end, ...sound] = [...formOf({}, 1)].reverse();
    const parts = [...formOf({ other: 'x', header, chat_history }), ...formOf({ header: 'x' })];
    const ends = parts.filter((part) => Buffer.from(part).equals(Buffer.from(end!)));
    const body = [...sound.reverse(), ...parts.filter((part) => !ends.includes(part)), end!];
    expect((await post(RECORDINGS, { headers: FORM, body })).status).toBe(200);
    expect(taken).toEqual([{ path: 'recordings', payload }]);
  });

  test('without a chat history it is null', async () => {
    const { post, taken } = await uploading();
    expect((await post(RECORDINGS, { headers: FORM, body: formOf({ header }) })).status).toBe(200);
    expect(taken).toEqual([{ path: 'recordings', payload: { ...payload, chatHistory: null } }]);
  });

  test.each([
    ['another boundary', 400, { 'content-type': 'multipart/form-data; boundary=other' }, { header, chat_history }],
    ['no header', 400, FORM, { chat_history }],
    ['a header that is none', 400, FORM, { header: 'x', chat_history }],
    ['a chat history that is none', 400, FORM, { header, chat_history: '{' }],
    ['a header of 1 MB', 413, FORM, { header: Buffer.alloc(MB), chat_history }],
    ['a chat history of 17 MB', 413, FORM, { header, chat_history: Buffer.alloc(17 * MB) }],
  ])('%s: %i', async (_, status, headers, parts) => {
    const { post, taken } = await uploading();
    expect((await post(RECORDINGS, { headers, body: formOf(parts) })).json.status).toBe(status);
    expect(taken).toEqual([]);
  });

  test.each([1, 60, 100, 150, 230, 239])('a form that ends after %i bytes: 400', async (length) => {
    const { post, taken } = await uploading();
    const whole = Buffer.concat([...formOf({ header, chat_history })]);
    expect(whole.length).toBeGreaterThan(length);
    expect((await post(RECORDINGS, { headers: FORM, body: whole.subarray(0, length) })).status).toBe(400);
    expect(taken).toEqual([]);
  });

  test('a full disk is told as LiveKit’s agents understand it: they come again', async () => {
    const full = new CallEvaluatorError('store_full', 'The disk /secret/path is full.');
    const { post } = await uploading({ processTelemetry: () => Promise.reject(full) });
    const { status, headers, bytes } = await post(RECORDINGS, {
      headers: FORM,
      body: formOf({ header, chat_history }),
    });
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    // as in recording_upload.ts of livekit/agents-js
    const RpcStatus = proto3.makeMessageType('google.rpc.Status', () => [
      { no: 3, name: 'details', kind: 'message', T: Any, repeated: true },
    ]);
    const RetryInfo = proto3.makeMessageType('google.rpc.RetryInfo', () => [
      { no: 1, name: 'retry_delay', kind: 'message', T: Duration },
    ]);
    const [detail] = (RpcStatus.fromBinary(bytes) as unknown as { details: Any[] }).details;
    expect(detail!.is(RetryInfo)).toBe(true);
    expect(RetryInfo.fromBinary(detail!.value).toJson()).toEqual({ retryDelay: '5s' });
    expect(bytes.toString()).not.toContain('secret');
  });
});

test.each([
  ['as it is', LOGS, {}, Buffer.alloc(100)],
  ['gzip', LOGS, GZIP, gzipSync(randomBytes(1_000)).subarray(0, 500)],
  ['a form', RECORDINGS, FORM, Buffer.concat([...formOf({ header: 'x', chat_history: '{}' })]).subarray(0, 180)],
])('a connection that breaks is noticed at once: %s', async (_, path, headers, part) => {
  const { url, taken, troubles } = await uploading();
  const authorization = `Bearer ${agentToken()}`;
  const sending = request(url + path, {
    method: 'POST',
    headers: { ...headers, authorization, 'content-length': 10_000 },
  });
  sending.on('error', () => {});
  sending.write(part, () => setTimeout(() => sending.destroy(), 50));
  await expect.poll(() => troubles, { timeout: 3_000 }).toMatchObject([{ code: 'incomplete-body' }]);
  expect(taken).toEqual([]);
});

test.each([
  ['/v1/reports', 'report', { authorization: `Bearer ${TOKEN}` }],
  ['/webhooks/obs/livekit', 'evals', { authorization: undefined, 'x-api-key': TOKEN }],
])('%s: JSON is handed on as it is, and the answer is 200 exactly', async (path, kind, headers) => {
  const { post, taken, counts } = await uploading();
  const payload = { event: 'call.ended', call: { id: 'support', room_name: 'support' } };
  const answer = await post(path, { headers, body: JSON.stringify(payload) });
  expect(answer).toMatchObject({ status: 200, json: { receipts: [{ status: 'stored' }] } });
  expect(taken).toEqual([{ path: kind, payload }]);
  expect([...counts.all]).toEqual([{ kind, outcome: 'taken', count: 1 }]);
});

describe('503, with when to come again', () => {
  const body = '{"resourceLogs":[]}';

  test.each([
    ['a database that is locked', 'store_busy', () => Promise.reject(new CallEvaluatorError('store_busy', 'Locked.'))],
    ['a stop', 'closed', () => Promise.reject(new CallEvaluatorError('closed', 'Closed.'))],
    ['a fault', 'fault', () => Promise.reject(new TypeError('x is not a function'))],
  ])('%s', async (_, code, processTelemetry) => {
    const { post, troubles } = await uploading({ processTelemetry });
    expect(await post(LOGS, { body })).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(troubles).toMatchObject([{ code, cause: expect.any(Error) }]);
  });

  test('too many events before it', async () => {
    const { post } = await uploading({ load: () => ({ queued: 10_000 }) });
    expect(await post(LOGS, { body })).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  test('too many uploads before it; and what they held is given back', async () => {
    const waiting: (() => void)[] = [];
    const { post } = await uploading({
      processTelemetry: () => new Promise((settle) => waiting.push(() => settle([]))),
    });
    const large = { headers: GZIP, body: gzipSync(`{"a":"${' '.repeat(60 * MB)}"}`) };
    const first = [post(LOGS, large), post(LOGS, large)];
    await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(2);
    expect((await post(LOGS, large)).status).toBe(503);
    for (const settle of waiting.splice(0)) settle();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    const again = post(LOGS, large);
    await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(1);
    waiting[0]!();
    expect((await again).status).toBe(200);
  });
});
