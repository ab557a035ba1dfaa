import { expect, test } from 'vitest';
import { outline } from '../../src/report/outline.ts';

test('a key a line, lists below their key, nothing as a dash', () => {
  expect(outline({ at: 'now', who: [{ id: 'ana', since: null }, { id: 'ben' }], none: [], limits: [0, 3] })).toEqual([
    'at      now',
    'who',
    '  - id     ana',
    '    since  -',
    '  - id  ben',
    'none    none',
    'limits  0, 3',
  ]);
});

test('keys and values cannot command the terminal', () => {
  expect(outline({ '\u001bk': '\u001b[2J' }).join()).not.toContain('\u001b');
});
