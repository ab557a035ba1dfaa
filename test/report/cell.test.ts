import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { cell, cut } from '../../src/report/cell.ts';

test('wide characters take the columns that they take on a terminal', () => {
  for (const text of ['room', '会議室', '👩‍👩‍👧', 'e\u0301te\u0301'])
    expect(stringWidth(cell(text, 12, 'left'))).toBe(12);
  expect(cell('会議', 6, 'left')).toBe('会議  ');
  expect(cell('7', 3, 'right')).toBe('  7');
});

test('what is too long is cut between characters', () => {
  expect(cut('a long name', 6)).toBe('a lon…');
  expect(cut('会議会議', 6)).toBe('会議…');
  expect(cut('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  expect(cut('exact', 5)).toBe('exact');
});

test('a number is never cut', () => {
  expect(cell('123456', 3, 'right')).toBe('123456');
});

test('escapes are made harmless before they are measured', () => {
  expect(cell('\u001b[2J', 12, 'left')).toBe('\\u001b[2J   ');
});

test('a megabyte of accents on one letter costs nothing', () => {
  expect(cut('\u0301'.repeat(1_000_000), 10).length).toBeLessThan(100);
});
