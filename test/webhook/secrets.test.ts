import { describe, expect, test } from 'vitest';
import { maskSecrets } from '../../src/webhook/secrets.ts';

const S3 = { accessKey: 'AKIA1', secret: 's3cret', sessionToken: 'tok', region: 'eu', bucket: 'b' };

describe('masked are', () => {
  test.each([
    ['a room’s TURN password', { room: { turnPassword: 'pw' } }, { room: { turnPassword: '***' } }],
    ['an ingress’ stream key', { ingressInfo: { streamKey: 'sk' } }, { ingressInfo: { streamKey: '***' } }],
    ['both in snake_case', { turn_password: 'a', stream_key: 'b' }, { turn_password: '***', stream_key: '***' }],
    ['S3 keys', { s3: S3 }, { s3: { ...S3, accessKey: '***', secret: '***', sessionToken: '***' } }],
    ['GCP credentials', { gcp: { credentials: '{"private_key":"x"}' } }, { gcp: { credentials: '***' } }],
    [
      'an Azure key',
      { azure: { accountName: 'n', accountKey: 'k' } },
      { azure: { accountName: 'n', accountKey: '***' } },
    ],
    ['a proxy’s password', { proxy: { username: 'u', password: 'p' } }, { proxy: { username: 'u', password: '***' } }],
  ])('%s', (_, payload, expected) => {
    expect(JSON.parse(maskSecrets(JSON.stringify(payload)))).toEqual(expected);
  });

  test('a secret with escaped quotes and backslashes, to its very end', () => {
    for (const turnPassword of ['a"b', '"', '\\', '\\"', 'a\\\\"b\\', '{"x":"y"}', 'line\nbreak', '😀\u0000'])
      expect(maskSecrets(JSON.stringify({ turnPassword, name: 'r' }))).toBe('{"turnPassword":"***","name":"r"}');
  });

  test('every one of several', () => {
    const text = JSON.stringify([{ streamKey: '1' }, { streamKey: '2', turnPassword: '3' }]);
    expect(maskSecrets(text)).not.toMatch(/[123]/);
  });

  test('one between which and its name stands white space', () => {
    expect(maskSecrets('{ "streamKey" :\n\t"sk" }')).toBe('{ "streamKey" :\n\t"***" }');
  });
});

describe('byte for byte as it came stays', () => {
  test.each([
    ['a text without secrets', '{ "event" : "room_started",\r\n "n":1.50e3, "u":"\\u00e9" }'],
    ['an empty secret', '{"turnPassword":"","streamKey":null}'],
    ['a name that only resembles one', '{"turnPasswordHint":"x","mySecret":"y","secrets":"z"}'],
    ['a secret’s name as a value', '{"metadata":"password","x":"streamKey"}'],
    [
      'JSON within a user’s text',
      JSON.stringify({ metadata: JSON.stringify({ password: 'hunter2', streamKey: 'x' }) }),
    ],
    ['what is no JSON', 'turnPassword = pw; "streamKey'],
    ['nothing', ''],
  ])('%s', (_, text) => expect(maskSecrets(text)).toBe(text));

  test('all around a secret', () => {
    const text = '{"a":"\\"b\\\\", "streamKey":"KEY","c" : [ 1 ,2 ],"streamKey2":"kept"}';
    expect(maskSecrets(text)).toBe(text.replace('KEY', '***'));
  });
});

test('a masked text masked again stays as it is', () => {
  const masked = maskSecrets('{"turnPassword":"pw"}');
  expect(maskSecrets(masked)).toBe(masked);
});

test('a secret as long as the longest payload is masked', () => {
  for (const secret of ['x'.repeat(2e7), '\\"'.repeat(1e7)])
    expect(maskSecrets(`{"turnPassword":"${secret}"}`)).toBe('{"turnPassword":"***"}');
});

test('a secret that a cut payload breaks off in is masked as well', () => {
  expect(maskSecrets('{"room":{"turnPassword":"half a passw')).toBe('{"room":{"turnPassword":"***');
});
