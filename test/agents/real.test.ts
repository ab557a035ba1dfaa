/**
 * Real sessions of @livekit/agents, each in the real process of a worker's job, against the real server. Fakes hear, think
 * and speak, after delays that are known (real/script.ts); all else is the package's own, and what the session says of
 * itself as it ends is what must have arrived.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Job, JobType, Room } from '@livekit/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallEvaluator, type CallMetrics, type ConversationLog } from '../../src/index.ts';
import { shownDistribution } from '../../src/metrics/distribution.ts';
import { createServer } from '../../src/server/index.ts';
import { TOKEN } from '../server/agents/uploading.ts';
import { KEY, KEYS, SECRET } from '../server/webhook/signed.ts';
import { callAround } from '../telemetry/captures.ts';
import { type Ended, runJob } from './real/job.ts';
import { SECONDS, type ToldItem, WORDS } from './real/script.ts';

const folder = mkdtempSync(join(tmpdir(), 'real-agents-'));
const evaluator = new CallEvaluator({ database: join(folder, 'calls.db') });
const server = createServer(evaluator, { keys: KEYS, token: TOKEN, env: {} });
const { url } = await server.listen(0);
afterAll(async () => {
  await server.close();
  await evaluator.close();
  rmSync(folder, { recursive: true });
});

interface Session {
  how: 'spoken' | 'written';
  /** LIVEKIT_OBSERVABILITY_URL is set, and recording is on. */
  observed: boolean;
  /** CALL_EVALUATOR_URL is set: the agent calls attach(). */
  attached: boolean;
}
interface Arrived extends Ended {
  metrics: CallMetrics;
  conversation: ConversationLog;
}

/** All of them at once: they wait, most of the time. */
const arrived = {} as { observed: Arrived; attached: Arrived; both: Arrived };
beforeAll(async () => {
  [arrived.observed, arrived.attached, arrived.both] = await Promise.all([
    held('observed', { how: 'spoken', observed: true, attached: false }),
    held('attached', { how: 'written', observed: false, attached: true }),
    held('both', { how: 'spoken', observed: true, attached: true }),
  ]);
}, 60_000);

async function held(name: string, { how, observed, attached }: Session): Promise<Arrived> {
  const sid = `RM_${name}`;
  const job = new Job({
    id: `AJ_${name}`,
    type: JobType.JT_ROOM,
    room: new Room({ sid, name: 'my-room' }),
    agentName: 'weather-desk',
    enableRecording: observed,
    metadata: how,
  });
  const ended = await runJob(job, {
    LIVEKIT_API_KEY: KEY,
    LIVEKIT_API_SECRET: SECRET,
    ...(observed && { LIVEKIT_OBSERVABILITY_URL: url }),
    ...(attached && { CALL_EVALUATOR_URL: url }),
    TMPDIR: folder, // for the package's recording of the sound
  });
  await evaluator.processEvents(callAround(Math.floor(Date.now() / 1000) - 40, sid));
  return {
    ...ended,
    metrics: (await evaluator.getMetrics(sid))!,
    conversation: (await evaluator.getConversation(sid))!,
  };
}

const messagesOf = (history: ToldItem[]) => history.filter(({ type }) => type === 'message');
const told = (history: ToldItem[], name: string) => history.flatMap(({ metrics }) => metrics?.[name] ?? []);
const shown = (samples: number[]) => shownDistribution(samples);

/** LiveKit's own, where it has one: as it reckons it, where it has none. */
function latenciesOf(history: ToldItem[]): { seconds: number; method: 'e2e' | 'derived' }[] {
  let asked: ToldItem | null = null;
  return messagesOf(history).flatMap((item) => {
    const { e2eLatency, startedSpeakingAt } = item.metrics ?? {};
    const stopped = asked?.metrics?.stoppedSpeakingAt;
    asked = item.role === 'user' ? item : null;
    if (item.role === 'user' || stopped === undefined) return [];
    if (e2eLatency !== undefined) return { seconds: e2eLatency, method: 'e2e' };
    return { seconds: startedSpeakingAt! - stopped, method: 'derived' };
  });
}

function toolSeconds(history: ToldItem[]): number[] {
  const calls = history.filter(({ type }) => type === 'function_call');
  return calls.map(({ callId, createdAt }) => {
    const output = history.find((item) => item.type === 'function_call_output' && item.callId === callId)!;
    return (output.createdAt - createdAt) / 1000;
  });
}

function talkSeconds(history: ToldItem[], role: string): number {
  const spans = history.filter((item) => item.role === role).map(({ metrics }) => metrics!);
  return spans.reduce(
    (sum, { startedSpeakingAt, stoppedSpeakingAt }) => sum + stoppedSpeakingAt! - startedSpeakingAt!,
    0,
  );
}

