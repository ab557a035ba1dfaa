/**
 * The attributes of spans that are read, under every name that they have had: a renaming adds a line here, and no code.
 * `lk.x` stands for `lk.pii.x` too, as what holds people's data is called since 1.7 (agent-telemetry.md, 4.4).
 */
import type { Json } from '../webhook/read.ts';
import { flag, number, word } from './read.ts';
import { amount, flag as flagShape, label, name, type Shape } from './withoutWords.ts';

/** `s`: seconds from both languages. `s or ms`: seconds from Python and milliseconds from Node.js, under one name. */
type Form = 'name' | 'label' | 'flag' | 'share' | 's' | 's or ms';
interface Attribute {
  names: readonly string[];
  form: Form;
}

export const SESSION_ATTRIBUTES = {
  room_id: { names: ['room_id', 'gen_ai.conversation.id'], form: 'name' },
  room: { names: ['lk.room_name', 'room'], form: 'label' },
  job_id: { names: ['job_id', 'lk.job_id'], form: 'name' },
} as const satisfies Record<string, Attribute>;

export const SPAN_ATTRIBUTES = {
  speechId: { names: ['lk.speech_id'], form: 'name' },
  e2e: { names: ['lk.e2e_latency'], form: 's' },
  llmTtft: { names: ['lk.response.ttft', 'gen_ai.response.time_to_first_chunk'], form: 's' },
  ttsTtfb: { names: ['lk.response.ttfb'], form: 's' },
  transcriptionDelay: { names: ['lk.transcription_delay'], form: 's or ms' },
  endOfTurnDelay: { names: ['lk.end_of_turn_delay'], form: 's or ms' },
  confidence: { names: ['lk.transcript_confidence'], form: 'share' },
  interrupted: { names: ['lk.interrupted'], form: 'flag' },
  tool: { names: ['lk.function_tool.name', 'gen_ai.tool.name'], form: 'name' },
  isError: { names: ['lk.function_tool.is_error'], form: 'flag' },
} as const satisfies Record<string, Attribute>;

const SHAPES: Record<Form, Shape> = {
  name,
  label,
  flag: flagShape,
  share: amount,
  s: amount,
  's or ms': amount,
};

const spellings = (known: string) => (known.startsWith('lk.') ? [known, known.replace('lk.', 'lk.pii.')] : [known]);

/** What is kept of spans' attributes where words are not. */
export const ATTRIBUTE_SHAPES: Record<string, Shape> = Object.fromEntries(
  Object.values<Attribute>(SPAN_ATTRIBUTES).flatMap(({ names, form }) =>
    names.flatMap(spellings).map((spelling) => [spelling, SHAPES[form]]),
  ),
);

export function wordIn(span: Json, { names }: Attribute): string | undefined {
  return first(names, (key) => word(span, key));
}

/** Written as a word by some. */
export function flagIn(span: Json, { names }: Attribute): boolean | undefined {
  return first(names, (key) => flag(span, key) ?? (span[key] === 'true' || undefined));
}

/** Durations in seconds. */
export function numberIn(span: Json, { names, form }: Attribute): number | undefined {
  const value = first(names, (key) => number(span, key));
  return value !== undefined && form === 's or ms' && span.language === 'nodejs' ? value / 1000 : value;
}

function first<Value>(names: readonly string[], read: (key: string) => Value | undefined): Value | undefined {
  for (const known of names)
    for (const key of spellings(known)) {
      const value = read(key);
      if (value !== undefined) return value;
    }
  return undefined;
}
