/**
 * Takes the words of a conversation out of what an agent sent: what it measured stays, and of texts only the ones that are
 * known to be names, ids and the like. What nobody has thought of is taken out as well.
 */
import { isJson } from './read.ts';

const KEPT = new Set(
  [
    'id type role name body scope status source reason language',
    'room room_id room_name job_id agent_name sdk_version sid',
    'call_id group_id new_agent_id old_agent_id old_state new_state',
    'provider model model_name model_provider label close_reason',
    'span_id parent_span_id trace_id start_time_unix_nano end_time_unix_nano lk.speech_id lk.interrupted',
    'lk.function_tool.name lk.function_tool.is_error gen_ai.tool.name',
    'event speaker function_name call_end_reason llm_model llm_provider stt_model stt_provider tts_model tts_provider',
    'started_at ended_at start_timestamp end_timestamp',
    'created_at started_speaking_at stopped_speaking_at timestamp start_time room_start_time duration',
  ]
    .join(' ')
    .split(' '),
);
/** Whatever lies in these was said, or written by the developer. */
const GONE = new Set(
  'content arguments args output result instructions text error extra metadata options custom_data'.split(' '),
);
/** Something with a space in it may be a sentence, save where a name may have one. */
const NAME = /^[^\s]{1,256}$/;
const SPACED = new Set(['name', 'body', 'room', 'room_name', 'agent_name', 'label', 'model', 'model_name']);
const LONGEST_NAME = 128;

export function withoutWords(value: unknown, key = '', depth = 0): unknown {
  if (depth > 64) return undefined;
  if (typeof value === 'string') return isKept(snake(key), value) ? value : undefined;
  if (Array.isArray(value))
    return value.map((one) => withoutWords(one, key, depth + 1)).filter((one) => one !== undefined);
  if (!isJson(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, held] of Object.entries(value)) {
    if (GONE.has(snake(name)) || name === '__proto__') continue;
    const left = withoutWords(held, name, depth + 1);
    if (left !== undefined) kept[name] = left;
  }
  return kept;
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function isKept(key: string, text: string): boolean {
  if (!KEPT.has(key)) return false;
  return SPACED.has(key) ? text.length <= LONGEST_NAME : NAME.test(text);
}
