/**
 * `call.ended` of the Python package livekit-evals. Its times are those at which its handlers ran, so that latencies are
 * too short by the voice detection's silence: they are estimates, and its own delays are not read (agent-telemetry.md, 6.4).
 */
import { field, type Json, NotUnderstood } from '../webhook/read.ts';
import type { AgentFacts, ChatItem, Usage } from './facts.ts';
import { flag, instant, isJson, number, objects, told, word } from './read.ts';

export function decodeEvals(payload: Json): Omit<AgentFacts, 'redacted'> {
  const call = field(payload, 'call');
  if (!isJson(call)) throw new NotUnderstood('payload.call', call, 'the call of a call.ended');
  const transcript = field(call, 'transcript');
  const turns = isJson(transcript) ? objects(field(transcript, 'turns')) : [];
  return told({
    jobId: null,
    closeReason: word(call, 'callEndReason'),
    items: [
      ...turns.map((turn, place) => turnOf(turn, `turn ${beganAt(call)}${place}`)),
      ...objects(field(call, 'toolCalls')).flatMap((tool, i) => toolOf(call, tool, i)),
    ],
    usage: usageOf(field(call, 'usage')),
  });
}

/** Turns have no ids: the begin of their session and their places in it tell them apart. */
const beganAt = (call: Json): string => `${instant(call, 'startedAt') ?? ''} `.trimStart();

function turnOf(turn: Json, id: string): ChatItem {
  const speaker = word(turn, 'speaker');
  const startedAt = instant(turn, 'startTimestamp') ?? instant(turn, 'timestamp');
  return told({
    id,
    kind: 'message',
    role: speaker === 'assistant' || speaker === 'user' ? speaker : 'other',
    by: 'events',
    createdAt: startedAt,
    startedAt,
    stoppedAt: instant(turn, 'endTimestamp'),
    interrupted: flag(turn, 'interrupted') ?? false,
    confidence: number(turn, 'confidenceScore'),
    text: textIn(turn),
  });
}

function textIn(turn: Json): string | undefined {
  const text = field(turn, 'text');
  return typeof text === 'string' && text !== '' ? text.toWellFormed() : undefined;
}

/** Its times are ms since the package was attached, which lies near the call's start: their difference is right. */
function toolOf(call: Json, tool: Json, place: number): ChatItem[] {
  const callId = word(tool, 'id') ?? `tool ${place}`;
  const name = word(tool, 'functionName');
  const begin = instant(call, 'startedAt');
  const at = (key: string) => {
    const ms = number(tool, key);
    return begin === undefined || ms === undefined ? undefined : begin + ms;
  };
  const about = { callId, tool: name };
  return [
    told({ id: callId, kind: 'toolCall', ...about, createdAt: at('startMs') }),
    told({
      id: `${callId}/output`,
      kind: 'toolOutput',
      ...about,
      createdAt: at('endMs'),
      isError: flag(tool, 'isError') ?? false,
    }),
  ];
}

/** Its seconds of speech to text count only the first report of a connection (agent-telemetry.md, 6.4): they are left out. */
function usageOf(usage: unknown): Usage[] {
  if (!isJson(usage)) return [];
  const of = (kind: 'llm' | 'stt' | 'tts', amounts: Partial<Usage>): Usage[] => {
    const model = word(usage, `${kind}Model`) ?? null;
    const provider = word(usage, `${kind}Provider`) ?? null;
    return model === null && provider === null ? [] : [told({ kind, provider, model, ...amounts })];
  };
  return [
    ...of('llm', { inputTokens: number(usage, 'llmInputTokens'), outputTokens: number(usage, 'llmOutputTokens') }),
    ...of('stt', {}),
    ...of('tts', {
      characters: number(usage, 'ttsCharacters'),
      audioSeconds: number(usage, 'ttsAudioDurationSeconds'),
    }),
  ];
}
