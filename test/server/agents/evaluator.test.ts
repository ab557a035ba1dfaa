/** What a real agent uploaded, through the server into the numbers of its call: worked out by hand from the recording. */
import { afterEach, expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { CallMetrics } from '../../../src/index.ts';
import { createServer } from '../../../src/server/index.ts';
import { callAround, SID } from '../../telemetry/captures.ts';
import { KEYS } from '../webhook/signed.ts';
import { captured, post } from './uploading.ts';

/** The session's own clock: it lasted from 08:47:18.6 to 08:47:20. */
const BEGIN = Date.UTC(2026, 10, 23, 8, 47, 10) / 1000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An evaluator that was sent a session's uploads, in the reverse order and then again, and the call around it. */
async function heard(session: string | undefined, begin: number, sid: string): Promise<CallMetrics> {
  const evaluator = new CallEvaluator({ clock: () => (begin + 100) * 1000 });
  const server = createServer(evaluator, { keys: KEYS });
  const { url } = await server.listen(0);
  closing.push(
    () => server.close(),
    () => evaluator.close(),
  );
  const uploads = captured(session);
  for (const { url: path, headers, body } of [...uploads.toReversed(), ...uploads]) {
    // signed now, and inflated as it was kept
    const sent = { headers: { 'content-type': headers['content-type']! }, body };
    expect((await post(url + path, sent)).status, path).toBe(200);
  }
  await evaluator.processEvents(callAround(begin, sid));
  return (await evaluator.getMetrics(sid))!;
}

test('a session’s uploads, in any order and twice, are its turns, tools and latencies', async () => {
  const { response, conversation, tools, evidence } = await heard(undefined, BEGIN, SID);
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

/**
 * What happened in it stands in test/telemetry/record.py: five turns, of which the fourth cuts the agent off and the fifth
 * is written. The numbers are reckoned from the session's report.
 */
test.each([
  {
    version: '1.6.10',
    latency: { count: 4, min: 0.604, mean: 0.771, max: 1.036 },
    talk: { human: 3.801, agent: 7.149 },
    tool: { count: 2, min: 0.105, max: 0.307 },
    closeReason: null,
  },
  {
    version: '1.8.9',
    latency: { count: 4, min: 0.604, mean: 0.774, max: 1.038 },
    talk: { human: 3.809, agent: 7.149 },
    tool: { count: 2, min: 0.11, max: 0.303 },
    closeReason: 'user_initiated',
  },
])('and those of Python $version', async ({ version, latency, talk, tool, closeReason }) => {
  const begin = Date.UTC(2026, 10, 25, 11, 5, 53) / 1000;
  const { response, conversation, tools, usage, evidence } = await heard(`python-${version}-voice`, begin, 'RM_python');
  expect(response).toMatchObject({ source: 'turns', count: 5, latency, methods: { e2e: 4 }, rejected: 0 });
  expect(response.components).toMatchObject({
    transcriptionDelay: { count: 4, max: 0.26 },
    endOfTurnDelay: { count: 4, min: 0.5 },
    llmTtft: { count: 5, min: 0.122 },
    ttsTtfb: { count: 6, min: 0.102 },
  });
  expect(conversation).toMatchObject({
    turns: 11,
    humanTurns: 5,
    agentTurns: 6,
    interruptions: { humanInterruptsAgent: 1, agentInterruptsHuman: 0 },
    overlapSeconds: 0.501,
  });
  expect(Math.abs(conversation!.talkSeconds.human! - talk.human)).toBeLessThan(0.004); // each to 1 ms
  expect(Math.abs(conversation!.talkSeconds.agent! - talk.agent)).toBeLessThan(0.006);
  expect(tools).toMatchObject({ calls: 2, errors: 1, latency: tool });
  expect(usage).toMatchObject([
    { kind: 'llm', inputTokens: 700, cachedInputTokens: 280, outputTokens: 49 },
    { kind: 'stt', audioSeconds: 3.8 },
    { kind: 'tts', audioSeconds: 8.81, characters: 175 },
  ]);
  expect(evidence.events.quarantined).toBe(0);
  expect(evidence.telemetry).toEqual([
    { jobId: 'AJ_python', agentName: 'weather-desk', sdkVersion: version, closeReason, redacted: true },
  ]);
});
