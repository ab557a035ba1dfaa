import { describe, expect, test } from 'vitest';
import {
  finished,
  gapsOf,
  joined,
  left,
  ms,
  published,
  resolved,
  resolvedAt,
  started,
  trackIn,
  unpublished,
} from './story.ts';

const within = (...tracks: ReturnType<typeof published>[]) =>
  resolved(started(0), joined(2, 'ana'), ...tracks, left(20, 'ana'), finished(40));

describe('a lost unpublication', () => {
  test('is no later than the publisher’s leave', () => {
    const call = within(published(3, 'ana'));
    expect(trackIn(call, 'TR_ana').end).toEqual({ at: 20, low: 3, high: 20, observed: false });
    expect(gapsOf(call)).toEqual(['track TR_ana track_unpublished [3, 20.999]']);
  });

  test('lies best where the next track of the same source begins', () => {
    const call = within(
      published(3, 'ana', { sid: 'TR_1' }),
      published(9, 'ana', { sid: 'TR_2' }),
      unpublished(20, 'ana', { sid: 'TR_2' }),
    );
    expect(trackIn(call, 'TR_1').end).toEqual({ at: 9, low: 3, high: 20, observed: false });
  });

  test('is none while the publisher is there', () => {
    const call = resolvedAt(60, [started(0), joined(2, 'ana'), published(3, 'ana')]);
    expect(trackIn(call, 'TR_ana')).toMatchObject({ state: 'published', open: true, end: { at: 60 } });
    expect(gapsOf(call)).toEqual([]);
  });
});

describe('a lost publication', () => {
  test('lies between the publisher’s join and the unpublication', () => {
    const call = within(unpublished(15, 'ana'));
    expect(trackIn(call, 'TR_ana').start).toMatchObject({ low: 2, high: 15, observed: false });
    expect(gapsOf(call)).toEqual(['track TR_ana track_published [2, 15.999]']);
  });

  test('lies best at the track’s version, else at the publisher’s join', () => {
    const version = { unixMicro: String(ms(7) * 1000), ticks: 0 };
    expect(trackIn(within(unpublished(15, 'ana', { version })), 'TR_ana').start).toMatchObject({
      at: 7,
      low: 2,
      high: 15,
    });
    expect(trackIn(within(unpublished(15, 'ana')), 'TR_ana').start.at).toBe(2);
  });
});

describe('a track lies within its session', () => {
  test('where it was told before its publisher’s join', () => {
    const call = resolved(
      started(0),
      published(1, 'ana'),
      joined(2, 'ana'),
      unpublished(9, 'ana'),
      left(20, 'ana'),
      finished(40),
    );
    expect(trackIn(call, 'TR_ana').start.at).toBe(2);
  });

  test('where its end was told after the leave', () => {
    const call = resolved(
      started(0),
      joined(2, 'ana'),
      published(3, 'ana'),
      left(20, 'ana'),
      unpublished(22, 'ana'),
      finished(40),
    );
    expect(trackIn(call, 'TR_ana').end).toMatchObject({ at: 20, observed: true });
  });
});

test('a track whose publisher nobody names lies within the room', () => {
  const nameless = { ...published(3, 'ana'), participant: undefined };
  const call = resolved(started(0), nameless, finished(40));
  expect(trackIn(call, 'TR_ana')).toMatchObject({ start: { at: 3 }, end: { at: 40, low: 3, high: 40 } });
});