function expectAll({ told: { history, usage }, metrics, conversation }: Arrived): void {
  const messages = messagesOf(history);
  expect(conversation.turns.map(({ id }) => id).toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  expect(conversation.tools.map(({ tool, isError }) => [tool, isError])).toEqual([
    ['getWeather', false],
    ['askBilling', false],
  ]);
  expect(conversation.handoffs.map(({ agent }) => agent)).toEqual(['desk', 'billing']);
  expect(conversation).toMatchObject({ textKept: false });
  expect(conversation.turns.filter(({ text }) => text !== null)).toEqual([]);

  expect(metrics.conversation).toMatchObject({
    turns: messages.length,
    humanTurns: messages.filter(({ role }) => role === 'user').length,
    agentTurns: messages.filter(({ role }) => role === 'assistant').length,
  });
  expect(metrics.tools).toEqual({ calls: 2, errors: 0, latency: shown(toolSeconds(history)) });
  expect(metrics.response.components).toEqual({
    transcriptionDelay: shown(told(history, 'transcriptionDelay')),
    endOfTurnDelay: shown(told(history, 'endOfTurnDelay')),
    llmTtft: shown(told(history, 'llmNodeTtft')),
    ttsTtfb: shown(told(history, 'ttsNodeTtfb')),
    tool: metrics.tools!.latency,
  });
  expect(metrics.response.rejected).toBe(0);
  expect(metrics.usage!.map(({ kind }) => `${kind}_usage`)).toEqual(usage.map(({ type }) => type).toSorted());
  for (const used of metrics.usage!) {
    const { provider, model, ...counts } = usage.find(({ type }) => type === `${used.kind}_usage`)!;
    expect(used).toMatchObject({
      provider,
      model,
      inputTokens: counts.inputTokens ?? null,
      cachedInputTokens: counts.inputCachedTokens ?? null,
      outputTokens: counts.outputTokens ?? null,
      audioSeconds: counts.audioDurationMs === undefined ? null : Number(counts.audioDurationMs) / 1000,
      characters: counts.charactersCount ?? null,
    });
  }
  expect(metrics.evidence).toMatchObject({
    events: { quarantined: 0 },
    telemetry: [
      { jobId: expect.stringMatching(/^AJ_/), agentName: 'weather-desk', sdkVersion: '1.9.0', redacted: true },
    ],
  });
}

describe.each(['observed', 'both'] as const)('a voice session, %s', (name) => {
  test('each turn arrives once, with the latency that it had', () => {
    const { told, metrics, conversation } = arrived[name];
    const latencies = latenciesOf(told.history);
    const answered = conversation.turns.filter(({ answers }) => answers !== null);
    expect(answered.map(({ method }) => method)).toEqual(['e2e', 'e2e', 'e2e', 'derived', 'e2e']);
    expect(answered.map(({ method }) => method)).toEqual(latencies.map(({ method }) => method));
    for (const [i, { latency }] of answered.entries()) expect(latency).toBeCloseTo(latencies[i]!.seconds, 2);
    expect(metrics.response).toMatchObject({
      source: 'turns',
      count: 5,
      latency: shown(latencies.map(({ seconds }) => seconds)),
      methods: { e2e: 4, derived: 1 },
    });
  });

  test('which is what the fakes took', () => {
    const [weather, ...others] = arrived[name].conversation.turns.flatMap(({ latency }) => latency ?? []);
    const { endOfTurn, model, voice, weather: tool } = SECONDS;
    const least = endOfTurn + voice - 0.05; // the model is asked before the turn is over
    for (const latency of [...others, weather! - tool - model]) {
      expect(latency).toBeGreaterThan(least);
      expect(latency).toBeLessThan(least + 2);
    }
  });

  test('so do tools, the handoff, what models used, and what the turns are made of', () => expectAll(arrived[name]));

  test('the agent that was cut off was interrupted; who spoke how long is known', () => {
    const { told, metrics, conversation } = arrived[name];
    const { interruptions, talkSeconds: talk, overlapSeconds } = metrics.conversation!;
    expect(interruptions).toEqual({ humanInterruptsAgent: 1, agentInterruptsHuman: 0, backchannels: 0 });
    expect(conversation.turns.findIndex(({ interrupted }) => interrupted)).toBe(4); // the story
    expect(overlapSeconds).toBeGreaterThan(0);
    expect(talk.human).toBeCloseTo(talkSeconds(told.history, 'user'), 2);
    expect(talk.agent).toBeCloseTo(talkSeconds(told.history, 'assistant'), 2);
  });
});

test('a written session, attached: its turns, tools, handoff and why it was closed arrive', () => {
  expectAll(arrived.attached);
  const { metrics, conversation } = arrived.attached;
  expect(metrics.response).toMatchObject({ source: 'turns', count: 3, latency: null, methods: {} });
  expect(conversation.turns.map(({ side }) => side).join()).toBe('agent,human,agent,human,agent,human,agent');
  expect(metrics.evidence.telemetry).toMatchObject([{ closeReason: 'user_initiated' }]);
});

test('attach() tells why a session was closed, where uploads do not', () => {
  const reasons = [arrived.observed, arrived.both].map(({ metrics }) => metrics.evidence.telemetry[0]!.closeReason);
  expect(reasons).toEqual([null, 'user_initiated']);
});

test('all that was sent was taken, and neither side complained', async () => {
  const ingest = await fetch(`${url}/v1/ingest`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const { uploads } = (await ingest.json()) as { uploads: { kind: string; outcome: string; count: number }[] };
  expect(uploads.filter(({ outcome }) => outcome !== 'taken')).toEqual([]);
  expect(uploads.map(({ kind }) => kind).toSorted()).toEqual(['logs', 'metrics', 'recordings', 'report', 'traces']);
  for (const { printed } of Object.values(arrived)) expect(printed).not.toMatch(/"level":[56]0|call-evaluator:/);
});

test('no word that was said, and no sound, is in the database', () => {
  const files = readdirSync(folder).filter((name) => name.startsWith('calls.db'));
  const stored = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
  expect(stored.includes('getWeather')).toBe(true);
  for (const word of [...WORDS, 'OggS']) expect(stored.includes(word), word).toBe(false);
});
