/** Who is who (metrics.md rule 6). */
import { describe, expect, test } from 'vitest';
import type { Payload } from './story.ts';
import { finished, joined, left, ms, published, resolvedAt, started } from './story.ts';

const role = (identity: string, more: Payload, options = {}) => {
  const call = resolvedAt(60, [started(0), joined(2, identity, { kind: undefined, ...more })], options);
  const { kind, role } = call.people[0]!;
  return `${kind} ${role}`;
};

describe('the role', () => {
  test.each([
    ['STANDARD', 'human'],
    ['SIP', 'human'],
    ['CONNECTOR', 'human'],
    ['BRIDGE', 'human'],
    ['AGENT', 'agent'],
    ['EGRESS', 'service'],
    ['INGRESS', 'service'],
  ])('of a %s is %s, whatever its identity', (kind, expected) => {
    for (const identity of ['ana', 'agent-1', 'EG_1']) expect(role(identity, { kind })).toBe(`${kind} ${expected}`);
  });

  test.each([
    ['agent-1', {}, 'AGENT agent'],
    ['agent_1', {}, 'AGENT agent'],
    ['agentina', {}, 'STANDARD human'],
    ['EG_1', {}, 'EGRESS service'],
    ['x', { permission: { recorder: true } }, 'EGRESS service'],
    ['x', { permission: { agent: true } }, 'AGENT agent'],
    ['ana', {}, 'STANDARD human'],
  ])('of %s %j without a kind is %s', (identity, more, expected) => expect(role(identity, more)).toBe(expected));

  test('is the user’s own word, where there is one', () => {
    const classify = ({ identity }: { identity: string }) => (identity === 'bot' ? ('agent' as const) : undefined);
    expect(role('bot', { kind: 'STANDARD' }, { classify })).toBe('STANDARD agent');
    expect(role('ana', { kind: 'STANDARD' }, { classify })).toBe('STANDARD human');
  });
});

test('a track event’s participant has the kind of its join or of its leave', () => {
  const call = resolvedAt(60, [started(0), published(3, 'bot'), left(9, 'bot', { kind: 'AGENT' }), finished(30)]);
  expect(call.people).toMatchObject([{ identity: 'bot', kind: 'AGENT', role: 'agent' }]);
});

test('an identity whose kinds differ has that of its latest session that names one', () => {
  const one = joined(2, 'x', { sid: 'PA_1', kind: 'STANDARD' });
  const two = joined(9, 'x', { sid: 'PA_2', kind: 'SIP' });
  const three = joined(15, 'x', { sid: 'PA_3', kind: undefined });
  for (const story of [
    [one, two, three],
    [three, two, one],
  ])
    expect(resolvedAt(60, [started(0), ...story]).people).toMatchObject([{ kind: 'SIP' }]);
});

test('people stand in the order of their first sign, then of their identity', () => {
  const story = [started(0), joined(5, 'cem'), joined(3, 'ben'), joined(9, 'ana', { joinedAtMs: ms(3) })];
  expect(resolvedAt(60, story).people.map(({ identity }) => identity)).toEqual(['ana', 'ben', 'cem']);
});

test('hidden is who ever was', () => {
  const call = resolvedAt(60, [started(0), joined(2, 'eve', { permission: { hidden: true } })]);
  expect(call.people).toMatchObject([{ hidden: true }]);
});
