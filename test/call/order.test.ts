import { expect, test } from 'vitest';
import { rankOf } from '../../src/call/order.ts';
import { EVENT_TYPES } from '../../src/webhook/event.ts';

test('the events of one instant have the ranks in which they can only have happened', () => {
  const life = [
    'room_started',
    'agent_job_started',
    'ingress_started',
    'participant_joined',
    'track_published',
    'egress_started',
    'egress_updated',
    'track_unpublished',
    'participant_left',
    'ingress_ended',
    'egress_ended',
    'agent_job_ended',
    'room_finished',
  ];
  expect(life.toSorted((a, b) => rankOf(a) - rankOf(b))).toEqual(life);
  expect(new Set(life.map(rankOf)).size).toBe(life.length);
});

test('begins come before ends, and the room’s end last', () => {
  for (const type of EVENT_TYPES) {
    if (/_(started|joined|published)$/.test(type)) expect(rankOf(type), type).toBeLessThan(rankOf('track_unpublished'));
    expect(rankOf(type), type).toBeLessThanOrEqual(rankOf('room_finished'));
  }
});

test('an unknown type stands between begins and ends, also one named like a thing of Object’s prototype', () => {
  for (const type of ['room_renamed', '__proto__', 'constructor']) {
    expect(rankOf(type)).toBeGreaterThan(rankOf('track_published'));
    expect(rankOf(type)).toBeLessThan(rankOf('track_unpublished'));
  }
});
