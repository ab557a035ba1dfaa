import { describe, expect, test } from 'vitest';
import { RULES, type Watched } from '../../../src/server/watch/rules.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const well: Watched = {
  now: NOON,
  since: NOON - 600 * MINUTE,
  received: 1_000,
  recent: { first: NOON - 100 * MINUTE, last: NOON - 5_000, count: 1_000 },
  openRooms: 3,
  overdue: [],
  types: new Map([['participant_left', { came: 500, lost: 20 }]]),
  refused: [],
  unavailable: [],
  asking: null,
  ahead: 0,
};

test('where all is well nothing is said', () => {
  for (const rule of Object.values(RULES)) expect(rule(well)).toBeNull();
});

describe('warned is of', () => {
  test('a feed that never began, but not at once', () => {
    const never = { ...well, received: 0, recent: null };
    expect(RULES.nothing_received(never)).toMatch(/No webhook has come since 2026-01-05T02:00.*webhook\.urls/);
    expect(RULES.nothing_received({ ...never, since: NOON - MINUTE })).toBeNull();
  });

  test('a feed that stopped while calls are on', () => {
    const stopped = { ...well, recent: { first: NOON - 200 * MINUTE, last: NOON - 20 * MINUTE, count: 1_000 } };
    expect(RULES.feed_stopped(stopped)).toMatch(
      /Nothing has come since .*one webhook in 10\.8 s was usual, and 3 rooms/,
    );
    expect(RULES.feed_stopped({ ...stopped, openRooms: 0 })).toBeNull();
  });

  test('no silence that is usual here', () => {
    const rare = { ...well, recent: { first: NOON - 6000 * MINUTE, last: NOON - 20 * MINUTE, count: 100 } };
    expect(RULES.feed_stopped(rare)).toBeNull();
  });

  test('a type that others prove and that never comes', () => {
    const types = new Map([
      ['participant_left', { came: 1, lost: 30 }],
      ['track_published', { came: 2, lost: 3 }],
    ]);
    const said = RULES.type_missing({ ...well, types });
    expect(said).toMatch(/participant_left \(30 times\).*--never-sent/);
    expect(said).not.toMatch(/track_published/);
  });

  test('rooms that do not close', () => {
    const overdue = Array.from({ length: 7 }, (_, i) => ({ roomSid: `RM_${i}`, since: NOON - MINUTE }));
    expect(RULES.rooms_overdue({ ...well, overdue })).toMatch(
      /^7 rooms .*RM_0 \(since 2026-01-05T11:59.*RM_4.*, …\. --reconcile/,
    );
  });

  test('refusals with nothing authentic since', () => {
    const refused = [{ check: 'signature', key: 'APIx', count: 5 }];
    expect(RULES.forgeries({ ...well, refused })).toMatch(
      /5 requests .* 5 for signature \(key APIx\).*add the new one/,
    );
    expect(RULES.forgeries({ ...well, refused: [{ ...refused[0]!, count: 4 }] })).toBeNull();
  });

  test('refusals for the clocks, with the fix for these', () => {
    const refused = [{ check: 'not_yet_valid', key: 'APIx', count: 5 }];
    expect(RULES.forgeries({ ...well, refused })).toMatch(/5 for not_yet_valid \(key APIx\)\. If .* NTP\.$/);
    const both = [...refused, { check: 'unknown_key', key: 'other', count: 1 }];
    expect(RULES.forgeries({ ...well, refused: both })).toMatch(/NTP\. .* add the new one/);
  });

  test('503s with nothing taken since', () => {
    const unavailable = [
      { code: 'store_failed', count: 8 },
      { code: 'incomplete-body', count: 2 },
    ];
    expect(RULES.unavailable({ ...well, unavailable })).toBe(
      '10 webhooks were answered with 503 and none was taken since: 8 for store_failed, 2 for incomplete-body. LiveKit drops an event after five attempts. /readyz and the log say what is wrong and what to do.',
    );
    expect(RULES.unavailable({ ...well, unavailable: [{ code: 'busy', count: 10 }] })).toMatch(
      /attempts\. The log says/,
    );
    expect(RULES.unavailable({ ...well, unavailable: unavailable.slice(0, 1) })).toBeNull();
  });

  test('questions to LiveKit that fail again and again', () => {
    const asking = { rounds: 3, since: NOON - 2 * MINUTE };
    expect(RULES.asking_fails({ ...well, asking })).toMatch(
      /^LiveKit could not be asked about rooms 3 times in a row, since 2026-01-05T11:58.*Check the address given to --reconcile/,
    );
    expect(RULES.asking_fails({ ...well, asking: { ...asking, rounds: 2 } })).toBeNull();
  });

  test('a clock that is behind', () => {
    expect(RULES.clock_ahead({ ...well, ahead: 300_000 })).toMatch(/300\.0 s ahead.*NTP/);
  });
});
