/** Chance that can be had again: all that is drawn comes from a seed. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number;
  /** Both ends included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
  /** Letters and digits, as in LiveKit's ids. */
  word(length: number): string;
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** A Weyl sequence, of a step of its own for each seed, every state of which is mixed well: no two seeds have anything in common. */
export function seeded(seed: number): Random {
  let state = mixed(seed);
  const step = mixed(seed ^ 0x9e3779b9) | 1;
  const next = () => {
    state = (state + step) | 0;
    return mixed(state) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(0, list.length - 1)]!,
    shuffle(list) {
      const deck = [...list];
      for (let last = deck.length - 1; last > 0; last--) {
        const other = int(0, last);
        [deck[last], deck[other]] = [deck[other]!, deck[last]!];
      }
      return deck;
    },
    word: (length) => Array.from({ length }, () => ALPHABET[int(0, ALPHABET.length - 1)]).join(''),
  };
}

/** A seed of its own for whatever has this name, so that what is drawn for it depends on nothing else. */
export function seedOf(seed: number, name: string): number {
  let hash = mixed(seed);
  for (let i = 0; i < name.length; i++) hash = mixed(hash ^ name.charCodeAt(i)) + i;
  return mixed(hash);
}

/** The finaliser of MurmurHash3: a one-to-one map of 32 bits in which each depends on all. */
function mixed(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
