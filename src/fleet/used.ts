/** What models used, summed over calls. */
import { z } from 'zod';
import { byText } from '../metrics/byText.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { numberSchema } from '../metrics/metric.ts';
import { round } from '../metrics/round.ts';
import { Basis, type Trust } from './basis.ts';
import { ExactSum } from './exactSum.ts';
import { trustShape } from './figure.ts';

type Usage = NonNullable<CallMetrics['usage']>[number];

/** With what each is summed as whole numbers. */
const AMOUNTS = {
  inputTokens: 1,
  cachedInputTokens: 1,
  outputTokens: 1,
  audioSeconds: 1e3,
  characters: 1,
  requests: 1,
  cost: 1e6,
} as const;
type Amount = keyof typeof AMOUNTS;
const NAMES = Object.keys(AMOUNTS) as Amount[];
const SCALES = Object.values(AMOUNTS);

interface UsedBy extends Pick<Usage, 'kind' | 'provider' | 'model' | 'currency'>, Record<Amount, number | null> {
  /** Calls that told of it. */
  calls: number;
}
export interface Shown extends Trust {
  models: UsedBy[];
}

type Model = Pick<Usage, 'kind' | 'provider' | 'model' | 'currency'>;

class OneModel {
  readonly model: Model;
  calls = 0;
  /** null: no call told it. */
  readonly sums: (ExactSum | null)[] = NAMES.map(() => null);

  constructor({ kind, provider, model, currency }: Model) {
    this.model = { kind, provider, model, currency };
  }

  add(usage: Usage): void {
    this.calls++;
    for (let i = 0; i < NAMES.length; i++) {
      const amount = usage[NAMES[i]!];
      if (amount !== null) this.#sumAt(i).add(Math.round(amount * SCALES[i]!));
    }
  }

  #sumAt(place: number): ExactSum {
    this.sums[place] ??= new ExactSum();
    return this.sums[place];
  }

  merge(other: OneModel): void {
    this.calls += other.calls;
    for (const [i, sum] of other.sums.entries()) if (sum !== null) this.#sumAt(i).merge(sum);
  }

  shown(): UsedBy {
    const amounts = NAMES.map((name, i) => [name, amountOf(this.sums[i]!, name)]);
    return { ...this.model, calls: this.calls, ...(Object.fromEntries(amounts) as Record<Amount, number | null>) };
  }
}

const inOrder = ({ kind, provider, model, currency }: Model) => JSON.stringify([kind, provider, model, currency]);
const isSame = (a: Model, b: Model) => a.kind === b.kind && a.provider === b.provider && a.currency === b.currency;

export class Used {
  readonly basis = new Basis();
  /** By model: few are offered by several providers. */
  readonly #models = new Map<string | null, OneModel[]>();

  add(usage: Usage): void {
    this.#at(usage).add(usage);
  }

  #at(model: Model): OneModel {
    const same = this.#models.get(model.model);
    const known = same?.find((one) => isSame(one.model, model));
    if (known) return known;
    const found = new OneModel(model);
    if (same) same.push(found);
    else this.#models.set(model.model, [found]);
    return found;
  }

  merge(other: Used): void {
    this.basis.merge(other.basis);
    for (const same of other.#models.values()) for (const one of same) this.#at(one.model).merge(one);
  }

  shown(): Shown {
    const models = [...this.#models.values()].flat().map((one) => one.shown());
    return { ...this.basis.trust, models: models.sort((a, b) => byText(inOrder(a), inOrder(b))) };
  }
}

function amountOf(sum: ExactSum | null, name: Amount): number | null {
  if (sum === null) return null;
  // what cannot be counted exactly is no count
  if (sum.value > Number.MAX_SAFE_INTEGER) return null;
  return round(sum.value / AMOUNTS[name], name === 'cost' ? 'money' : name === 'audioSeconds' ? 's' : 'n');
}

const text = z.string().nullable();
const amount = numberSchema('n').nullable();
export const usedSchema: z.ZodType<Shown> = z.object({
  ...trustShape,
  models: z.array(
    z.object({
      kind: z.enum(['llm', 'stt', 'tts', 'realtime']),
      provider: text,
      model: text,
      currency: text.describe('of the cost; one model may have been paid in several'),
      calls: numberSchema('n').describe('that told of it'),
      inputTokens: amount,
      cachedInputTokens: amount,
      outputTokens: amount,
      audioSeconds: numberSchema('s').nullable(),
      characters: amount,
      requests: amount,
      cost: z.number().nonnegative().nullable().describe('null: none has a price'),
    }),
  ),
});
