/**
 * LiveKit's API keys, from wherever they are configured. From here on a secret is a KeyObject: one can sign with it, and
 * neither print nor serialise it.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CallEvaluatorError } from '../../errors.ts';

/** API key -> its secret. Several while a key is being replaced: until LiveKit has changed over, it signs with the old one. */
export type Keys = ReadonlyMap<string, KeyObject>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Keys in code: `[{ apiKey, apiSecret }]`, or `{ apiKey: apiSecret }`. */
export type GivenKeys = readonly { apiKey: string; apiSecret: string }[] | Readonly<Record<string, string>>;

export interface KeySources {
  /** Of it LIVEKIT_API_KEY with LIVEKIT_API_SECRET, and LIVEKIT_KEYS: lines of `key: secret`, or commas in between. */
  env?: Environment | undefined;
  /** A file of such lines: what livekit-server takes as `--key-file`. */
  keysFile?: string | undefined;
  keys?: GivenKeys | undefined;
}

interface Named {
  source: string;
  apiKey: string;
  apiSecret: string;
}

/**
 * The keys of all sources together.
 * @throws CallEvaluatorError `bad_option`, which names the source and never what stands in it
 */
export function keysFrom({ env = {}, keysFile, keys }: KeySources): Keys {
  const found: Named[] = [
    ...keyOfEnvironment(env),
    ...keysOfText(env.LIVEKIT_KEYS ?? '', 'LIVEKIT_KEYS'),
    ...(keysFile === undefined ? [] : keysOfFile(keysFile)),
    ...(keys === undefined ? [] : keysOfOption(keys)),
  ];
  const secrets = new Map<string, { source: string; secret: KeyObject }>();
  for (const { source, apiKey, apiSecret } of found) {
    const secret = secretOf(apiSecret);
    const other = secrets.get(apiKey);
    if (other && !other.secret.equals(secret))
      throw badKeys(
        `${source} and ${other.source} give different secrets for ${apiKey}. Remove the one that is out of date.`,
      );
    secrets.set(apiKey, { source, secret });
  }
  return new Map(Array.from(secrets, ([apiKey, { secret }]) => [apiKey, secret]));
}

export function secretOf(text: string): KeyObject {
  return createSecretKey(text, 'utf8');
}

function keyOfEnvironment(env: Environment): Named[] {
  const apiKey = env.LIVEKIT_API_KEY?.trim() ?? '';
  const apiSecret = env.LIVEKIT_API_SECRET?.trim() ?? '';
  if (apiKey === '' && apiSecret === '') return [];
  if (apiSecret === '') throw badKeys('LIVEKIT_API_KEY is set, and LIVEKIT_API_SECRET is not. Set both, or neither.');
  if (apiKey === '') throw badKeys('LIVEKIT_API_SECRET is set, and LIVEKIT_API_KEY is not. Set both, or neither.');
  return [{ source: 'LIVEKIT_API_KEY', apiKey, apiSecret }];
}

/** A comma ends an entry only where another begins: secrets may contain one. */
const BETWEEN_ENTRIES = /\r?\n|,(?=\s*[^\s,:]+\s*:)/;

/** `key: secret` as in YAML, with its quotes, comments and braces. livekit.yaml has the heading `keys:` above them. */
function keysOfText(text: string, source: string): Named[] {
  const found: Named[] = [];
  const entries = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .split(BETWEEN_ENTRIES);
  for (const [i, entry] of entries.entries()) {
    const line = entry.replace(/(^|\s)#.*/, '').trim();
    if (line === '' || line === '---' || line === 'keys:') continue;
    const colon = line.indexOf(':');
    const apiKey = unquoted(line.slice(0, Math.max(colon, 0)));
    const apiSecret = unquoted(line.slice(colon + 1));
    // not a word of what stands there: it may be a secret
    if (apiKey === '' || apiSecret === '' || /\s/.test(apiKey))
      throw badKeys(`${source}, entry ${i + 1}: expected an API key and its secret, as \`APIkey: secret\`.`);
    found.push({ source, apiKey, apiSecret });
  }
  return found;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** Who names a file means keys: an empty one would quietly have the server take no webhooks. */
function keysOfFile(file: string): Named[] {
  const found = keysOfText(readKeysFile(file), file);
  if (found.length === 0)
    throw badKeys(
      `The keys file ${file} holds no key: write lines such as \`APIkey: secret\` into it, or leave it out.`,
    );
  return found;
}

function readKeysFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw badKeys(
      `The keys file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a file of lines such as \`APIkey: secret\` that this user may read.`,
    );
  }
}

function keysOfOption(keys: GivenKeys): Named[] {
  const list = Array.isArray(keys)
    ? keys.map(({ apiKey, apiSecret }, i) => ({ source: `Option keys[${i}]`, apiKey, apiSecret }))
    : Object.entries(keys).map(([apiKey, apiSecret]) => ({ source: 'Option keys', apiKey, apiSecret }));
  for (const { source, apiKey, apiSecret } of list) {
    const missing = !isText(apiKey) ? 'apiKey' : !isText(apiSecret) ? 'apiSecret' : null;
    if (missing)
      throw badKeys(
        `${source} has no ${missing}. Give [{ apiKey: 'API…', apiSecret: '…' }] or { 'API…': '…' }; is the variable that it comes from set?`,
      );
  }
  return list;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function badKeys(message: string): CallEvaluatorError {
  return new CallEvaluatorError('bad_option', message);
}
