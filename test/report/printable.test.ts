import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/report/printable.ts';
import { anyCharacter } from '../anyCharacter.ts';

test('what a terminal would obey is shown instead', () => {
  expect(printable('\u001b[31mred\u001b[0m')).toBe('\\u001b[31mred\\u001b[0m');
  expect(printable('a\r\nb\tc\0')).toBe('a\\u000d\\u000ab\\u0009c\\u0000');
  expect(printable('\u009b2J')).toBe('\\u009b2J');
  expect(printable('\u202eevil')).toBe('\\u202eevil');
  expect(printable('\ud83d!')).toBe('\\ud83d!');
});

test('names in any script stay as they are', () => {
  for (const name of ['Zoë', '会議室', 'مرحبا', '👩‍👩‍👧', 'e\u0301']) expect(printable(name)).toBe(name);
});

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});
