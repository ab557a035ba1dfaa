import { logGamma } from './incompleteBeta.ts';

/** Calls of which something is so, and of how many. */
export interface Hits {
  hits: number;
  of: number;
}

/** What is left of a tail is nothing beside what is there already. */
const NOTHING = 1e-12;

/**
 * How often chance alone parts as many hits so unequally between two sides, or more so (Fisher's exact test, the lesser tail
 * twice): of few calls and rare events too it is never called less than it is.
 */
export function fisher(a: Hits, b: Hits): number {
  const hits = a.hits + b.hits;
  const fewest = Math.max(0, hits - b.of);
  const most = Math.min(hits, a.of);
  const logChance = (at: number) => logChoose(a.of, at) + logChoose(b.of, hits - at) - logChoose(a.of + b.of, hits);
  const tail = (step: 1 | -1) => {
    let sum = 0;
    for (let at = a.hits; at >= fewest && at <= most; at += step) {
      const chance = Math.exp(logChance(at));
      sum += chance;
      // behind its top a tail falls ever faster
      if (chance < sum * NOTHING) break;
    }
    return sum;
  };
  return Math.min(1, 2 * Math.min(tail(1), tail(-1)));
}

const logChoose = (of: number, some: number): number => logGamma(of + 1) - logGamma(some + 1) - logGamma(of - some + 1);
