/** What models cost, as the user says it, from which day on. */
import type { Usage } from '../telemetry/facts.ts';

/** Of one model. Rates are of the currency: per million tokens or characters, per minute of audio, per request. */
export interface Price {
  kind?: Usage['kind'] | undefined;
  /** As usage tells it; of any, where it is left out. */
  provider?: string | undefined;
  model: string;
  /** ISO 8601: from then on, until another one begins. Always, where it is left out. */
  from?: string | undefined;
  /** ISO 4217, such as USD. */
  currency: string;
  inputTokens?: number | undefined;
  /** Of cached ones among the input tokens; as the others, where it is left out. */
  cachedInputTokens?: number | undefined;
  outputTokens?: number | undefined;
  characters?: number | undefined;
  audioMinutes?: number | undefined;
  requests?: number | undefined;
}

const MILLION = 1e6;
const same = (given: string | undefined, told: string | null) =>
  given === undefined || given.toLowerCase() === told?.toLowerCase();

/** The price of a model at an instant, epoch ms: the latest that had begun. */
export function priceOf(prices: readonly Price[], used: Usage, at: number): Price | null {
  const begin = ({ from }: Price) => (from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from));
  const valid = prices.filter(
    (price) =>
      same(price.model, used.model) &&
      same(price.provider, used.provider) &&
      same(price.kind, used.kind) &&
      begin(price) <= at,
  );
  return valid.reduce<Price | null>(
    (best, price) => (best === null || begin(price) > begin(best) ? price : best),
    null,
  );
}

/** Null where nothing that was told has a rate. */
export function costOf(price: Price, used: { [Amount in keyof Usage]: Usage[Amount] | null }): number | null {
  const cached = price.cachedInputTokens === undefined ? 0 : (used.cachedInputTokens ?? 0);
  const parts = [
    [used.inputTokens == null ? null : Math.max(0, used.inputTokens - cached) / MILLION, price.inputTokens],
    [cached / MILLION, price.cachedInputTokens],
    [used.outputTokens == null ? null : used.outputTokens / MILLION, price.outputTokens],
    [used.characters == null ? null : used.characters / MILLION, price.characters],
    [used.audioSeconds == null ? null : used.audioSeconds / 60, price.audioMinutes],
    [used.requests ?? null, price.requests],
  ] as const;
  const paid = parts.flatMap(([amount, rate]) => (amount === null || rate === undefined ? [] : [amount * rate]));
  return paid.length === 0 ? null : paid.reduce((sum, part) => sum + part, 0);
}
