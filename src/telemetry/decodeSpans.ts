/** Spans of a trace, as far as they tell of speech and tools: names and attributes of every version (agent-telemetry.md, 4). */
import { field, type Json } from '../webhook/read.ts';
import type { Span } from './facts.ts';
import { flag, instant, number, objects, told, word } from './read.ts';

const NAMES: Record<string, Span['name']> = {
  user_turn: 'userTurn',
  user_speaking: 'userSpeaking',
  agent_turn: 'agentTurn',
  agent_speaking: 'agentSpeaking',
  llm_node: 'llm',
  tts_node: 'tts',
  function_tool: 'tool',
};
export const SPAN_NAMES: readonly string[] = Object.keys(NAMES);

/** In seconds in both languages. */
const SECONDS = { e2e: 'lk.e2e_latency', llmTtft: 'lk.response.ttft', ttsTtfb: 'lk.response.ttfb' };
/** Under one name seconds from Python, milliseconds from Node.js. */
const BY_LANGUAGE = { transcriptionDelay: 'lk.transcription_delay', endOfTurnDelay: 'lk.end_of_turn_delay' };

/** Whether anything is looked for in spans of that name. */
export const isTold = (name: unknown): boolean => typeof name === 'string' && Object.hasOwn(NAMES, name);

/** @param spans with plain attributes, and `language` where it is known */
export function decodeSpans(spans: unknown): Span[] {
  return objects(spans).flatMap((span): Span[] => {
    const name = isTold(span.name) ? NAMES[span.name as string] : undefined;
    const id = word(span, 'spanId');
    const from = instant(span, 'startTimeUnixNano');
    const to = instant(span, 'endTimeUnixNano');
    if (name === undefined || id === undefined || from === undefined || to === undefined) return [];
    const unit = span.language === 'nodejs' ? 1000 : 1;
    const delay = (key: string) => {
      const value = number(span, key);
      return value === undefined ? undefined : value / unit;
    };
    return [
      told({
        id,
        name,
        from,
        to,
        parentId: word(span, 'parentSpanId'),
        speechId: word(span, 'lk.speech_id'),
        e2e: number(span, SECONDS.e2e),
        llmTtft: name === 'llm' ? number(span, SECONDS.llmTtft) : undefined,
        ttsTtfb: name === 'tts' ? number(span, SECONDS.ttsTtfb) : undefined,
        transcriptionDelay: delay(BY_LANGUAGE.transcriptionDelay),
        endOfTurnDelay: delay(BY_LANGUAGE.endOfTurnDelay),
        confidence: number(span, 'lk.transcript_confidence'),
        interrupted: isTrue(span, 'lk.interrupted'),
        tool: name === 'tool' ? (word(span, 'lk.function_tool.name') ?? word(span, 'gen_ai.tool.name')) : undefined,
        isError: name === 'tool' ? (isTrue(span, 'lk.function_tool.is_error') ?? false) : undefined,
      }),
    ];
  });
}

/** Written as a word by some. */
const isTrue = (span: Json, key: string): boolean | undefined =>
  flag(span, key) ?? (field(span, key) === 'true' || undefined);
