/** What is wrong with an option, for the one who wrote it: what was expected, what was found, what may have been meant. */
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { shown } from './arguments.ts';
import { CallEvaluatorError } from './errors.ts';

const SECONDS = 'seconds, a number from 0 to 1e9';
/** By path, an entry of a list as `*`. What is not told of a part is told of the whole; of a choice, by what there is. */
const EXPECTED: Readonly<Record<string, string>> = {
  staleAfter: SECONDS,
  noShowAfter: SECONDS,
  leftFirstGrace: SECONDS,
  agentExpected: "true, false, a pattern of room names such as 'support-*', a RegExp, or a function",
  classify: "a function that returns 'human', 'agent', 'service' or undefined",
  engagementWeights: 'four weights from 0 to 1 that add up to 1: presence, voice, visual, continuity',
  neverSent: 'a list of event types',
  phoneNumbers: "'masked' or 'plain'",
  prices: "a list of prices, such as { model: 'gpt-4o', currency: 'USD', inputTokens: 2.5, outputTokens: 10 }",
  'prices.*.model': 'the name of a model',
  'prices.*.currency': 'three letters, such as USD',
  'prices.*.from': 'an instant such as 2026-10-01',
  metrics: 'a list of metrics { id, unit, description, compute }',
  'metrics.*.id': 'a text of letters, digits, _ and -, no other metric’s and none of Object’s own names',
  'metrics.*.unit': 'a text',
  'metrics.*.description': 'a text',
  'metrics.*.compute': 'a function of the call',
  database: "a path without NUL characters, or ':memory:'",
  liveRooms: 'a whole number from 1 on',
  largestRoom: 'a whole number from 1 on',
  conversationText: 'true or false',
  clock: 'a function that returns epoch milliseconds',
  status: "a list, such as ['finished']",
  room: "a pattern of room names, such as 'support-*'",
  agent: "a pattern of names of agents, such as 'nova-*'",
  endReason: "a list of its classes, such as ['human_hangup']",
  minCompleteness: 'a number from 0 to 1',
  kind: 'the name of a kind of participant, such as SIP',
  tag: "a pattern of tags, such as 'appointment:*'",
  figures: "a list of figures, such as ['serviceLevel']",
  by: 'a list of groupings, each once: hour, day, week, month, agent, roomName, endReason, status, kind, tag, metadata.KEY',
  timeZone: 'the name of a time zone, such as Europe/Berlin',
  serviceLevel: 'such as { threshold: 20, target: 0.8 }',
  shortAbandon: SECONDS,
  containment: "such as { escalationTags: ['escalated'] }",
  maxGroups: 'a whole number from 1 to 100000',
  emptyPeriods: 'true or false',
  exactUpTo: 'a whole number from 0 to 1000000',
  metadata: "texts by key, such as { tenant: 'acme' }",
  after: '`next` of the page before',
  afterSeq: 'a whole number from 0 on',
  newestFirst: 'true or false',
  limit: '1 to 10000',
  roomSid: 'the sid of a room, RM_…',
  calls: 'a whole number from 1 to 1000000',
  runs: 'a whole number from 1 to 100000',
  loss: 'a list of shares from 0 to 1, such as [0.01, 0.05]',
  outage: 'a list of seconds, such as [30]',
  seed: 'a whole number from 0 to 4294967295',
  identity: "a pattern of identities, such as 'sip_*'",
  signal: 'an AbortSignal',
  recontactWithin: 'hours, a number above 0 and up to 8784',
};

type Path = readonly PropertyKey[];

/** A strict object's schema, and one option of it as an example: what stands where options should may be meant as its value. */
export interface Options<Schema extends z.ZodObject> {
  schema: Schema;
  example: readonly [option: string, value: string];
}

/** @throws CallEvaluatorError `bad_option`, naming the option and, where it or its value is misspelt, the nearest right one. */
export function checked<Schema extends z.ZodObject>(
  options: unknown,
  { schema, example }: Options<Schema>,
): z.infer<Schema> {
  if (!isPlain(options)) throw noOptions(options, example);
  const found = schema.safeParse(options);
  if (found.success) return found.data;
  const issue = found.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') throw unknownOption(issue.path, issue.keys[0]!, namesIn(schema, issue.path));
  const value = valueAt(options, issue.path);
  if (issue.code !== 'invalid_value') throw wrongOption(issue.path, shown(value));
  const nearest = typeof value === 'string' ? near(value, issue.values.map(String)) : undefined;
  throw wrongOption(
    issue.path,
    shown(value),
    `one of ${issue.values.join(', ')}`,
    nearest && ` Did you mean ${nearest}?`,
  );
}

/** Not a list, a Date or a Map: an object in which options can be looked for. */
function isPlain(options: unknown): boolean {
  return Object.prototype.toString.call(options) === '[object Object]';
}

export function wrongOption(path: Path, found: string, choices?: string, hint = ''): CallEvaluatorError {
  const place = path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
  const expected = EXPECTED[place] ?? choices ?? EXPECTED[String(path[0])];
  return new CallEvaluatorError('bad_option', `Option ${path.join('.')}: expected ${expected}; found ${found}.${hint}`);
}

function noOptions(found: unknown, [option, value]: Options<z.ZodObject>['example']): CallEvaluatorError {
  const meant = typeof found === 'string' && found !== '' ? found : value;
  const example = `{ ${option}: ${JSON.stringify(meant)} }`;
  return new CallEvaluatorError('bad_option', `Expected options, such as ${example}; found ${shown(found)}.`);
}

function unknownOption(path: Path, key: string, known: readonly string[]): CallEvaluatorError {
  const nearest = known.length > 0 ? near(key, known) : undefined;
  const hint = nearest ? `Did you mean ${nearest}?` : `There are ${known.toSorted().join(', ')}.`;
  return new CallEvaluatorError('bad_option', `Unknown option ${[...path, key].join('.')}. ${hint}`);
}

/** What was meant by a misspelt word; undefined where none is near. */
export function near(word: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.replace(/[_-]/g, '').toLowerCase();
  const far = (name: string) => distance(plain(name), plain(word));
  const nearest = known.toSorted((a, b) => far(a) - far(b))[0]!;
  return far(nearest) <= Math.max(1, word.length / 3) ? nearest : undefined;
}

/** The names of the options, or of the parts of one, of an entry of a list as well. */
function namesIn(schema: z.ZodObject, path: Path): string[] {
  const at = path.reduce<unknown>((node, key) => {
    const kind = bare(node) as { shape?: Record<PropertyKey, unknown> };
    return typeof key === 'number' ? kind : kind.shape?.[key]; // a list is bared to its entries
  }, schema);
  const { shape = {} } = bare(at) as { shape?: object };
  return Object.keys(shape);
}

/** Without what says that it may be left out, or comes as a list. */
function bare(node: unknown): object {
  const { unwrap } = (node ?? {}) as { unwrap?: () => unknown };
  return typeof unwrap === 'function' ? bare(unwrap.call(node)) : (node ?? {});
}

function valueAt(options: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown>)?.[key], options);
}
