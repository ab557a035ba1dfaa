import { describe, expect, test } from 'vitest';
import { csvLine } from '../../src/report/csv.ts';
import { parsedCsv } from './parsedCsv.ts';

test('null is nothing, zero is 0, an empty text is one', () => {
  expect(csvLine(['a', 0, 1.5, null, false, '', 'a b'])).toBe('a,0,1.5,,false,"",a b');
});

test('what would end a cell is quoted (RFC 4180)', () => {
  const cells = ['a,b', 'a"b', 'a\nb', 'a\r\nb', '"', ',', 'Zoë 会議 🎉', ''];
  expect(csvLine(cells)).toBe('"a,b","a""b","a\nb","a\r\nb","""",",",Zoë 会議 🎉,""');
  expect(parsedCsv(`${csvLine(cells)}\r\n${csvLine(cells)}\r\n`)).toEqual([cells, cells]);
});

describe('what a spreadsheet would take for a formula is text', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+15550100', "'+15550100"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "' =1"],
    ['\t=1', "'\t'=1"],
    ['\tx', "'\tx"],
    ['\r=1', "'\r'=1"],
    ['\u0000=1', "'\u0000=1"],
    ['＝1+1', "'＝1+1"],
    // where cells end with a semicolon or a tab, and quotes within a line are none
    ['a;=1+1', "a;'=1+1"],
    ['a; =1+1', "a; '=1+1"],
    ['a\t@x', "a\t'@x"],
    ['a\n=cmd|"/c calc"!A1', `a\n'=cmd|"/c calc"!A1`],
  ])('%j', (written, shown) => {
    expect(parsedCsv(`${csvLine([written])}\r\n`)).toEqual([[shown]]);
  });

  test.each(['a=b', 'room-7', 'ana+ben', 'ana@example.com', 'a, =b', "'quoted'", '1-2', 'a;b'])(
    '%j is none, and stays',
    (text) => {
      expect(parsedCsv(`${csvLine([text])}\r\n`)).toEqual([[text]]);
    },
  );

  test('numbers are no text', () => {
    expect(csvLine([-1, 1e21])).toBe('-1,1e+21');
  });

  test('a long one takes no time', () => {
    const began = performance.now();
    for (const piece of ['\n', '\t', ' ', '; ', ';\t', '='])
      expect(csvLine([`x${piece.repeat(500_000)}x`]).length).toBeGreaterThan(500_000);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
