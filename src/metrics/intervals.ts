/**
 * Sets of instants, as sorted, disjoint, half-open intervals [from, to) in one flat array: [from, to, from, to, …], in
 * epoch ms. Ends may be infinite. All functions are pure and linear, or n log n where they have to sort.
 */
export type Instants = readonly number[];

export const NEVER: Instants = [];

export function interval(from: number, to: number): Instants {
  return from < to ? [from, to] : NEVER;
}

export function lengthOf(set: Instants): number {
  let sum = 0;
  for (let i = 0; i < set.length; i += 2) sum += set[i + 1]! - set[i]!;
  return sum;
}

/** Where in the set the first interval stands that ends after `at`: a short time in a long call is found at once. */
function firstAfter(set: Instants, at: number): number {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (set[2 * middle + 1]! > at) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

export function holds(set: Instants, at: number): boolean {
  const i = firstAfter(set, at);
  return i < set.length && set[i]! <= at;
}

/** Sets that come in order of their begins, as those of people do, are joined on the way. */
export function union(sets: readonly Instants[]): Instants {
  if (sets.length === 1) return sets[0]!;
  const joined: number[] = [];
  for (const set of sets)
    for (let i = 0; i < set.length; i += 2) {
      const from = set[i]!;
      const to = set[i + 1]!;
      const last = joined.length - 1;
      if (last < 0 || from > joined[last]!) joined.push(from, to);
      else if (from < joined[last - 1]!) return atLeast(1, sets);
      else if (to > joined[last]!) joined[last] = to;
    }
  return joined;
}

/** The instants that lie in at least `n` of the sets. */
export function atLeast(n: number, sets: readonly Instants[]): Instants {
  const result: number[] = [];
  let depth = 0;
  sweep(sets, (at, step) => {
    depth += step;
    if (step < 0 ? depth !== n - 1 : depth !== n) return;
    if (step > 0 && result.at(-1) === at) result.pop();
    else result.push(at);
  });
  return result;
}

/** The most sets that hold one instant together. */
export function peak(sets: readonly Instants[]): number {
  let depth = 0;
  let most = 0;
  sweep(sets, (_, step) => {
    depth += step;
    if (depth > most) most = depth;
  });
  return most;
}

/** Visits all ends of all sets in order; where one ends in the instant another begins, the end comes first. */
function sweep(sets: readonly Instants[], visit: (at: number, step: 1 | -1) => void): void {
  const begins: number[] = [];
  const ends: number[] = [];
  for (const set of sets)
    for (let i = 0; i < set.length; i += 2) {
      begins.push(set[i]!);
      ends.push(set[i + 1]!);
    }
  const starts = ascending(begins);
  const stops = ascending(ends);
  for (let s = 0, e = 0; e < stops.length; )
    if (s < starts.length && starts[s]! < stops[e]!) visit(starts[s++]!, 1);
    else visit(stops[e++]!, -1);
}

/** Many are in order already; a typed array sorts numbers, infinite ones too, without asking back. */
function ascending(instants: readonly number[]): ArrayLike<number> {
  for (let i = 1; i < instants.length; i++)
    if (instants[i]! < instants[i - 1]!) return Float64Array.from(instants).sort();
  return instants;
}

export function intersect(a: Instants, b: Instants): Instants {
  if (a.length === 0 || b.length === 0) return NEVER;
  const result: number[] = [];
  for (let i = firstAfter(a, b[0]!), k = firstAfter(b, a[0]!); i < a.length && k < b.length; ) {
    const from = Math.max(a[i]!, b[k]!);
    const to = Math.min(a[i + 1]!, b[k + 1]!);
    if (from < to) result.push(from, to);
    if (a[i + 1]! < b[k + 1]!) i += 2;
    else k += 2;
  }
  return result;
}

export function subtract(a: Instants, b: Instants): Instants {
  if (a.length === 0 || b.length === 0) return a;
  const result: number[] = [];
  let k = firstAfter(b, a[0]!);
  for (let i = 0; i < a.length; i += 2) {
    let from = a[i]!;
    const to = a[i + 1]!;
    while (k < b.length && b[k + 1]! <= from) k += 2;
    for (let n = k; n < b.length && b[n]! < to; n += 2) {
      if (from < b[n]!) result.push(from, b[n]!);
      from = Math.max(from, b[n + 1]!);
    }
    if (from < to) result.push(from, to);
  }
  return result;
}

/** The first instant of the set at or after `at`; null where there is none. */
export function firstFrom(set: Instants, at: number): number | null {
  const i = firstAfter(set, at);
  return i < set.length ? Math.max(at, set[i]!) : null;
}
