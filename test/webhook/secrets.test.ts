import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/webhook/decode.ts';
import { maskNamed, maskSecrets } from '../../src/webhook/secrets.ts';
import { egress, joined, type Payload, started } from '../call/story.ts';

const S3 = { accessKey: 'AKIA1', secret: 's3cret', sessionToken: 'tok', region: 'eu', bucket: 'b' };
const masked = (payload: unknown) => JSON.parse(maskSecrets(JSON.stringify(payload)));

describe('masked are', () => {
  test.each([
    ['a room’s TURN password', { room: { turnPassword: 'pw' } }, { room: { turnPassword: '***' } }],
    ['an ingress’ stream key', { ingressInfo: { streamKey: 'sk' } }, { ingressInfo: { streamKey: '***' } }],
    ['both in snake_case', { turn_password: 'a', stream_key: 'b' }, { turn_password: '***', stream_key: '***' }],
    ['both in other cases', { TURN_PASSWORD: 'a', StreamKey: 'b' }, { TURN_PASSWORD: '***', StreamKey: '***' }],
    ['S3 keys', { s3: S3 }, { s3: { ...S3, accessKey: '***', secret: '***', sessionToken: '***' } }],
    ['GCP credentials', { gcp: { credentials: '{"private_key":"x"}' } }, { gcp: { credentials: '***' } }],
    [
      'an Azure key',
      { azure: { accountName: 'n', accountKey: 'k' } },
      { azure: { accountName: 'n', accountKey: '***' } },
    ],
    ['a proxy’s password', { proxy: { username: 'u', password: 'p' } }, { proxy: { username: 'u', password: '***' } }],
    [
      'a webhook’s signing key',
      { webhooks: [{ url: 'u', signingKey: 'k' }] },
      { webhooks: [{ url: 'u', signingKey: '***' }] },
    ],
    [
      'a header of a request',
      { headers: { Authorization: 'eyJ', accept: '*' } },
      { headers: { Authorization: '***', accept: '*' } },
    ],
  ])('%s', (_, payload, expected) => {
    expect(masked(payload)).toEqual(expected);
  });

  test.each([[12345], [-1.5e300], [['a', 'b"]']], [{ a: { b: '}' }, c: ['"', '\\'] }], [[]], [{}]])(
    'a secret that is no text: %j',
    (secret) => {
      expect(masked({ turnPassword: secret, streamKey: secret, name: 'r' })).toEqual({
        turnPassword: '***',
        streamKey: '***',
        name: 'r',
      });
    },
  );

  test('a secret with escaped quotes and backslashes, to its very end', () => {
    for (const turnPassword of ['a"b', '"', '\\', '\\"', 'a\\\\"b\\', '{"x":"y"}', 'line\nbreak', '😀\u0000', 'a//b'])
      expect(maskSecrets(JSON.stringify({ turnPassword, name: 'r' }))).toBe('{"turnPassword":"***","name":"r"}');
  });

  test('every one of several', () => {
    const text = JSON.stringify([{ streamKey: '1' }, { streamKey: '2', turnPassword: '3' }]);
    expect(maskSecrets(text)).not.toMatch(/[123]/);
  });

  test('one between which and its name stands white space', () => {
    expect(maskSecrets('{ "streamKey" :\n\t"sk" }')).toBe('{ "streamKey" :\n\t"***" }');
  });

  test('one whose name is written with escapes', () => {
    expect(maskSecrets('{"turnPassw\\u006frd" : "pw","\\u0073tream\\u005fkey":7,"a\\u0062":"\\u0063"}')).toBe(
      '{"turnPassword" : "***","stream_key":"***","a\\u0062":"\\u0063"}',
    );
  });
});

describe('masked are secrets within a text', () => {
  test('that is JSON, at any depth', () => {
    let within: unknown = { password: 'hunter2', list: [{ streamKey: 5 }], name: 'r' };
    let expected: unknown = { password: '***', list: [{ streamKey: '***' }], name: 'r' };
    for (let depth = 0; depth < 6; depth++) {
      within = { metadata: JSON.stringify(within), depth };
      expected = { metadata: JSON.stringify(expected), depth };
      expect(masked(within)).toEqual(expected);
    }
  });

  test('that is JSON with all its quotes as escapes', () => {
    const metadata = '{\\u0022passw\\u006frd\\u0022:\\u0022hunter2\\u0022}';
    expect(maskSecrets(`{"metadata":"${metadata}"}`)).toBe('{"metadata":"{\\"password\\":\\"***\\"}"}');
  });

  test('that would be JSON, but for its end', () => {
    expect(masked({ metadata: '{"password":"hunter2","name":"half' })).toEqual({
      metadata: '{"password":"***","name":"half',
    });
  });

  test.each([
    ['a password', 'see https://ana:hunter2@host/x', 'see https://ana:***@host/x'],
    [
      'a signature',
      'https://b.s3.eu/f.mp4?X-Amz-Date=1&X-Amz-Signature=hunter2#t',
      'https://b.s3.eu/f.mp4?X-Amz-Date=1&X-Amz-Signature=***#t',
    ],
    ['a token', 'wss://h/rtc?access_token=hunter2&a=1', 'wss://h/rtc?access_token=***&a=1'],
    ['a stream key', 'rtmps://live.example.com:443/app/hunter2?x=1', 'rtmps://live.example.com:443/app/***'],
    ['a stream key in LiveKit’s short form', 'mux://hunter2', 'mux://***'],
  ])('that is an address with %s', (_, url, expected) => {
    const info = (address: string) => ({ roomComposite: { stream: { urls: [address] } }, name: 'r' });
    expect(masked(info(url))).toEqual(info(expected));
    const slashed = JSON.stringify(info(url)).replaceAll('/', '\\/');
    expect(JSON.parse(maskSecrets(slashed))).toEqual(info(expected));
  });
});

