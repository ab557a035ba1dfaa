/** Items of the chat history: as JSON in reports and uploads, and as protobuf's ChatItem in log records. */
import { field, type Json, snakeCase } from '../webhook/read.ts';
import type { ChatItem } from './facts.ts';
import { flag, instant, isJson, number, objects, told, word } from './read.ts';

const KINDS: Record<string, ChatItem['kind']> = {
  message: 'message',
  function_call: 'toolCall',
  function_call_output: 'toolOutput',
  agent_handoff: 'handoff',
};
const ROLES: Record<string, ChatItem['role']> = { user: 'user', assistant: 'assistant' };

/** Of `chat_history.items`. */
export function decodeItems(items: unknown): ChatItem[] {
  return objects(items).flatMap((item) => decodeItem(word(item, 'type') ?? '', item) ?? []);
}

/** Of a log record: the item stands under the name of its type. */
export function decodeNamedItem(named: Json): ChatItem | null {
  for (const [type, item] of Object.entries(named)) if (isJson(item)) return decodeItem(snakeCase(type), item);
  return null;
}

function decodeItem(type: string, item: Json): ChatItem | null {
  const id = word(item, 'id');
  if (id === undefined) return null;
  const kind = (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? 'other';
  const createdAt = instant(item, 'createdAt');
  if (kind === 'message') return told({ id, kind, createdAt, ...messageOf(item) });
  if (kind === 'toolCall' || kind === 'toolOutput')
    return told({
      id,
      kind,
      createdAt,
      callId: word(item, 'callId'),
      tool: word(item, 'name'),
      // protobuf leaves out what is false
      isError: kind === 'toolOutput' ? (flag(item, 'isError') ?? false) : undefined,
    });
  return told({ id, kind, createdAt, agent: kind === 'handoff' ? word(item, 'newAgentId') : undefined });
}

/** Durations are seconds and instants epoch seconds in both languages (agent-telemetry.md, 1.3). */
function messageOf(item: Json): Omit<ChatItem, 'id' | 'kind'> {
  const given = field(item, 'metrics');
  const metrics = isJson(given) ? given : {};
  return {
    role: roleOf((word(item, 'role') ?? '').toLowerCase()),
    interrupted: flag(item, 'interrupted') ?? false,
    confidence: number(item, 'transcriptConfidence'),
    text: textOf(field(item, 'content')),
    startedAt: instant(metrics, 'startedSpeakingAt'),
    stoppedAt: instant(metrics, 'stoppedSpeakingAt'),
    transcriptionDelay: number(metrics, 'transcriptionDelay'),
    endOfTurnDelay: number(metrics, 'endOfTurnDelay'),
    llmTtft: number(metrics, 'llmNodeTtft'),
    ttsTtfb: number(metrics, 'ttsNodeTtfb'),
    e2e: number(metrics, 'e2eLatency'),
  };
}

/** Of its parts those that are text: `"…"` in reports, `{text: "…"}` in log records. */
function textOf(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => (isJson(part) ? field(part, 'text') : part));
  const said = texts.filter((text) => typeof text === 'string');
  return said.length > 0 ? said.join('\n').toWellFormed() : undefined;
}

const roleOf = (role: string) => (Object.hasOwn(ROLES, role) ? ROLES[role] : 'other');
