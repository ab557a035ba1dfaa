/** What calls can be grouped by, and which groups a call belongs to. */
import { byText } from '../metrics/byText.ts';
import type { CallFigures } from './figures.ts';
import { PERIOD_UNITS, type Period, type PeriodUnit, periodsOf } from './period.ts';
import { TimeZone } from './timeZone.ts';

const WORDS = {
  agent: ({ agents }: CallFigures) => agents,
  roomName: ({ roomName }: CallFigures) => roomName,
  endReason: ({ endReason }: CallFigures) => endReason,
  status: ({ status }: CallFigures) => status,
  kind: ({ participantSeconds }: CallFigures) => Object.keys(participantSeconds),
  tag: ({ tags }: CallFigures) => tags,
} as const;
export const GROUPINGS = [...PERIOD_UNITS, ...(Object.keys(WORDS) as (keyof typeof WORDS)[])] as const;
const METADATA = 'metadata.';

export const isPeriodUnit = (by: string): by is PeriodUnit => (PERIOD_UNITS as readonly string[]).includes(by);
export const isGrouping = (by: string): boolean =>
  (GROUPINGS as readonly string[]).includes(by) || (by.startsWith(METADATA) && by.length > METADATA.length);

/** One coordinate of a group: a period, or a word; null: the call has none. */
type Part = Period | string | null;

/** Where calls are put together. */
export interface Place {
  /** Unique. */
  id: string;
  parts: readonly Part[];
}

/** The places of a call: several where it has several agents, kinds or tags. */
export type Placing = (figures: CallFigures) => readonly Place[];

/** A call can be in several groups at once: then groups add up to more than the whole. */
export const isManifold = (by: readonly string[]): boolean =>
  by.some((one) => one === 'agent' || one === 'kind' || one === 'tag');

/** Rooms may each have a name of their own: no more places are remembered. */
const REMEMBERED = 100_000;

export function placingOf(by: readonly string[], timeZone: string): Placing {
  const zone = new TimeZone(timeZone);
  const coordinates = by.map((one) => coordinateOf(one, zone));
  const [only, ...others] = coordinates;
  if (only === undefined) return () => [];
  return others.length === 0 ? placingByOne(only) : placingByAll(coordinates);
}

function placingByOne(coordinate: Coordinate): Placing {
  const known = new Map<Part, readonly [Place]>();
  const place = (part: Part): readonly [Place] => {
    let found = known.get(part);
    if (found === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      found = [{ id: idOf(part), parts: [part] }];
      known.set(part, found);
    }
    return found;
  };
  return (figures) => {
    const part = coordinate(figures);
    return isSeveral(part) ? oneOrNone(part).flatMap(place) : place(part);
  };
}

function placingByAll(coordinates: readonly Coordinate[]): Placing {
  return (figures) => {
    let ways: (readonly Part[])[] = [[]];
    for (const coordinate of coordinates) {
      const part = coordinate(figures);
      const those = isSeveral(part) ? oneOrNone(part) : [part];
      ways = ways.flatMap((way) => those.map((one) => [...way, one]));
    }
    return ways.map((parts) => ({ id: joined(parts), parts }));
  };
}

type Coordinate = (figures: CallFigures) => Part | readonly string[];
const isSeveral = (part: Part | readonly string[]): part is readonly string[] => Array.isArray(part);

function coordinateOf(by: string, zone: TimeZone): Coordinate {
  if (isPeriodUnit(by)) {
    const periodOf = periodsOf(by, zone);
    return ({ startedAt }) => periodOf(startedAt);
  }
  if (!by.startsWith(METADATA)) return WORDS[by as keyof typeof WORDS];
  const key = by.slice(METADATA.length);
  return ({ metadata }) => (Object.hasOwn(metadata, key) ? metadata[key]! : null);
}

const oneOrNone = (words: readonly string[]): readonly (string | null)[] => (words.length > 0 ? words : [null]);
const idOf = (part: Part): string => (part === null ? '' : typeof part === 'string' ? `'${part}` : String(part.from));
/** Each with its length, since words may hold any sign that could part them. */
const joined = (parts: readonly Part[]) =>
  parts.reduce((text: string, part) => {
    const id = idOf(part);
    return `${text}${id.length}:${id}`;
  }, '');

/** By time, then by word; none comes last. */
export function inOrder(a: Place, b: Place): number {
  for (const [i, one] of a.parts.entries()) {
    const order = inOrderOf(one, b.parts[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function inOrderOf(a: Part, b: Part): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string' || typeof b === 'string') return byText(String(a), String(b));
  return a.from - b.from;
}

/** Coordinates as they are shown, by what they are of. */
export function keyOf({ parts }: Place, by: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    by.map((one, i) => {
      const part = parts[i]!;
      return [one, part === null || typeof part === 'string' ? part : part.label];
    }),
  );
}

/** The time that all periods of a place have in common; null where it has none. */
export function periodOf({ parts }: Place): { from: number; until: number } | null {
  const periods = parts.filter((part): part is Period => part !== null && typeof part !== 'string');
  if (periods.length === 0) return null;
  return {
    from: Math.max(...periods.map(({ from }) => from)),
    until: Math.min(...periods.map(({ until }) => until)),
  };
}
