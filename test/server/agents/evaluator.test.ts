/** What a real agent uploaded, through the server into the numbers of its call: worked out by hand from the recording. */
import { afterEach, expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { createServer } from '../../../src/server/index.ts';
import { KEYS } from '../webhook/signed.ts';
import { captured, post } from './uploading.ts';

const SID = 'RM_abcdef';
/** The session's own clock: it lasted from 08:47:18.6 to 08:47:20. */
const BEGIN = Date.UTC(2026, 10, 23, 8, 47, 10) / 1000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const webhook = (event: string, second: number, more: object = {}) => ({
  event,
  id: `EV_${event}_${second}`,
  createdAt: String(BEGIN + second),
  room: { sid: SID, name: 'my-room', creationTime: String(BEGIN) },
  ...more,
});
const person = (identity: string, kind: string) => ({ participant: { sid: `PA_${identity}`, identity, kind } });

test('a session’s uploads, in any order and twice, are its turns, tools and latencies', async () => {
  const evaluator = new CallEvaluator({ clock: () => (BEGIN + 100) * 1000 });
  const server = createServer(evaluator, { keys: KEYS });
  const { url } = await server.listen(0);
  closing.push(
    () => server.close(),
    () => evaluator.close(),
  );
  const uploads = captured();
  for (const { url: path, headers, body } of [...uploads.toReversed(), ...uploads]) {
    // signed now, and inflated as it was kept
    const sent = { headers: { 'content-type': headers['content-type']! }, body };
    expect((await post(url + path, sent)).status, path).toBe(200);
  }
  await evaluator.processEvents([
    webhook('room_started', 0),
    webhook('participant_joined', 5, person('ana', 'STANDARD')),
    webhook('participant_joined', 6, person('agent-AJ_test123', 'AGENT')),
    webhook('participant_left', 20, person('ana', 'STANDARD')),
    webhook('participant_left', 20, person('agent-AJ_test123', 'AGENT')),
    webhook('room_finished', 40),
  ]);
  const { response, conversation, tools, evidence } = (await evaluator.getMetrics(SID))!;
  expect(response).toMatchObject({ source: 'turns', count: 1, latency: null, methods: {}, rejected: 0 });
  expect(response.components?.llmTtft).toMatchObject({ count: 1, max: 0.053 });
  expect(conversation).toMatchObject({ turns: 3, humanTurns: 2, agentTurns: 1, talkSeconds: { agent: 0.011 } });
  expect(tools).toMatchObject({ calls: 1, errors: 0, latency: { count: 1, max: 0.043 } });
  expect(evidence.events.quarantined).toBe(0);
  const session = {
    jobId: 'AJ_test123',
    agentName: 'demo-agent',
    sdkVersion: '1.9.0',
    closeReason: null,
    redacted: true,
  };
  expect(evidence.telemetry).toEqual([session]);
});
