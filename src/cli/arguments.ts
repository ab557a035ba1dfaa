/** How what is written after an option is read. What cannot be is refused with an example of what can. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { EVENT_TYPES, type EventType } from '../webhook/event.ts';
import { writtenInstant } from '../writtenInstant.ts';

/** ISO 8601, or epoch milliseconds. */
export function instant(text: string): Date {
  const found = writtenInstant(text);
  if (Number.isNaN(found))
    throw new InvalidArgumentError('An instant looks like 2026-01-01T00:00:00Z, or 1767225600000 (epoch ms).');
  return new Date(found);
}

const LONGEST_SECONDS = 10_000 * 86_400;
const SECONDS_IN = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds, also as 90s, 15m, 24h, 7d. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(number) * SECONDS_IN[unit as keyof typeof SECONDS_IN];
  if (!(seconds <= LONGEST_SECONDS))
    throw new InvalidArgumentError('A duration looks like 20 (seconds), 90s, 15m, 24h or 7d; at most 10000d.');
  return seconds;
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 1 on.');
  return Number(text);
}

export function eventTypes(text: string): EventType[] {
  return text.split(',').map((word) => {
    const type = EVENT_TYPES.find((known) => known === word.trim());
    if (type === undefined) throw new InvalidArgumentError(`"${word}" is no event type. ${meant(word)}`);
    return type;
  });
}

function meant(word: string): string {
  const nearest = closest(word, EVENT_TYPES);
  return distance(word, nearest) <= nearest.length / 3
    ? `Did you mean ${nearest}?`
    : `There are ${EVENT_TYPES.join(', ')}.`;
}

/** What a file holds; whether it is what is wanted is for others to say. */
export function jsonFile<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
    throw new InvalidArgumentError(`It cannot be read (${why}): give the path of a JSON file.`);
  }
}
