import type { Call, Span } from '../call.ts';
import { type Member, membersOf } from './cast.ts';
import { type Life, lifeOf } from './life.ts';
import { covers, type Slices, slice } from './slices.ts';

/** A call laid out for measuring: who counts, cut into slices in which nothing changes. */
export interface Scene {
  call: Call;
  life: Life;
  slices: Slices;
  members: Member[];
  /** Members but for phones that ring unanswered. */
  connected: Member[];
  humans: Member[];
  agents: Member[];
  /** First person joined .. last person left; null where nobody came. */
  callSeconds: number | null;
  grain: Grain;
}

/**
 * By how many seconds whole-second clocks may move a value. Each moves one end of a span by less than one second, and
 * no time in which something holds changes by more than the sum of the moves.
 */
export interface Grain {
  /** Joins and the room's creation have clocks of their own, whole-second ones on old servers only. */
  join: 0 | 1;
  /** The room's end, while it has none, is `now`. */
  end: 0 | 1;
  call: number;
  presence(spans: readonly Span[]): number;
  tracks(spans: readonly Span[]): number;
}

export function layOut(call: Call, now: number, old: boolean): Scene {
  const life = lifeOf(call, now);
  const members = membersOf(call);
  const connected = members.filter(({ ringing }) => !ringing);
  const spans = members.flatMap(({ presence }) => presence);
  const lastLeave = Math.max(...spans.map(({ to }) => Math.min(to ?? life.to, life.to)));
  const join = old ? 1 : 0;
  const ended = (of: readonly Span[]) => of.filter(({ to }) => to !== null || life.status !== 'active').length;
  return {
    call,
    life,
    slices: slice(instantsOf(call), life.from, life.to),
    members,
    connected,
    humans: connected.filter(({ role }) => role === 'human'),
    agents: connected.filter(({ role }) => role === 'agent'),
    callSeconds: members.length > 0 ? (lastLeave - Math.min(...spans.map(({ from }) => from))) / 1000 : null,
    grain: {
      join,
      end: life.status === 'active' ? 0 : 1,
      call: join + 1,
      presence: (of) => join * of.length + ended(of),
      tracks: (of) => of.length + ended(of),
    },
  };
}

/** How far `part / whole` may be off where its terms are; a ratio of the order of `size`. */
export function ratioGrain(partGrain: number, whole: number, wholeGrain: number, size = 1): number {
  return whole > wholeGrain ? Math.min(size, (partGrain + size * wholeGrain) / (whole - wholeGrain)) : size;
}

export const countAt = (group: readonly Member[], instant: number): number =>
  group.filter(({ presence }) => covers(presence, instant)).length;

export const anyAt = (group: readonly Member[], instant: number): boolean =>
  group.some(({ presence }) => covers(presence, instant));

export const secondsOf = ({ slices }: Scene, spans: readonly Span[]): number =>
  slices.seconds((instant) => covers(spans, instant));

export const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0);

function instantsOf(call: Call): number[] {
  const people = call.people.flatMap(({ sessions, answeredAt }) => [
    answeredAt,
    ...sessions.flatMap(({ from, to, tracks }) => [from, to, ...tracks.flatMap((track) => [track.from, track.to])]),
  ]);
  const recordings = call.egresses.flatMap(({ activeAt, stoppedAt }) => [activeAt, stoppedAt]);
  return [...people, ...recordings].filter((instant) => instant !== null && instant !== undefined);
}
