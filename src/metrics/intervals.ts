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

export function holds(set: Instants, at: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (at < set[i]!) return false;
    if (at < set[i + 1]!) return true;
  }
  return false;
}

export function union(sets: readonly Instants[]): Instants {
  const present = sets.filter((set) => set.length > 0);
  if (present.length < 2) return present[0] ?? NEVER;
  return atLeast(1, present);
}

/** The instants that lie in at least `n` of the sets. */
export function atLeast(n: number, sets: readonly Instants[]): Instants {
  const result: number[] = [];
  let depth = 0;
  sweep(sets, (at, step) => {
    const before = depth;
    depth += step;
    if (before < n && depth >= n) {
      if (result.at(-1) === at) result.pop();
      else result.push(at);
    } else if (before >= n && depth < n) {
      if (result.at(-1) === at) result.pop();
      else result.push(at);
    }
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
  const starts: number[] = [];
  const ends: number[] = [];
  for (const set of sets)
    for (let i = 0; i < set.length; i += 2) {
      starts.push(set[i]!);
      ends.push(set[i + 1]!);
    }
  starts.sort(ascending);
  ends.sort(ascending);
  let s = 0;
  for (const end of ends) {
    while (s < starts.length && starts[s]! < end) visit(starts[s++]!, 1);
    visit(end, -1);
  }
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0; // not a - b: the difference of two infinities is no number
}

export function intersect(a: Instants, b: Instants): Instants {
  const result: number[] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const from = Math.max(a[i]!, b[k]!);
    const to = Math.min(a[i + 1]!, b[k + 1]!);
    if (from < to) result.push(from, to);
    if (a[i + 1]! < b[k + 1]!) i += 2;
    else k += 2;
  }
  return result;
}

export function subtract(a: Instants, b: Instants): Instants {
  if (b.length === 0) return a;
  const result: number[] = [];
  let k = 0;
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
  for (let i = 0; i < set.length; i += 2) if (set[i + 1]! > at) return Math.max(at, set[i]!);
  return null;
}
