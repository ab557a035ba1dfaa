/** What is wrong with an option, for the one who wrote it: what was expected, what was found, what may have been meant. */
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { shown } from './arguments.ts';
import { CallEvaluatorError } from './errors.ts';
import { EVENT_TYPES } from './webhook/event.ts';

const SECONDS = 'seconds, a number from 0 to 1e9';
/** By path, an entry of a list as `*`. What is not told of a part is told of the whole. */
const EXPECTED: Readonly<Record<string, string>> = {
  staleAfter: SECONDS,
  noShowAfter: SECONDS,
  leftFirstGrace: SECONDS,
  agentExpected: "true, false, a pattern of room names such as 'support-*', a RegExp, or a function",
  classify: "a function that returns 'human', 'agent', 'service' or undefined",
  engagementWeights: 'four weights from 0 to 1 that add up to 1: presence, voice, visual, continuity',
  neverSent: 'a list of event types',
  'neverSent.*': `one of ${EVENT_TYPES.join(', ')}`,
  phoneNumbers: "'masked' or 'plain'",
  metrics: 'a list of metrics { id, unit, description, compute }',
  'metrics.*.id': 'a text of letters, digits, _ and -, no other metric’s and none of Object’s own names',
  'metrics.*.unit': 'a text',
  'metrics.*.description': 'a text',
  'metrics.*.compute': 'a function of the call',
  database: "a path without NUL characters, or ':memory:'",
  liveRooms: 'a whole number from 1 on',
  clock: 'a function that returns epoch milliseconds',
};

type Path = readonly PropertyKey[];

export function badOption(options: unknown, issue: z.core.$ZodIssue, known: readonly string[]): CallEvaluatorError {
  if (issue.code === 'unrecognized_keys') return unknownOption(issue.path, issue.keys[0]!, known);
  if (issue.path.length === 0) return noOptions(options);
  return wrongOption(issue.path, shown(valueAt(options, issue.path)));
}

export function wrongOption(path: Path, found: string): CallEvaluatorError {
  const place = path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
  const expected = EXPECTED[place] ?? EXPECTED[String(path[0])];
  return new CallEvaluatorError('bad_option', `Option ${path.join('.')}: expected ${expected}; found ${found}.`);
}

function noOptions(found: unknown): CallEvaluatorError {
  const database = typeof found === 'string' && found !== '' ? found : 'calls.db';
  const example = `{ database: ${JSON.stringify(database)} }`;
  return new CallEvaluatorError('bad_option', `Expected options, such as ${example}; found ${shown(found)}.`);
}

function unknownOption(path: Path, key: string, known: readonly string[]): CallEvaluatorError {
  const plain = (name: string) => name.replace(/[_-]/g, '').toLowerCase();
  const far = (name: string) => distance(plain(name), plain(key));
  const nearest = known.toSorted((a, b) => far(a) - far(b))[0]!;
  const hint =
    far(nearest) <= key.length / 3 ? `Did you mean ${nearest}?` : `There are ${known.toSorted().join(', ')}.`;
  return new CallEvaluatorError('bad_option', `Unknown option ${[...path, key].join('.')}. ${hint}`);
}

function valueAt(options: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown>)?.[key], options);
}
