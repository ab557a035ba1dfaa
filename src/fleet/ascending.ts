/** Instants in order. Millions of them: by their digits that takes a fraction of the time that comparing them does. */

/** Fewer are sorted sooner by comparing. */
const FEW = 5_000;
/** ms, 49 days: what fits into 32 bits is sorted fastest. */
const STRETCH = 2 ** 32;
const DIGIT = 11;
const BASE = 1 << DIGIT;

/** @param lists whole numbers, infinite ones too */
export function ascending(...lists: readonly (readonly number[])[]): Float64Array {
  const all = new Float64Array(lists.reduce((length, list) => length + list.length, 0));
  let filled = 0;
  for (const list of lists) {
    all.set(list, filled);
    filled += list.length;
  }
  return all.length < FEW ? all.sort() : byStretches(all);
}

/** Sorts in place. */
function byStretches(all: Float64Array): Float64Array {
  let least = all[0]!;
  let greatest = all[0]!;
  let ascends = true;
  for (let i = 1; i < all.length; i++) {
    const instant = all[i]!;
    if (instant < all[i - 1]!) ascends = false;
    if (instant < least) least = instant;
    if (instant > greatest) greatest = instant;
  }
  if (ascends) return all;
  const stretches = Math.floor((greatest - least) / STRETCH) + 1;
  if (!(stretches <= all.length)) return all.sort(); // infinite ones, or hardly any in each stretch
  const ends = new Uint32Array(stretches);
  for (const instant of all) ends[Math.floor((instant - least) / STRETCH)]!++;
  for (let i = 1; i < stretches; i++) ends[i]! += ends[i - 1]!;
  const offsets = new Uint32Array(all.length);
  const free = Uint32Array.from(ends);
  for (const instant of all) {
    const stretch = Math.floor((instant - least) / STRETCH);
    offsets[--free[stretch]!] = instant - least - stretch * STRETCH;
  }
  let begin = 0;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const end = ends[stretch]!;
    const sorted = byDigits(offsets.subarray(begin, end));
    for (let i = begin; i < end; i++) all[i] = least + stretch * STRETCH + sorted[i - begin]!;
    begin = end;
  }
  return all;
}

/** Least digit first: each pass keeps the order of those before it. */
function byDigits(offsets: Uint32Array<ArrayBuffer>): Uint32Array {
  if (offsets.length < FEW) return offsets.sort();
  let from = offsets;
  let to = new Uint32Array(offsets.length);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const starts = new Uint32Array(BASE + 1);
    for (let i = 0; i < from.length; i++) starts[((from[i]! >>> shift) & (BASE - 1)) + 1]!++;
    for (let digit = 0; digit < BASE; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < from.length; i++) {
      const offset = from[i]!;
      to[starts[(offset >>> shift) & (BASE - 1)]!++] = offset;
    }
    [from, to] = [to, from];
  }
  return from;
}
