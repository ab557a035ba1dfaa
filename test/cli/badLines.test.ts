import { expect, test } from 'vitest';
import { BadLines } from '../../src/cli/badLines.ts';

function told(lines: Parameters<BadLines['add']>[0][]): string[] {
  const said: string[] = [];
  const badLines = new BadLines((text) => said.push(text));
  for (const line of lines) badLines.add(line);
  badLines.end();
  return said;
}

const bad = (line: number, field: string, found = 'nothing') => ({
  file: 'day.ndjson',
  line,
  reason: { field, found, expected: 'a name', roomSid: null },
});

test('a bad line is named by file and line, with what stood there and what should', () => {
  expect(told([bad(7, 'event', '17')])).toEqual(['day.ndjson:7: quarantined: event: found 17, expected a name']);
});

test('after twenty they are counted by reason', () => {
  const said = told(Array.from({ length: 50 }, (_, i) => bad(i + 1, i % 2 === 0 ? 'event' : 'room.sid')));
  expect(said.length).toBe(22);
  expect(said.slice(20)).toEqual([
    'and 15 more quarantined: event: expected a name',
    'and 15 more quarantined: room.sid: expected a name',
  ]);
});

test('long and hostile values are cut and made harmless', () => {
  const [line] = told([bad(1, 'event\u001b[2J', 'x'.repeat(1_000_000))]);
  expect(line!.length).toBeLessThan(300);
  expect(line).not.toContain('\u001b');
});

test('reasons without number are counted, not collected', () => {
  const said = told(Array.from({ length: 5000 }, (_, i) => bad(i, `field${i}`)));
  expect(said.length).toBeLessThan(100);
  expect(said.at(-1)).toMatch(/^and \d+ more quarantined: other reasons$/);
});
