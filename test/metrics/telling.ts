/** What agents tell of a story, a line each: the second since the room's begin, and what was unusual. */
import { hear } from '../../src/call/talk.ts';
import type { CallMetrics } from '../../src/metrics/callMetrics.ts';
import { measure } from '../../src/metrics/measure.ts';
import { type MetricOptions, parseOptions } from '../../src/options.ts';
import type { AgentFacts, ChatItem } from '../../src/telemetry/facts.ts';
import {
  finished,
  joined,
  LATER,
  left,
  ms,
  type Payload,
  published,
  started,
  told,
  unpublished,
} from '../call/story.ts';

type More = Partial<ChatItem>;

/** A turn that was spoken; it was created when its speaker began, as the framework does it for its own. */
const spoken =
  (role: 'user' | 'assistant') =>
  (id: string, from: number, to: number, more: More = {}): ChatItem => ({
    ...{ id, kind: 'message', role, createdAt: ms(from), startedAt: ms(from), stoppedAt: ms(to), interrupted: false },
    ...more,
  });
export const human = spoken('user');
export const agent = spoken('assistant');

/** A turn that was written, or whose speaking times were not told. */
export const written = (id: string, role: 'user' | 'assistant', at: number, more: More = {}): ChatItem => ({
  ...{ id, kind: 'message', role, createdAt: ms(at), interrupted: false },
  ...more,
});
export const toolCall = (callId: string, at: number, id = `call ${callId} ${at}`): ChatItem => ({
  ...{ id, kind: 'toolCall', callId, tool: 'weather', createdAt: ms(at) },
});
export const toolOutput = (callId: string, at: number, isError = false): ChatItem => ({
  ...{ id: `output ${callId} ${at}`, kind: 'toolOutput', callId, tool: 'weather', isError, createdAt: ms(at) },
});
export const other = (id: string, at: number): ChatItem => ({ id, kind: 'other', createdAt: ms(at) });

export const upload = (items: ChatItem[], more: Partial<AgentFacts> = {}): AgentFacts => ({
  ...{ jobId: 'AJ_1', items, usage: [], redacted: false },
  ...more,
});

/** A human and an agent for 100 s of a room of 120, the human's microphone up from 20 to 80. */
export const BOTH: readonly Payload[] = [
  started(0),
  joined(0, 'ana'),
  joined(0, 'agent-1'),
  published(5, 'agent-1'),
  published(20, 'ana'),
  unpublished(80, 'ana'),
  unpublished(100, 'agent-1'),
  left(100, 'ana'),
  left(100, 'agent-1'),
  finished(120),
];

export function measuredWith(
  uploads: readonly AgentFacts[],
  story: readonly Payload[] = BOTH,
  options: MetricOptions = {},
): CallMetrics {
  const call = told(...story);
  call.talks = new Map();
  for (const [i, facts] of uploads.entries()) hear(call.talks, facts, { id: `AU_${i}`, ms: ms(LATER) });
  const arrivals = { duplicates: 0, outOfOrder: 0, quarantined: 0 };
  return measure(call, ms(LATER), arrivals, parseOptions(options).measuring);
}
export const measuredTurns = (...items: ChatItem[]) => measuredWith([upload(items)]);

/** Of samples that are one value each. */
export const one = (value: number) => ({
  ...{ count: 1, min: value, mean: value, p50: value, p90: value, p95: value, p99: value, max: value },
});
