/** One number of a summary, by its path. */
import type { CallSummary } from './callSummary.ts';
import { type Figure, isDistributionFigure, isFigure } from './figure.ts';

export type ToldNumber = Pick<Figure, 'value' | 'low' | 'high' | 'n' | 'complete'>;

/** @param path of a figure, a part of one or a leaf of a Distribution; @returns undefined: it leads to no number here */
export function toldAt(summary: CallSummary, path: string): ToldNumber | undefined {
  const words = path.split('.');
  const whole = at(summary, words);
  if (isFigure(whole)) return whole;
  const leaf = words.pop()!;
  const distribution = at(summary, words);
  if (!isDistributionFigure(distribution) || !Object.hasOwn(distribution.low, leaf)) return undefined;
  const { value, low, high, n, complete } = distribution;
  const of = (side: object | null) => (at(side, [leaf]) as number | null | undefined) ?? null;
  return { value: of(value), low: of(low), high: of(high), n, complete };
}

function at(node: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined,
    node,
  );
}