describe('byte for byte as it came stays', () => {
  test.each([
    ['a text without secrets', '{ "event" : "room_started",\r\n "n":1.50e3, "u":"\\u00e9" }'],
    ['no secret under its name', '{"turnPassword":"","streamKey":null,"password":false}'],
    ['a name that only resembles one', '{"turnPasswordHint":"x","mySecret":"y","secrets":"z"}'],
    ['a secret’s name as a value', '{"metadata":"password","x":"streamKey","y":["token"]}'],
    ['JSON within a text', JSON.stringify({ metadata: '{ "a" : "\\u0062", "c":1.0 }' })],
    ['an address without a secret', '{"url":"https:\\/\\/ana@host:80/a/b?c=d","rtmp":"rtmp://host/live"}'],
    ['a text about secrets', '{"note":"my \\"password\\" is // secret"}'],
    ['nothing', ''],
  ])('%s', (_, text) => expect(maskSecrets(text)).toBe(text));

  test('all around a secret', () => {
    const text = '{"a":"\\"b\\\\", "streamKey":"KEY","c" : [ 1 ,2 ],"streamKey2":"kept"}';
    expect(maskSecrets(text)).toBe(text.replace('KEY', '***'));
  });
});

describe('whatever the JSON', () => {
  // none that begins with a backslash: V8 of Node.js 26 takes other keys with an escape for it afterwards
  const name = fc.constantFrom('turnPassword', 'stream_key', 'a', 'b"', '__proto__', 'token');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\\', '"', '\\"', '{', 'a "token":"x"', '\\u0022'),
  );
  const { tree } = fc.letrec<{ tree: unknown; nested: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
      tie('nested'),
    ),
    nested: tie('tree').map((tree) => JSON.stringify({ tree })),
  }));

  /** The same, by the way of parsing all and writing it anew. */
  function rewritten(value: unknown): unknown {
    if (typeof value === 'string') return value.startsWith('{"tree"') ? written(JSON.parse(value)) : value;
    if (Array.isArray(value)) return value.map(rewritten);
    if (typeof value !== 'object' || value === null) return value;
    const kept = (key: string, inner: unknown) =>
      /^(?:turnPassword|stream_key|token)$/.test(key) && ![null, true, false, ''].includes(inner as null);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, kept(key, inner) ? '***' : rewritten(inner)]),
    );
  }
  const written = (value: unknown) => JSON.stringify(rewritten(value));
  /** Some of a text's letters, or all, as escapes. */
  const escaped = (json: string, every: number) =>
    json.replace(/\\u.{4}|\\.|[^\\]/gs, (letter, at: number) =>
      /^[a-z]$/i.test(letter) && insideText(json, at) && at % every === 0
        ? `\\u00${letter.charCodeAt(0).toString(16)}`
        : letter,
    );
  const insideText = (json: string, at: number) =>
    (json.slice(0, at).replace(/\\./gs, '').match(/"/g)?.length ?? 0) % 2 === 1;

  test('it stays JSON that says the same, but for its secrets, however it is written', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 5 }), fc.nat(2), (tree, every, indent) => {
        const json = JSON.stringify({ tree }, null, indent);
        const expected = JSON.parse(written({ tree: JSON.parse(JSON.stringify(tree)) }));
        expect(JSON.parse(maskSecrets(json))).toEqual(expected);
        expect(JSON.parse(maskSecrets(escaped(json, every)))).toEqual(expected);
        expect(maskSecrets(maskSecrets(json))).toBe(maskSecrets(json));
      }),
      { numRuns: 300 },
    );
  });
});

describe('no name that is masked is decoded', () => {
  const events: Payload[] = [started(0), joined(1, 'ana'), egress('ended', 5, { fileResults: [{ location: 'f' }] })];
  test.each(events.map((event) => [event.event, event]))('%s', (_, event) => {
    const room = { ...(event.room as object), turnPassword: 'pw' };
    const leaky = { ...event, room, token: 5, credentials: { room: 1 } };
    expect(decode(JSON.parse(maskNamed(JSON.stringify(leaky))))).toEqual(decode(leaky));
  });
});

test('a masked text masked again stays as it is', () => {
  const text = maskSecrets('{"turnPassword":"pw","x":"https://a:b@c/?token=d","m":"{\\"token\\":\\"t\\"}"}');
  expect(maskSecrets(text)).toBe(text);
});

test('a secret as long as the longest payload is masked', () => {
  for (const secret of ['x'.repeat(2e7), '\\"'.repeat(1e7)])
    expect(maskSecrets(`{"turnPassword":"${secret}"}`)).toBe('{"turnPassword":"***"}');
});

test('a megabyte of names, quotes, backslashes or addresses takes no longer than its length', () => {
  const pieces = ['token', '"token":', '\\"token\\":', '"', '\\', '//', '://a:', 'rtmp://', '?key=', '{', '[{"'];
  for (const piece of pieces) {
    const json = JSON.stringify({ metadata: piece.repeat(1e6 / piece.length), turnPassword: [piece.repeat(1e5)] });
    const began = performance.now();
    expect(JSON.parse(maskSecrets(json))).toHaveProperty('turnPassword', '***');
    expect(performance.now() - began).toBeLessThan(2000);
  }
});
