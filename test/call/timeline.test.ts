import { expect, test } from 'vitest';
import { timelineOf } from '../../src/call/timeline.ts';
import { joined, resolvedAt, started } from './story.ts';

test('a timeline masks the numbers in telephones’ names, and in no others', () => {
  const phone = joined(1, 'sip_1', { kind: 'SIP', name: 'Phone +15550100001' });
  const resolved = resolvedAt(9, [started(0), phone, joined(2, 'ana', { name: 'Ana 15550100001' })]);
  const names = (phoneNumbers: 'masked' | 'plain') => timelineOf(resolved, phoneNumbers).people.map(({ name }) => name);
  expect(names('masked')).toEqual(['Phone +*********01', 'Ana 15550100001']);
  expect(names('plain')).toEqual(['Phone +15550100001', 'Ana 15550100001']);
});
