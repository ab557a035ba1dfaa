/** Figures of made-up calls. */
import fc from 'fast-check';
import type { CallFigures } from '../../src/fleet/figures.ts';

/** When made-up calls begin, unless something else is said: a Monday, noon in UTC. */
export const NOON = Date.UTC(2026, 0, 5, 12);

/** An answered call of one human and one agent: 60 s long, answered after 3 s, nothing lost. */
export function figures(more: Partial<CallFigures> = {}): CallFigures {
  return {
    roomSid: 'RM_1',
    roomName: 'support-1',
    status: 'finished',
    startedAt: NOON,
    endedAt: NOON + 80_000,
    duration: 80,
    endReason: 'human_hangup',
    agents: ['nova'],
    tags: [],
    metadata: {},
    completeness: 1,
    offered: true,
    answered: true,
    abandoned: false,
    waited: null,
    humans: 1,
    joinLatency: 3,
    agentHumanDuration: 57,
    callDuration: 60,
    connectedDuration: 57,
    engagement: 80,
    peak: 2,
    participantSeconds: { AGENT: 57, STANDARD: 60 },
    arrivals: [0, 3_000],
    departures: [60_000, 60_000],
    responseLatency: [1.5],
    audioGrade: 'good',
    audioIssues: [],
    recordingCoverage: 0.5,
    toolCalls: null,
    toolErrors: null,
    usage: null,
    bounds: null,
    uncertain: [],
    ...more,
  };
}

/** A human who gave up after so many seconds. */
export const gaveUp = (waited: number, more: Partial<CallFigures> = {}): CallFigures =>
  figures({
    agents: [],
    answered: false,
    abandoned: true,
    waited,
    joinLatency: null,
    agentHumanDuration: 0,
    callDuration: waited,
    connectedDuration: 0,
    peak: 1,
    participantSeconds: { STANDARD: waited },
    arrivals: [0],
    departures: [waited * 1000],
    responseLatency: [],
    recordingCoverage: null,
    ...more,
  });

export const stillOn = (more: Partial<CallFigures> = {}): CallFigures =>
  figures({ status: 'active', endedAt: null, endReason: null, ...more });

const seconds = (most: number) => fc.integer({ min: 0, max: most * 1000 }).map((ms) => ms / 1000);
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 4 });

const someUsage: fc.Arbitrary<NonNullable<CallFigures['usage']>[number]> = fc.record({
  kind: fc.constantFrom('llm', 'tts'),
  provider: fc.constantFrom(null, 'openai', '1:a'),
  model: fc.constantFrom(null, 'gpt', 'sonic'),
  inputTokens: orNull(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  cachedInputTokens: fc.constant(null),
  outputTokens: orNull(fc.integer({ min: 0, max: 1e6 })),
  audioSeconds: orNull(seconds(100)),
  characters: fc.constant(null),
  requests: orNull(fc.integer({ min: 0, max: 10 })),
  cost: orNull(fc.integer({ min: 0, max: 1e9 }).map((micro) => micro / 1e6)),
  currency: fc.constantFrom('USD', 'EUR'),
});

/** A call of which all is certain. */
export const certainCall: fc.Arbitrary<CallFigures> = fc
  .record({
    after: fc.integer({ min: 0, max: 40 * 86_400_000 }),
    long: seconds(4_000),
    offered: fc.boolean(),
    answered: fc.boolean(),
    wait: seconds(60),
    humans: fc.integer({ min: 0, max: 3 }),
    completeness: fc.constantFrom(1, 1, 1, 0.5),
    agents: fc.subarray(['nova', 'otto', 'ida']),
    tags: fc.subarray(['escalated', 'vip']),
    tenant: fc.constantFrom(null, 'acme', '__proto__', "it's"),
    roomName: fc.constantFrom(null, 'a', 'b', 'c', 'd', 'e'),
    endReason: fc.constantFrom('human_hangup', 'agent_hangup', 'unknown'),
    engagement: orNull(fc.integer({ min: 0, max: 10_000 }).map((cents) => cents / 100)),
    kinds: fc.subarray(['AGENT', 'SIP', 'STANDARD']),
    responses: fc.array(seconds(30), { maxLength: 4 }),
    issues: fc.subarray(['audio_gap', 'reconnect']),
    coverage: fc.integer({ min: 0, max: 10_000 }).map((share) => share / 10_000),
    tools: orNull(fc.integer({ min: 0, max: 5 })),
    usage: orNull(fc.array(someUsage, { maxLength: 3 })),
    status: fc.constantFrom('finished', 'finished', 'expired', 'active'),
  })
  .map((call) => {
    const ms = Math.round(call.long * 1000);
    const came = call.kinds.length > 0;
    const answered = came && call.offered && call.answered;
    const startedAt = NOON + call.after;
    return figures({
      roomSid: `RM_${call.after}`,
      roomName: call.roomName,
      status: call.status as CallFigures['status'],
      startedAt,
      endedAt: call.status === 'active' ? null : startedAt + ms,
      duration: call.long,
      endReason: call.status === 'active' ? null : call.endReason,
      agents: call.agents,
      tags: call.tags,
      metadata: call.tenant === null ? {} : { tenant: call.tenant },
      completeness: call.completeness,
      offered: call.offered,
      answered,
      abandoned: call.offered && !answered,
      waited: answered || !call.offered ? null : call.wait,
      humans: call.humans,
      joinLatency: answered ? call.wait : null,
      agentHumanDuration: came ? (answered ? call.long + 0.001 : 0) : null,
      callDuration: came ? call.long : null,
      connectedDuration: came ? call.long : null,
      engagement: call.engagement,
      peak: call.kinds.length,
      participantSeconds: Object.fromEntries(call.kinds.map((kind, i) => [kind, call.long / (i + 1)])),
      arrivals: call.kinds.map((_, i) => i),
      departures: call.kinds.map((_, i) => i + ms),
      responseLatency: answered ? call.responses : [],
      audioIssues: call.issues,
      recordingCoverage: came && call.long > 0 ? call.coverage : null,
      toolCalls: call.tools,
      toolErrors: call.tools === null ? null : Math.floor(call.tools / 2),
      usage: call.usage,
    });
  });
