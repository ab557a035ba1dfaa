/** How what is written after an option is read. What cannot be is refused with an example of what can. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { EVENT_TYPES, type EventType } from '../webhook/event.ts';
import { writtenDuration } from '../writtenDuration.ts';
import { writtenInstant } from '../writtenInstant.ts';

const LIKE_AN_INSTANT = 'An instant looks like 2026-01-01T00:00:00Z, or 1767225600000 (epoch ms)';

/** ISO 8601, or epoch milliseconds. */
export function instant(text: string): Date {
  const found = writtenInstant(text);
  if (Number.isNaN(found)) throw new InvalidArgumentError(`${LIKE_AN_INSTANT}.`);
  return new Date(found);
}

/** An instant, or how long ago it was: 30d. The unit has to be there: a number alone may be a year. */
export function instantOrAgo(text: string): Date {
  if (/^[\d.]+\s*[smhdw]$/.test(text)) return new Date(Date.now() - duration(text) * 1000);
  const found = writtenInstant(text);
  if (Number.isNaN(found)) throw new InvalidArgumentError(`${LIKE_AN_INSTANT}; 12h, 30d or 2w is so long ago.`);
  return new Date(found);
}

const LONGEST_SECONDS = 10_000 * 86_400;

/** Seconds, also as 90s, 15m, 24h, 7d, 2w. */
export function duration(text: string): number {
  const seconds = writtenDuration(text);
  if (!(seconds <= LONGEST_SECONDS))
    throw new InvalidArgumentError('A duration looks like 20 (seconds), 90s, 15m, 24h, 7d or 2w; at most 10000d.');
  return seconds;
}

export function share(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('A share is a number from 0 to 1: 0.02 is 2 %.');
  return number;
}

/** key=value, any number of times. */
export function keyValue(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('It takes a key and its value, such as team=sales.');
  return { ...before, [key]: value! };
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
