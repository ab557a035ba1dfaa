import { expect, test } from 'vitest';
import type { Price } from '../../src/metrics/prices.ts';
import type { Usage } from '../../src/telemetry/facts.ts';
import { measuredWith, upload } from './telling.ts';

const LLM = { kind: 'llm', provider: 'openai', model: 'gpt-4o' } as const;
const PRICE: Price = { model: 'gpt-4o', currency: 'USD', inputTokens: 2.5, cachedInputTokens: 1.25, outputTokens: 10 };
const costOf = (usage: Usage, ...prices: Price[]) => {
  const [used] = measuredWith([upload([], { usage: [usage] })], undefined, { prices }).usage!;
  return [used!.cost, used!.currency];
};

test('tokens by the million, cached ones at their own rate', () => {
  const used: Usage = { ...LLM, inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 50_000 };
  expect(costOf(used, PRICE)).toEqual([1.5 + 0.5 + 0.5, 'USD']);
  expect(costOf(used, { ...PRICE, cachedInputTokens: undefined })).toEqual([2.5 + 0.5, 'USD']);
});

test('audio by the minute, characters by the million, requests each', () => {
  const tts: Usage = { kind: 'tts', provider: 'cartesia', model: 'sonic', characters: 20_000, audioSeconds: 90 };
  expect(costOf(tts, { model: 'sonic', currency: 'EUR', characters: 30 })).toEqual([0.6, 'EUR']);
  expect(costOf(tts, { model: 'sonic', currency: 'EUR', audioMinutes: 0.02 })).toEqual([0.03, 'EUR']);
  expect(costOf({ ...LLM, requests: 3 }, { model: 'gpt-4o', currency: 'EUR', requests: 0.1 })).toEqual([0.3, 'EUR']);
});

test('by the price that was valid when the call started', () => {
  const used: Usage = { ...LLM, inputTokens: 1_000_000 };
  const prices: Price[] = [
    { ...PRICE, from: '2025-01-01', inputTokens: 5 },
    { ...PRICE, from: '2026-01-01', inputTokens: 3 },
    { ...PRICE, from: '2026-02-01', inputTokens: 1 },
  ];
  expect(costOf(used, ...prices)).toEqual([3, 'USD']);
  expect(costOf(used, ...prices.toReversed())).toEqual([3, 'USD']);
});

test('of another model, provider or kind is none, and neither is one without a rate for what was used', () => {
  const used: Usage = { ...LLM, inputTokens: 1_000_000 };
  expect(costOf(used)).toEqual([null, null]);
  for (const other of [{ model: 'gpt-4o-mini' }, { provider: 'azure' }, { kind: 'stt' as const }])
    expect(costOf(used, { ...PRICE, ...other })).toEqual([null, null]);
  expect(costOf(used, { ...PRICE, provider: 'OpenAI' })).toEqual([2.5, 'USD']);
  expect(costOf(used, { model: 'gpt-4o', currency: 'USD', characters: 30 })).toEqual([null, null]);
});
