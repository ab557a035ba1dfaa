/** What agents upload, in the history and out of it again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CallEvaluator, type CallEvaluatorOptions } from '../src/index.ts';
import { KEYS, sign } from './server/webhook/signed.ts';
import { callAround, LOGS, RECORDINGS, REPORT, SID, WORDS } from './telemetry/captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'telemetry-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BEGIN = 1795423630;
const CALL = callAround(BEGIN);
const UPLOADS = [REPORT, RECORDINGS, LOGS];
const clock = () => (BEGIN + 4000) * 1000;
const opened = (options: CallEvaluatorOptions = {}) => new CallEvaluator({ clock, ...options });

test('words are nowhere on disk', async () => {
  const evaluator = opened({ database: join(folder, 'words.db') });
  await evaluator.processEvents(CALL);
  for (const upload of UPLOADS)
    expect(await evaluator.processTelemetry(upload)).toMatchObject([{ status: 'stored', roomSid: SID }]);
  await evaluator.processReport('{"room_id":"RM_abcdef","said":"You are welcome"}');
  const bytes = () =>
    readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'latin1'))
      .join();
  expect(bytes()).toContain('getWeather');
  for (const word of WORDS) expect(bytes()).not.toContain(word);
  await evaluator.close();
  for (const word of WORDS) expect(bytes()).not.toContain(word);
});

test('words are kept where they are asked for', async () => {
  const evaluator = opened({ conversationText: true });
  await evaluator.processTelemetry(REPORT);
  expect(JSON.stringify(await evaluator.getEvents(SID))).toContain('sunny');
  await evaluator.close();
});

describe('an upload', () => {
  test('twice is a duplicate', async () => {
    const evaluator = opened();
    await evaluator.processTelemetry(REPORT);
    expect(await evaluator.processTelemetry(REPORT)).toMatchObject([{ status: 'duplicate' }]);
    await evaluator.close();
  });

  test('before any webhook makes no call, and is joined when the room appears', async () => {
    const evaluator = opened();
    await evaluator.processTelemetry(REPORT);
    expect(await evaluator.getMetrics(SID)).toBeNull();
    expect(await evaluator.getState(SID)).toBeNull();
    expect((await evaluator.listCalls()).calls).toEqual([]);
    expect(await evaluator.listSuspicions()).toEqual([]);
    await evaluator.processEvents(CALL);
    const { startedAt, duration, status } = (await evaluator.getMetrics(SID))!;
    expect({ startedAt, duration, status }).toEqual({
      startedAt: new Date(BEGIN * 1000).toISOString(),
      duration: 40,
      status: 'finished',
    });
    expect((await evaluator.listCalls()).calls).toHaveLength(1);
    await evaluator.close();
  });

  test('after the end changes the result, and tells of it', async () => {
    const evaluator = opened();
    const revisions: number[] = [];
    evaluator.on('callFinished', ({ revision }) => revisions.push(revision));
    await evaluator.processEvents(CALL);
    await evaluator.processTelemetry(REPORT);
    expect(revisions).toEqual([0, 1]);
    const { events } = (await evaluator.getMetrics(SID))!.evidence;
    expect(events).toMatchObject({ distinct: 7, afterFinish: 0, outOfOrder: 0 });
    await evaluator.close();
  });

  test('that cannot be understood is quarantined, without its words', async () => {
    const evaluator = opened();
    expect(await evaluator.processReport({ room_id: SID, said: 'sunny' })).toMatchObject({
      status: 'quarantined',
      roomSid: SID,
      reason: { field: 'payload.chat_history' },
    });
    expect(await evaluator.processReport('no JSON, but sunny')).toMatchObject({ status: 'quarantined' });
    expect(JSON.stringify(await evaluator.listQuarantined())).not.toContain('sunny');
    await evaluator.close();
  });
});

test('livekit-evals knows the room by name alone: it belongs to the call of that name and time', async () => {
  const evaluator = opened();
  const turn = (speaker: string, second: number) => ({
    speaker,
    start_timestamp: new Date((BEGIN + second) * 1000).toISOString(),
    end_timestamp: new Date((BEGIN + second + 1) * 1000).toISOString(),
  });
  const call = { room_name: 'my-room', transcript: { turns: [turn('user', 5), turn('assistant', 6.5)] } };
  await evaluator.processTelemetry({ path: 'evals', payload: { event: 'call.ended', call } });
  await evaluator.processEvents(CALL);
  const { response, conversation } = (await evaluator.getMetrics(SID))!;
  expect(response).toMatchObject({ source: 'turns', count: 1, methods: { events: 1 }, latency: { p50: 0.5 } });
  expect(conversation).toMatchObject({ turns: 2, talkSeconds: { human: 1, agent: 1 } });
  await evaluator.close();
});

test('in any order, and with any repeats, the call is the same', async () => {
  const say = async (steps: ((typeof UPLOADS)[number] | object)[]) => {
    const evaluator = opened({ liveRooms: 1 });
    for (const step of steps)
      await ('path' in step
        ? evaluator.processTelemetry(step as (typeof UPLOADS)[number])
        : evaluator.processEvent(step));
    const metrics = (await evaluator.getMetrics(SID))!;
    await evaluator.close();
    const { received, duplicates, outOfOrder, ...events } = metrics.evidence.events;
    return JSON.stringify({ ...metrics, revision: 0, evidence: { ...metrics.evidence, events } });
  };
  const straight = await say([...CALL, ...UPLOADS]);
  expect(await say([...UPLOADS, ...CALL].reverse())).toBe(straight);
  expect(await say([REPORT, ...CALL, LOGS, REPORT, RECORDINGS, LOGS])).toBe(straight);
});

describe('an upload that comes as the event that it is kept as', () => {
  const message = { id: 'item_1', type: 'message', role: 'user', content: ['a word of it'], created_at: BEGIN + 5 };
  const event = {
    ...{ event: 'agent_telemetry', id: 'AU_1', createdAt: (BEGIN + 5) * 1000, room: { sid: SID }, path: 'report' },
    ...{ redacted: false, payload: { job_id: 'AJ_1', chat_history: { items: [message] } } },
  };

  test('from another database loses its words, unless words are kept', async () => {
    const evaluator = opened();
    await evaluator.processEvents([...CALL, event]);
    expect(JSON.stringify(await evaluator.getEvents(SID))).not.toContain('a word of it');
    expect((await evaluator.getConversation(SID))!.turns).toMatchObject([{ id: 'item_1', text: null }]);
    const keeping = opened({ conversationText: true });
    await keeping.processEvents([...CALL, event]);
    expect((await keeping.getConversation(SID))!.turns).toMatchObject([{ id: 'item_1', text: 'a word of it' }]);
  });

  test('by LiveKit’s route is nobody’s word: of what it says nothing is kept, nor taken in later', async () => {
    const evaluator = new CallEvaluator();
    const route = evaluator.fetchHandler({ keys: KEYS });
    const body = JSON.stringify(event);
    const response = await route(
      new Request('http://localhost/', { method: 'POST', body, headers: { authorization: await sign(body) } }),
    );
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'quarantined' }]);
    expect(JSON.stringify(await evaluator.listQuarantined())).not.toContain('a word of it');
    expect(await evaluator.retryQuarantined()).toEqual({ understood: 0, still: 1 });
  });
});

describe('uploads that come before their room is heard of', () => {
  test('do not name it, in the index either', async () => {
    const evaluator = opened();
    await evaluator.processReport({ room_id: SID, room: 'another', chat_history: { items: [] } });
    await evaluator.processEvents(CALL);
    const sids = async (roomName: string) =>
      (await evaluator.listCalls({ roomName })).calls.map(({ roomSid }) => roomSid);
    expect([await sids('my-room'), await sids('another')]).toEqual([[SID], []]);
  });

  test('are found under its name when it learns that, at once as after a restart', async () => {
    const database = join(folder, 'learns.db');
    const evaluator = opened({ database });
    const turn = (speaker: string, from: number, to: number) => ({
      ...{ speaker, start_timestamp: new Date((BEGIN + from) * 1000).toISOString() },
      end_timestamp: new Date((BEGIN + to) * 1000).toISOString(),
    });
    const call = { room_name: 'my-room', started_at: new Date((BEGIN + 4) * 1000).toISOString() };
    const turns = [turn('user', 5, 6), turn('assistant', 7, 8)];
    await evaluator.processTelemetry({
      path: 'evals',
      payload: { event: 'call.ended', call: { ...call, transcript: { turns } } },
    });
    await evaluator.processReport({ room_id: SID, chat_history: { items: [] } });
    await evaluator.processEvents(CALL);
    const before = await evaluator.getMetrics(SID);
    expect(before!.response).toMatchObject({ source: 'turns', count: 1, latency: { max: 1 } });
    await evaluator.close();
    const again = opened({ database });
    await again.rebuild();
    expect(await again.getMetrics(SID)).toEqual(before);
    await again.close();
  });
});

test('uploads without end fill up their own limit, and keep no webhook out', async () => {
  const evaluator = opened({ largestRoom: 20 });
  await evaluator.processEvents(CALL.slice(0, 2));
  const statuses = new Set<string>();
  for (let i = 0; i < 30; i++) {
    const items = [{ id: `item_${i}`, type: 'message', role: 'user', created_at: BEGIN + 5 + i / 10 }];
    statuses.add((await evaluator.processReport({ room_id: SID, job_id: `AJ_${i}`, chat_history: { items } })).status);
  }
  expect(statuses).toEqual(new Set(['stored', 'quarantined']));
  const receipts = await evaluator.processEvents(CALL.slice(2));
  expect(new Set(receipts.map(({ status }) => status))).toEqual(new Set(['stored']));
  expect((await evaluator.getMetrics(SID))!.agent.unique).toBe(1);
});

test('thousands of jobs in one room take no longer than their number', async () => {
  const evaluator = opened();
  const spans = Array.from({ length: 6_000 }, (_, i) => ({
    ...{ name: 'agent_speaking', traceId: `t${i}`, spanId: `s${i}`, startTimeUnixNano: `${BEGIN + 5}000000000` },
    ...{ endTimeUnixNano: `${BEGIN + 6}000000000` },
    attributes: Object.entries({ room_id: SID, job_id: `AJ_${i}` }).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
  }));
  await evaluator.processTelemetry({ path: 'traces', payload: { resourceSpans: [{ scopeSpans: [{ spans }] }] } });
  await evaluator.processEvents(CALL);
  const began = performance.now();
  await evaluator.getMetrics(SID);
  expect(performance.now() - began).toBeLessThan(2000); // job by job with every other it would be some seconds
});

describe('what cannot be written as JSON', () => {
  const circle: Record<string, unknown> = { room_id: SID };
  circle.self = circle;
  const throwing = {
    get room_id(): string {
      throw new Error('a word of it');
    },
  };
  test.each([
    ['a circle', circle],
    ['a BigInt', { room_id: SID, n: 1n }],
    ['a getter that throws', throwing],
  ])('is refused without its words: %s', async (_, report) => {
    const evaluator = opened({ conversationText: true });
    await expect(evaluator.processReport(report)).rejects.toMatchObject({
      ...{ code: 'bad_option', message: expect.not.stringContaining('a word') },
    });
  });

  test('but Python’s NaN is counted as impossible', async () => {
    const evaluator = opened();
    const said = (id: string, role: string, metrics: string) =>
      `{"id":"${id}","type":"message","role":"${role}","metrics":${metrics},"created_at":${BEGIN + 5}}`;
    const items = [said('i1', 'user', '{}'), said('i2', 'assistant', '{"e2e_latency":NaN,"llm_node_ttft":-Infinity}')];
    const report = `{"room_id":"${SID}","job_id":"AJ_1","said":"NaN, \\"Infinity\\"","chat_history":{"items":[${items}]}}`;
    expect(await evaluator.processReport(report)).toMatchObject({ status: 'stored' });
    await evaluator.processEvents(CALL);
    expect((await evaluator.getMetrics(SID))!.response).toMatchObject({ count: 1, latency: null, rejected: 2 });
  });
});
