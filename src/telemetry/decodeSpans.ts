/** Spans of a trace, as far as they tell of speech and tools (agent-telemetry.md, 4). */
import type { Span } from './facts.ts';
import { instant, objects, told, word } from './read.ts';
import { flagIn, numberIn, SPAN_ATTRIBUTES as OF, wordIn } from './spanAttributes.ts';

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
    return [
      told({
        id,
        name,
        from,
        to,
        parentId: word(span, 'parentSpanId'),
        speechId: wordIn(span, OF.speechId),
        e2e: numberIn(span, OF.e2e),
        llmTtft: name === 'llm' ? numberIn(span, OF.llmTtft) : undefined,
        ttsTtfb: name === 'tts' ? numberIn(span, OF.ttsTtfb) : undefined,
        transcriptionDelay: numberIn(span, OF.transcriptionDelay),
        endOfTurnDelay: numberIn(span, OF.endOfTurnDelay),
        confidence: numberIn(span, OF.confidence),
        interrupted: flagIn(span, OF.interrupted),
        tool: name === 'tool' ? wordIn(span, OF.tool) : undefined,
        isError: name === 'tool' ? (flagIn(span, OF.isError) ?? false) : undefined,
      }),
    ];
  });
}
