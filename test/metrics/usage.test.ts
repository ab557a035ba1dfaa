import { expect, test } from 'vitest';
import type { Usage } from '../../src/telemetry/facts.ts';
import { agent, measuredWith, upload } from './telling.ts';

const LLM = { kind: 'llm', provider: 'openai', model: 'gpt-4o' } as const;
const UNTOLD = {
  ...{ inputTokens: null, cachedInputTokens: null, outputTokens: null, audioSeconds: null, characters: null },
  ...{ requests: null, cost: null, currency: null },
};
const using = (usage: Usage[], jobId: string | null = 'AJ_1') => upload([], { jobId, usage });

test('is summed over jobs, and within one the latest of what it tells', () => {
  const uploads = [
    using([{ ...LLM, inputTokens: 100, outputTokens: 20 }]),
    using([{ ...LLM, inputTokens: 300, outputTokens: 50 }]),
    using([{ ...LLM, inputTokens: 1000, cachedInputTokens: 600 }], 'AJ_2'),
  ];
  expect(measuredWith(uploads).usage).toEqual([
    { ...LLM, ...UNTOLD, inputTokens: 1300, cachedInputTokens: 600, outputTokens: 50 },
  ]);
});

test('what is told without a job is no second use of what a job tells', () => {
  const uploads = [using([{ ...LLM, inputTokens: 100 }], null), using([{ ...LLM, inputTokens: 100 }])];
  expect(measuredWith(uploads).usage).toMatchObject([{ inputTokens: 100 }]);
  expect(measuredWith(uploads.slice(0, 1)).usage).toMatchObject([{ inputTokens: 100 }]);
});

test('is told by kind, provider and model', () => {
  const usage: Usage[] = [
    { kind: 'tts', provider: 'cartesia', model: 'sonic', characters: 420, audioSeconds: 31.23456 },
    { kind: 'stt', provider: 'deepgram', model: null, audioSeconds: 60 },
    { kind: 'llm', provider: 'openai', model: 'gpt-4o-mini', requests: 2 },
    { ...LLM, requests: 1 },
  ];
  expect(measuredWith([using(usage)]).usage).toMatchObject([
    { kind: 'llm', model: 'gpt-4o', requests: 1 },
    { kind: 'llm', model: 'gpt-4o-mini', requests: 2 },
    { kind: 'stt', provider: 'deepgram', model: null, audioSeconds: 60, characters: null },
    { kind: 'tts', characters: 420, audioSeconds: 31.235 },
  ]);
});

test('is null where none was told, and a count that cannot be is none', () => {
  expect(measuredWith([upload([agent('m1', 1, 2)])]).usage).toBeNull();
  expect(measuredWith([using([{ ...LLM, inputTokens: -5, outputTokens: 1e300 }])]).usage).toEqual([
    { ...LLM, ...UNTOLD },
  ]);
});
