import { describe, expect, test } from 'vitest';
import { egress, joined, ms, published, started, understood } from '../call/story.ts';

const S = 1_767_603_600;

describe('an instant’s unit is told by its size', () => {
  test.each([
    ['s', S, S * 1000],
    ['ms', S * 1e3 + 123, S * 1000 + 123],
    ['µs', S * 1e6 + 123_456, S * 1000 + 123],
    ['ns', `${S}123456789`, S * 1000 + 123],
  ])('%s', (unit, createdAt, expected) => {
    const grain = unit === 's' ? 1000 : 1;
    expect(understood({ ...started(), createdAt }).at).toEqual({ ms: expected, grain });
  });

  test('seconds with a fraction have a finer grain', () => {
    expect(understood({ ...started(), createdAt: S + 0.25 }).at).toEqual({ ms: S * 1000 + 250, grain: 1 });
  });

  test('also where LiveKit would write nanoseconds', () => {
    expect(understood(egress('ended', 5, { startedAt: S, endedAt: S * 1000 + 5 })).egress).toMatchObject({
      startedAt: S * 1000,
      endedAt: S * 1000 + 5,
    });
  });
});

describe('the finest clock of the payload wins', () => {
  test('joinedAtMs over joinedAt, creationTimeMs over creationTime', () => {
    const { participant } = understood(joined(5, 'ana', { joinedAt: String(S + 4), joinedAtMs: `${S + 4}321` }));
    expect(participant!.joinedAt).toEqual({ ms: ms(4.321), grain: 1 });
    const room = { sid: 'RM_1', creationTime: String(S), creationTimeMs: `${S}321` };
    expect(understood({ ...started(), room }).room.createdAt).toEqual({ ms: ms(0.321), grain: 1 });
  });

  test('an instant that cannot be read is as good as absent', () => {
    const { participant } = understood(joined(5, 'ana', { joinedAt: String(S + 4), joinedAtMs: 'soon' }));
    expect(participant!.joinedAt).toEqual({ ms: ms(4), grain: 1000 });
  });
});

describe('without createdAt the payload’s own instant stands in', () => {
  const bare = ({ createdAt: _, ...payload }: { [key: string]: unknown }) => payload;

  test('of a room, of a participant, of an egress, of a track', () => {
    expect(understood(bare(started())).at).toEqual({ ms: ms(0), grain: 1000 });
    expect(understood(bare(joined(5, 'ana', { joinedAt: String(S + 4) }))).at).toEqual({ ms: ms(4), grain: 1000 });
    expect(understood(bare(egress('ended', 5, { updatedAt: ms(7) }))).at).toEqual({ ms: ms(7), grain: 1 });
    const version = { unixMicro: String(ms(3) * 1000), ticks: 1 };
    expect(understood(bare(published(5, 'ana', { version }))).at).toEqual({ ms: ms(3), grain: 1 });
  });
});

describe('a payload instant that lies in its event’s future', () => {
  test('by more than a minute is not believed, and said so', () => {
    const event = understood(joined(5, 'ana', { joinedAt: String(S + 66) }));
    expect(event.participant).not.toHaveProperty('joinedAt');
    expect(event.doubts).toEqual([
      { field: 'participant.joinedAt', why: expect.stringContaining(new Date(ms(66)).toISOString()) },
    ]);
  });

  test('by a minute is believed', () => {
    const event = understood(joined(5, 'ana', { joinedAt: String(S + 65) }));
    expect(event.participant!.joinedAt!.ms).toBe(ms(65));
    expect(event).not.toHaveProperty('doubts');
  });

  test('is looked for in rooms, tracks, egresses, ingresses and jobs too', () => {
    const ahead = String(ms(500));
    const doubtsOf = (payload: unknown) => (understood(payload).doubts ?? []).map(({ field }) => field);
    expect(doubtsOf({ ...started(), room: { sid: 'RM_1', creationTime: ahead } })).toEqual(['room.creationTime']);
    expect(doubtsOf(published(5, 'ana', { version: { unixMicro: ahead } }))).toEqual(['track.version']);
    expect(doubtsOf(egress('ended', 5, { startedAt: ahead, fileResults: [{ endedAt: ahead }] }))).toEqual([
      'egressInfo.startedAt',
      'egressInfo.resultEndedAt',
    ]);
  });
});
