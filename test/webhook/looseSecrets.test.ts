import { expect, test } from 'vitest';
import { maskLoosely } from '../../src/webhook/looseSecrets.ts';

test.each([
  ['JSON that breaks off in a secret', '{"room":{"turnPassword":"half a passw', '{"room":{"turnPassword":"***'],
  ['JSON with a fault', '{"turnPassword":"hun\\"ter2","a":1,,}', '{"turnPassword":"***","a":1,,}'],
  ['JSON in a text that breaks off', '{"m":"{\\"token\\":\\"a\\\\\\"b\\",\\"c', '{"m":"{\\"token\\":\\"***\\",\\"c'],
  ['a Python dict', "{'turn_password': 'pw', 'name': 'r'}", "{'turn_password': '***', 'name': 'r'}"],
  [
    'an object as Node.js prints it',
    "{ streamKey: 'sk', credentials: { a: [ 1 ] }, b: 2 }",
    "{ streamKey: '***', credentials: ***, b: 2 }",
  ],
  ['a Map as Node.js prints it', "Map(1) { 'password' => 'pw' }", "Map(1) { 'password' => '***' }"],
  ['a form', 'a=1&password=pw&b=2', 'a=1&password=***&b=2'],
  ['headers', 'Host: h\r\nAuthorization: Bearer eyJ.a.b\r\nAccept: *', 'Host: h\r\nAuthorization: ***\r\nAccept: *'],
  ['an address', 'at https://a:b@c/?token=d', 'at https://a:***@c/?token=***'],
  ['a number', 'token: 123456', 'token: ***'],
  ['a name with escapes', '{"s\\u0065cret":"hunter2","a":"half', '{"secret":"***","a":"half'],
  [
    'a name with escapes, in a text',
    '{"m":"{\\"s\\\\u0065cret\\":\\"hunter2\\",\\"c',
    '{"m":"{\\"secret\\":\\"***\\",\\"c',
  ],
  ['a header alone', 'Bearer hunter2', 'Bearer ***'],
])('%s', (_, text, expected) => {
  expect(maskLoosely(text)).toBe(expected);
  expect(maskLoosely(expected)).toBe(expected);
});

test.each([[''], ['this is no JSON'], ['turnPassword'], ['"token"'], ['<html>\n</html>'], ['"n\\u0061me":"half']])(
  '%j stays',
  (text) => expect(maskLoosely(text)).toBe(text),
);

test('a megabyte of anything takes no longer than its length', () => {
  for (const piece of [
    'token',
    'bearer ',
    'eyJ',
    '\\u0065',
    'token \\',
    'token  ',
    'bearer a',
    'token:',
    'token:"',
    "token='",
    '\\"',
    'token:{',
    '{',
    '_',
    '://a:',
    'rtmp://a/b/',
  ]) {
    const began = performance.now();
    maskLoosely(piece.repeat(1e6 / piece.length));
    expect(performance.now() - began).toBeLessThan(2000);
  }
});
