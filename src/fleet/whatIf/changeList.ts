/** Changes of many calls: counted by path, and of each path the first few, in whatever order calls come. */
import type { Value } from '../../metrics/verdict.ts';
import type { Change } from './changes.ts';

/** A value of a call that is another under other options. */
export interface CallChange {
  roomSid: string;
  path: string;
  before: Value;
  after: Value;
}

/** Paths have `*` in the place of what differs from call to call. */
export interface PathChanges {
  path: string;
  /** Calls in which some such value is another. */
  calls: number;
  values: number;
}

/** Of each path: a path that seldom changes is not lost among those that change in every call. */
export const LISTED_OF_A_PATH = 100;

interface Place extends CallChange {
  startedAt: number;
}

export class ChangeList {
  readonly #paths = new Map<string, { calls: number; values: number; first: Place[] }>();
  #calls = 0;
  #values = 0;

  add(roomSid: string, startedAt: number, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#calls++;
    this.#values += changes.length;
    for (const general of new Set(changes.map(({ general }) => general))) this.#at(general).calls++;
    for (const { general, path, before, after } of changes) {
      const tally = this.#at(general);
      tally.values++;
      tally.first.push({ startedAt, roomSid, path, before, after });
      if (tally.first.length >= 2 * LISTED_OF_A_PATH) keepFirst(tally.first);
    }
  }

  #at(path: string) {
    let tally = this.#paths.get(path);
    if (tally === undefined) {
      tally = { calls: 0, values: 0, first: [] };
      this.#paths.set(path, tally);
    }
    return tally;
  }

  /** The paths that change most come first. */
  get counted(): { calls: number; values: number; byPath: PathChanges[] } {
    const byPath = [...this.#paths].map(([path, { calls, values }]) => ({ path, calls, values }));
    byPath.sort((a, b) => b.calls - a.calls || b.values - a.values || (a.path < b.path ? -1 : 1));
    return { calls: this.#calls, values: this.#values, byPath };
  }

  /** By the start of their calls. */
  get listed(): CallChange[] {
    const all = [...this.#paths.values()].flatMap(({ first }) => keepFirst(first));
    return all.sort(inOrder).map(({ roomSid, path, before, after }) => ({ roomSid, path, before, after }));
  }
}

function keepFirst(places: Place[]): Place[] {
  places.sort(inOrder).splice(LISTED_OF_A_PATH);
  return places;
}

function inOrder(a: Place, b: Place): number {
  return a.startedAt - b.startedAt || byWord(a.roomSid, b.roomSid) || byWord(a.path, b.path);
}
const byWord = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
