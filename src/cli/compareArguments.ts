/** How what is written after --baseline and --candidate is read: filters of calls, as `agent=nova-1,since=7d`. */
import { InvalidArgumentError } from 'commander';
import { near } from '../badOption.ts';
import { CALL_STATUSES, type CallFilter } from '../callQuery.ts';
import { END_REASON_CLASSES } from '../metrics/endReason.ts';
import { instantOrAgo, share } from './arguments.ts';

type Read = (text: string) => Partial<CallFilter>;

const oneOf =
  <Word extends string>(name: string, words: readonly Word[], as: (words: Word[]) => Partial<CallFilter>): Read =>
  (text) => {
    const found = text.split('+').map((one) => {
      const word = words.find((known) => known === one.trim());
      if (word === undefined) throw new InvalidArgumentError(`${name}: there is no "${one}". ${meant(one, words)}`);
      return word;
    });
    return as(found);
  };

const FILTERS: Readonly<Record<string, Read>> = {
  agent: (agent) => ({ agent }),
  room: (room) => ({ room }),
  since: (text) => ({ since: instantOrAgo(text) }),
  until: (text) => ({ until: instantOrAgo(text) }),
  kind: (kind) => ({ kind }),
  tag: (tag) => ({ tag }),
  status: oneOf('status', CALL_STATUSES, (status) => ({ status })),
  'end-reason': oneOf('end-reason', END_REASON_CLASSES, (endReason) => ({ endReason })),
  'min-completeness': (text) => ({ minCompleteness: share(text) }),
};
const METADATA = 'metadata.';
export const SIDE_FILTERS = [...Object.keys(FILTERS), `${METADATA}KEY`];

/** Where another filter begins: a comma within a value does not. */
const NEXT = /,(?=\s*[\w.-]+\s*=)/;

/** filter=value, with commas, any number of times: all of it holds. */
export function sideFilter(text: string, before: CallFilter = {}): CallFilter {
  const filter = { ...before };
  for (const part of text.split(NEXT)) {
    const [, name, value] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    if (name === undefined || value === '')
      throw new InvalidArgumentError(`"${part}" is no filter: one looks like agent=nova-1 or since=7d.`);
    addFilter(filter, name, value!);
  }
  return filter;
}

function addFilter(filter: CallFilter, name: string, value: string): void {
  if (name.startsWith(METADATA) && name.length > METADATA.length) {
    filter.metadata = { ...filter.metadata, [name.slice(METADATA.length)]: value };
    return;
  }
  if (!Object.hasOwn(FILTERS, name))
    throw new InvalidArgumentError(`There is no filter "${name}". ${meant(name, SIDE_FILTERS)}`);
  const read = FILTERS[name]!(value);
  if (Object.keys(read).some((key) => Object.hasOwn(filter, key)))
    throw new InvalidArgumentError(`It has ${name} twice, and one alone can hold: * in a pattern stands for anything.`);
  Object.assign(filter, read);
}

function meant(word: string, known: readonly string[]): string {
  const nearest = near(word, known);
  return nearest ? `Did you mean ${nearest}?` : `There are ${known.join(', ')}.`;
}
