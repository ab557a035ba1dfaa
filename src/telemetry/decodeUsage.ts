/** What a session has used, per provider and model: summaries of Python in seconds, of older Node.js in ms. */
import { field, type Json } from '../webhook/read.ts';
import type { Usage } from './facts.ts';
import { number, objects, told, word } from './read.ts';

const KINDS: Record<string, Usage['kind']> = {
  llm_usage: 'llm',
  stt_usage: 'stt',
  tts_usage: 'tts',
  realtime_model_usage: 'realtime',
};

export function decodeUsage(usage: unknown): Usage[] {
  return objects(usage).flatMap((one): Usage[] => {
    const type = field(one, 'type');
    const kind =
      type === undefined
        ? kindBy(one)
        : typeof type === 'string' && Object.hasOwn(KINDS, type)
          ? KINDS[type]
          : undefined;
    if (kind === undefined) return [];
    return [
      told({
        kind,
        provider: word(one, 'provider') ?? null,
        model: word(one, 'model') ?? null,
        inputTokens: number(one, 'inputTokens'),
        cachedInputTokens: number(one, 'inputCachedTokens'),
        outputTokens: number(one, 'outputTokens'),
        audioSeconds: audioSeconds(one),
        characters: number(one, 'charactersCount'),
        requests: number(one, 'numRequests') ?? number(one, 'totalRequests'),
      }),
    ];
  });
}

/** Reports of Python 1.6 leave out the type, and whatever is 0: only what was counted tells what it was. */
function kindBy(usage: Json): Usage['kind'] | undefined {
  const has = (key: string) => number(usage, key) !== undefined;
  if (has('charactersCount')) return 'tts';
  if (has('audioDuration')) return 'stt';
  return has('inputTokens') || has('outputTokens') || has('sessionDuration') ? 'llm' : undefined;
}

function audioSeconds(usage: Json): number | undefined {
  const seconds = number(usage, 'audioDuration');
  if (seconds !== undefined) return seconds;
  const ms = number(usage, 'audioDurationMs');
  return ms === undefined ? undefined : ms / 1000;
}
