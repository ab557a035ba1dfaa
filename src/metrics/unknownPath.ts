/** The error of a path that leads nowhere: what was meant, or what there is instead. */
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { CallEvaluatorError } from '../errors.ts';
import { type Astray, bare, keysOf, textOf } from './paths.ts';

/** LiveKit's identities have at most 256 characters; what is longer than this is no path, and is not looked at. */
const LONGEST_PATH = 1_000;
/** A longer path is no slip of the finger in one of ours. */
const LONGEST_SLIP = 100;
const LONGEST_SHOWN = 120;
const ENTRIES_SHOWN = 5;
const SUGGESTED = 3;

export function assertPath(path: unknown): void {
  if (typeof path !== 'string')
    throw new CallEvaluatorError('unknown_path', `A path is text, such as "callDuration"; this is ${typeof path}.`);
  if (path.length > LONGEST_PATH)
    throw unknown(path, `it has ${path.length} characters, and no path has more than ${LONGEST_PATH}.`);
}

/**
 * @param known the paths that there are
 * @param astray how far the path leads, where it leads anywhere
 */
export function unknownPath(path: string, known: readonly string[], astray: Astray | null): CallEvaluatorError {
  const meant = near(path, astray ? keysOf(astray.at).map((key) => `${astray.at.path}.${key}`) : known);
  if (meant.length > 0) return unknown(path, `did you mean ${meant.join(' or ')}?`);
  return unknown(path, `${astray ? whatIsThere(astray) : ''}"call-evaluator schema --paths" lists all paths.`);
}

function unknown(path: string, why: string): CallEvaluatorError {
  return new CallEvaluatorError('unknown_path', `There is no metric ${JSON.stringify(cut(path))}: ${why}`);
}

/** Those that differ by a slip, or that the path is the end of: joinLatency is agent.joinLatency. */
function near(path: string, known: readonly string[]): string[] {
  if (path === '' || path.length > LONGEST_SLIP) return [];
  const typed = path.toLowerCase();
  const found = known
    .map((one) => ({ one, away: one.endsWith(`.${path}`) ? 1 : distance(typed, one.toLowerCase()) }))
    .filter(({ one, away }) => away <= Math.max(1, one.length / 5));
  const nearest = Math.min(...found.map(({ away }) => away));
  return found
    .filter(({ away }) => away === nearest)
    .slice(0, SUGGESTED)
    .map(({ one }) => one);
}

function whatIsThere({ at, rest }: Astray): string {
  const where = cut(at.path);
  if (bare(at.schema) instanceof z.ZodArray || Array.isArray(at.value)) {
    const list = Array.isArray(at.value) ? at.value : [];
    if (list.length === 0) return `${where} is empty in this call. `;
    return `${where} has ${some(selectorsOf(list, rest), ENTRIES_SHOWN)}. `;
  }
  const keys = keysOf(at);
  return keys.length > 0 ? `${where} has ${some(keys, 20)}. ` : `${where} has no parts. `;
}

/** By the key that was asked for, else by one that names entries, else by number. */
function selectorsOf(list: readonly unknown[], rest: string): string[] {
  const asked = /^\[(\w+)=/.exec(rest)?.[1];
  const key = [asked, 'identity', 'id', 'sid'].find((one) => one !== undefined && textOf(list[0], one) !== null);
  return list.map((entry, i) => (key === undefined ? `[${i}]` : `[${key}=${textOf(entry, key) ?? ''}]`));
}

function some(all: readonly string[], most: number): string {
  const shown = all.slice(0, most).map(cut);
  return all.length > most ? `${shown.join(', ')} and ${all.length - most} more` : shown.join(', ');
}

function cut(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
