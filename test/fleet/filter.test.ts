import { expect, test } from 'vitest';
import { type CallFilter, callFilterSchema, filterOf } from '../../src/fleet/filter.ts';
import { figures } from './someFigures.ts';

const call = figures({ tags: ['vip'], metadata: { tenant: 'acme' }, completeness: 0.9 });

test.each<[CallFilter, boolean]>([
  [{}, true],
  [{ status: ['finished'] }, true],
  [{ status: ['active', 'expired'] }, false],
  [{ room: 'support-*' }, true],
  [{ room: 'sales-*' }, false],
  [{ roomName: 'support-*' }, false],
  [{ roomName: 'support-1' }, true],
  [{ agent: 'no*' }, true],
  [{ agent: 'otto' }, false],
  [{ kind: 'AGENT' }, true],
  [{ kind: 'constructor' }, false],
  [{ endReason: ['human_hangup', 'unknown'] }, true],
  [{ endReason: ['unknown'] }, false],
  [{ tag: 'vip' }, true],
  [{ tag: 'v*' }, false],
  [{ metadata: { tenant: 'acme' } }, true],
  [{ metadata: { tenant: 'acme', tier: 'gold' } }, false],
  [{ metadata: { constructor: 'x' } }, false],
  [{ minCompleteness: 0.9 }, true],
  [{ minCompleteness: 0.91 }, false],
  [{ agent: 'nova', tag: 'none' }, false],
])('%j', (filter, expected) => {
  expect(filterOf(filter)(call)).toBe(expected);
});

test('a misspelt part is refused', () => {
  expect(callFilterSchema.safeParse({ rooms: 'x' }).success).toBe(false);
});
