import { seeded } from '../../src/random.ts';
import type { Emitted } from '../../src/simulate/emit.ts';

/** What may happen to webhooks between LiveKit and us. Nothing that comes in is changed. */
export type Loss = (emitted: readonly Emitted[]) => Emitted[];

export function dropSome(probability: number, seed: number): Loss {
  return (emitted) => {
    const random = seeded(seed);
    return emitted.filter(() => !random.chance(probability));
  };
}

/** The sender's own filter, or a receiver that never knew the type. */
export function dropType(...types: string[]): Loss {
  return (emitted) => emitted.filter(({ event }) => !types.includes(event.event));
}

/** The receiver was away for some seconds, somewhere between the first event and the last. */
export function outage(seconds: number, seed: number): Loss {
  return (emitted) => {
    const instants = emitted.map(({ at }) => at);
    const from = seeded(seed).int(Math.min(...instants), Math.max(...instants));
    return emitted.filter(({ at }) => at < from || at >= from + seconds * 1000);
  };
}

export function shuffled(seed: number): Loss {
  return (emitted) => seeded(seed).shuffle(emitted);
}

/** Retries whose first answer was lost: the same bytes come again, some time later. */
export function repeatSome(probability: number, seed: number): Loss {
  return repeating(probability, seed, (event) => event);
}

/** The same facts told again under ids of their own. */
export function repeatSomeAnew(probability: number, seed: number): Loss {
  return repeating(probability, seed, (event, word) => ({ ...event, id: `EV_${word}` }));
}

function repeating(
  probability: number,
  seed: number,
  again: (event: Emitted['event'], word: string) => Emitted['event'],
): Loss {
  return (emitted) => {
    const random = seeded(seed);
    const arrivals = [...emitted];
    for (const { at, event } of emitted) {
      if (!random.chance(probability)) continue;
      const first = arrivals.findIndex((arrival) => arrival.event === event);
      arrivals.splice(random.int(first + 1, arrivals.length), 0, { at, event: again(event, random.word(12)) });
    }
    return arrivals;
  };
}
