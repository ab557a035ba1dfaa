import { describe, expect, test } from 'vitest';
import { countOutOfOrder, inCausalOrder, rankOf } from '../../src/call/order.ts';
import { EVENT_TYPES } from '../../src/webhook/event.ts';
import {
  aborted,
  egress,
  finished,
  ingress,
  job,
  joined,
  left,
  type Payload,
  published,
  started,
  understood,
  unpublished,
} from './story.ts';

/** A whole life in one second of a coarse clock. */
const ONE_SECOND: Payload[] = [
  started(0),
  job('started', 0),
  ingress('started', 0),
  joined(0, 'ana'),
  published(0, 'ana'),
  egress('started', 0),
  egress('updated', 0, { status: 'EGRESS_ACTIVE' }),
  unpublished(0, 'ana'),
  left(0, 'ana'),
  ingress('ended', 0),
  egress('ended', 0),
  job('ended', 0),
  finished(0),
];
const ordered = (story: readonly Payload[]) => story.map(understood).sort(inCausalOrder);

test('events of one instant stand in the order in which they can only have happened', () => {
  const types = ONE_SECOND.map(({ event }) => event);
  for (let turn = 0; turn < ONE_SECOND.length; turn++) {
    const turned = [...ONE_SECOND.slice(turn), ...ONE_SECOND.slice(0, turn)];
    expect(ordered(turned).map(({ type }) => type)).toEqual(types);
    expect(ordered(turned.toReversed()).map(({ type }) => type)).toEqual(types);
  }
});

test('an earlier instant comes first, whatever its kind', () => {
  expect(ordered([started(1), finished(0), left(0.5, 'ana')]).map(({ type }) => type)).toEqual([
    'participant_left',
    'room_finished',
    'room_started',
  ]);
});

test('of two of one kind and instant the same is first in whichever order they arrive', () => {
  const two = [joined(3, 'ben'), joined(3, 'ana')];
  expect(ordered(two)).toEqual(ordered(two.toReversed()));
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

describe('out of order are counted', () => {
  const count = (...story: Payload[]) => countOutOfOrder(story.map(understood));

  test('none where all came as they happened', () => expect(count(...ONE_SECOND)).toBe(0));

  test('those that sort before one that had arrived', () => {
    expect(count(started(0), left(9, 'ana'), joined(2, 'ana'), finished(30))).toBe(1);
    expect(count(finished(30), started(0), joined(2, 'ana'))).toBe(2);
  });

  test('an aborted try and a leave of one instant are not told apart by arrival', () => {
    expect(ordered([aborted(5, 'ben'), left(5, 'ana')])).toEqual(ordered([left(5, 'ana'), aborted(5, 'ben')]));
  });
});
