/** Options as they are written one by one, each a path and a text: `noShowAfter=10`, `serviceLevel.threshold=30`. */
import { near } from './badOption.ts';
import { CallEvaluatorError } from './errors.ts';
import type { WhatIfOptions } from './whatIfOptions.ts';
import { writtenDuration } from './writtenDuration.ts';

/** What cannot be read stays text, which is then refused with what is expected. */
type Read = (text: string) => unknown;
const number: Read = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
const seconds: Read = (text) => {
  const found = writtenDuration(text);
  return Number.isNaN(found) ? text : found;
};
const flag: Read = (text) => (text === 'true' ? true : text === 'false' ? false : text);
const words: Read = (text) => (text === '' ? [] : text.split(',').map((word) => word.trim()));
const word: Read = (text) => text;

const SETTINGS: Readonly<Record<string, Read>> = {
  noShowAfter: seconds,
  staleAfter: seconds,
  leftFirstGrace: seconds,
  agentExpected: flag,
  'engagementWeights.presence': number,
  'engagementWeights.voice': number,
  'engagementWeights.visual': number,
  'engagementWeights.continuity': number,
  neverSent: words,
  'serviceLevel.threshold': seconds,
  'serviceLevel.target': number,
  'serviceLevel.denominator': word,
  shortAbandon: seconds,
  'containment.minDuration': seconds,
  'containment.secondHuman': flag,
  'containment.escalationTags': words,
  metricsVersion: number,
};
export const SETTING_NAMES = Object.keys(SETTINGS);

/** By the paths of the metrics that they are about. */
const ALIASES: Readonly<Record<string, string>> = {
  'agent.noShowAfter': 'noShowAfter',
  'agent.leftFirstGrace': 'leftFirstGrace',
  'agent.expected': 'agentExpected',
  'agent.agentExpected': 'agentExpected',
};

/** @throws CallEvaluatorError `bad_option` for a name that is none, with the nearest right one */
export function settingsFrom(written: Readonly<Record<string, string>>): WhatIfOptions {
  const options: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(written)) {
    const option = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
    const read = Object.hasOwn(SETTINGS, option) ? SETTINGS[option]! : undefined;
    if (read === undefined) throw unknown(name);
    const [part, below] = option.split('.') as [string, string?];
    options[part] = below === undefined ? read(text) : { ...(options[part] as object), [below]: read(text) };
  }
  return options as WhatIfOptions;
}

function unknown(name: string): CallEvaluatorError {
  const nearest = near(name, SETTING_NAMES) ?? byLastWord(name) ?? near(name, Object.keys(ALIASES));
  const hint = nearest ? `Did you mean ${nearest}?` : `There are ${SETTING_NAMES.join(', ')}.`;
  return new CallEvaluatorError('bad_option', `Unknown option ${name}. ${hint}`);
}

/** `threshold` is that of the service level. */
function byLastWord(name: string): string | undefined {
  const last = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const nearest = near(last(name), SETTING_NAMES.map(last));
  return SETTING_NAMES.find((path) => last(path) === nearest);
}
