/** What agents upload, in the history and out of it again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CallEvaluator, type CallEvaluatorOptions } from '../src/index.ts';
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
