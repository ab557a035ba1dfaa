import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from '../src/glob.ts';

test.each([
  ['support-*', 'support-1', true],
  ['support-*', 'sales-1', false],
  ['*-1', 'support-1', true],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*bc*c', 'abc', false],
  ['a.c', 'abc', false],
  ['ab', 'abc', false],
])('%s of %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test('is what a RegExp of it would be', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 7 });
  fc.assert(
    fc.property(word, word, (pattern, text) => {
      const regexp = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')}$`, 's');
      expect(matchesGlob(pattern, text)).toBe(regexp.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('takes no longer for a pattern of many stars', () => {
  expect(matchesGlob(`${'*a'.repeat(5_000)}*b`, 'a'.repeat(20_000))).toBe(false);
});
