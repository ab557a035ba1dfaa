import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeySources, type Keys, keysFrom } from '../../../src/server/webhook/keys.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const file = join(folder, 'keys.yaml');
  writeFileSync(file, text);
  return file;
}
const opened = (keys: Keys) => Object.fromEntries([...keys].map(([key, secret]) => [key, secret.export().toString()]));
const both = { APIold: 'secret-old', APInew: 'secret-new' };

describe('keys from', () => {
  test.each<[string, KeySources, Record<string, string>]>([
    ['nowhere', {}, {}],
    ['LIVEKIT_API_KEY', { env: { LIVEKIT_API_KEY: 'APIa', LIVEKIT_API_SECRET: ' s1\n' } }, { APIa: 's1' }],
    ['LIVEKIT_KEYS', { env: { LIVEKIT_KEYS: 'APIa: s1' } }, { APIa: 's1' }],
    ['lines', { env: { LIVEKIT_KEYS: 'APIold: secret-old\nAPInew: secret-new\n' } }, both],
    ['lines of Windows', { env: { LIVEKIT_KEYS: 'APIold: secret-old\r\nAPInew: secret-new\r\n' } }, both],
    ['commas', { env: { LIVEKIT_KEYS: 'APIold: secret-old,APInew: secret-new' } }, both],
    [
      'commas and spaces, no space after the colon',
      { env: { LIVEKIT_KEYS: 'APIold:secret-old , APInew:secret-new' } },
      both,
    ],
    ['YAML in braces', { env: { LIVEKIT_KEYS: '{APIold: secret-old, APInew: secret-new}' } }, both],
    ['JSON', { env: { LIVEKIT_KEYS: JSON.stringify(both) } }, both],
    ['a secret with a comma', { env: { LIVEKIT_KEYS: 'APIa: one, two,three' } }, { APIa: 'one, two,three' }],
    ['a secret with a colon', { env: { LIVEKIT_KEYS: 'APIa: one:two' } }, { APIa: 'one:two' }],
    [
      'both variables',
      { env: { LIVEKIT_API_KEY: 'APIold', LIVEKIT_API_SECRET: 'secret-old', LIVEKIT_KEYS: 'APInew: secret-new' } },
      both,
    ],
    [
      'both variables with the same key',
      { env: { LIVEKIT_API_KEY: 'APIa', LIVEKIT_API_SECRET: 's1', LIVEKIT_KEYS: 'APIa: s1' } },
      { APIa: 's1' },
    ],
    [
      'a list',
      {
        keys: [
          { apiKey: 'APIold', apiSecret: 'secret-old' },
          { apiKey: 'APInew', apiSecret: 'secret-new' },
        ],
      },
      both,
    ],
    ['a map', { keys: both }, both],
  ])('%s', (_, sources, expected) => {
    expect(opened(keysFrom(sources))).toEqual(expected);
  });

  test.each([
    ['lines', 'APIold: secret-old\nAPInew: secret-new'],
    [
      'YAML with all that may stand there',
      '---\n# rotated in May\nkeys:\n  APIold: "secret-old" # until June\n\n  \'APInew\': secret-new\n',
    ],
  ])('a file of %s', (_, text) => {
    expect(opened(keysFrom({ keysFile: fileOf(text) }))).toEqual(both);
  });
});

describe('is told what is wrong', () => {
  test.each<[string, () => KeySources, string]>([
    ['half a pair', () => ({ env: { LIVEKIT_API_KEY: 'APIa' } }), 'LIVEKIT_API_SECRET is not. Set both'],
    ['the other half', () => ({ env: { LIVEKIT_API_SECRET: 'hidden' } }), 'LIVEKIT_API_KEY is not. Set both'],
    [
      'no colon',
      () => ({ env: { LIVEKIT_KEYS: 'APIa: s1\nhidden' } }),
      'LIVEKIT_KEYS, entry 2: expected an API key and its secret',
    ],
    ['no secret', () => ({ env: { LIVEKIT_KEYS: 'APIa:' } }), 'LIVEKIT_KEYS, entry 1: expected'],
    [
      'a whole configuration',
      () => ({ keysFile: fileOf('port: 7880\nrtc:\n  use_external_ip: true\n') }),
      'keys.yaml, entry 2: expected',
    ],
    ['a file without keys', () => ({ keysFile: fileOf('# none yet\nkeys:\n') }), 'keys.yaml holds no key: write'],
    [
      'no such file',
      () => ({ keysFile: join(folder, 'none.yaml') }),
      'none.yaml cannot be read (ENOENT). Give the path',
    ],
    [
      'an unset variable',
      () => ({ keys: [{ apiKey: 'APIa', apiSecret: process.env.NOT_SET! }] }),
      'Option keys[0] has no apiSecret',
    ],
    [
      'two secrets of one key',
      () => ({ env: { LIVEKIT_KEYS: 'APIa: hidden' }, keys: { APIa: 'hidden2' } }),
      'Option keys and LIVEKIT_KEYS give different secrets for APIa',
    ],
  ])('%s', (_, sources, message) => {
    expect(() => keysFrom(sources())).toThrow(expect.objectContaining({ code: 'bad_option' }));
    expect(() => keysFrom(sources())).toThrow(message);
    expect(() => keysFrom(sources())).not.toThrow(/hidden/);
  });
});

test('secrets are neither printed nor serialised', () => {
  const keys = keysFrom({ keys: both });
  for (const shown of [inspect(keys, { showHidden: true, depth: 9 }), JSON.stringify([...keys]), `${[...keys]}`])
    expect(shown).not.toContain('secret-');
});
