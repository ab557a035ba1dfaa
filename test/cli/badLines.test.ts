import { expect, test } from 'vitest';
import { BadLines } from '../../src/cli/badLines.ts';

function told(lines: Parameters<BadLines['add']>[0][]): string[] {
  const said: string[] = [];
  const badLines = new BadLines((text) => said.push(text));
  for (const line of lines) badLines.add(line);
  badLines.end();
  return said;
}

const bad = (line: number, field: string, found = 'nothing', file = 'day.ndjson') => ({
  file,
  line,
  reason: { field, found, expected: 'a name', roomSid: null },
});

test('a bad line is named by file and line, with what stood there and what should', () => {
  expect(told([bad(7, 'event', '17')])).toEqual(['day.ndjson:7: quarantined: event: found 17, expected a name']);
});

test('after ten of a file they are counted by reason, at its end', () => {
  const said = told([
    ...Array.from({ length: 50 }, (_, i) => bad(i + 1, i % 5 === 0 ? 'room.sid' : 'event')),
    bad(1, 'event', '17', 'next.ndjson'),
  ]);
  expect(said.slice(10)).toEqual([
    'day.ndjson: and 40 more quarantined: 32 x event: expected a name; 8 x room.sid: expected a name',
    'next.ndjson:1: quarantined: event: found 17, expected a name',
  ]);
});

test('of many files with bad lines the last ones are counted together', () => {
  const said = told(
    Array.from({ length: 1000 }, (_, i) => bad(i % 20, 'event', 'nothing', `${Math.floor(i / 20)}.ndjson`)),
  );
  expect(said.length).toBeLessThan(130);
  // ten files of eleven lines each
  expect(said.at(-1)).toBe('and 800 more quarantined in other files');
});

test('long and hostile values are cut and made harmless', () => {
  const [line] = told([bad(1, 'event\u001b[2J', 'x'.repeat(1_000_000))]);
  expect(line!.length).toBeLessThan(300);
  expect(line).not.toContain('\u001b');
});

test('reasons without number are counted, not collected', () => {
  const said = told(Array.from({ length: 5000 }, (_, i) => bad(i, `field${i}`)));
  expect(said).toHaveLength(11);
  expect(said.at(-1)).toMatch(/^day\.ndjson: and 4990 more quarantined: 4940 x other reasons; .*…$/);
});
