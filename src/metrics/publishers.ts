/** Who published, and what. */
import { z } from 'zod';
import { SOURCES, type Source, type Track } from '../call/resolved.ts';
import { lengthOf, union } from './intervals.ts';
import { growing, number, numberSchema, value } from './metric.ts';
import { round, seconds } from './round.ts';
import type { Actor, Scene, View } from './scene.ts';

const TRACK_EVENTS = ['track_published', 'track_unpublished'] as const;
const trackSpans = (scene: Scene) => scene.resolved.tracks.map(({ span }) => span);

interface Published {
  source: Source;
  tracks: number;
  publishers: Actor[];
  /** Each stands for itself: its publisher is not known. */
  orphans: Track[];
}

/** Hidden people are in no count. */
const visible = ({ everybody }: Scene) => everybody.filter(({ hidden }) => !hidden);
const isCounted = ({ session }: Track) => session === null || !session.person.hidden;

/** Tracks of everybody by source. */
function bySource(scene: Scene): Published[] {
  const found = new Map<Source, Published>();
  const of = (source: Source): Published => {
    let published = found.get(source);
    if (published === undefined) {
      published = { source, tracks: 0, publishers: [], orphans: [] };
      found.set(source, published);
    }
    published.tracks++;
    return published;
  };
  for (const actor of visible(scene))
    for (const { source } of actor.tracks) {
      const { publishers } = of(source);
      if (publishers.at(-1) !== actor) publishers.push(actor);
    }
  for (const track of scene.resolved.tracks) if (track.session === null) of(track.source).orphans.push(track);
  return SOURCES.map((source) => found.get(source)).filter((published) => published !== undefined);
}

/** Merged per identity. */
function upMs({ source, publishers, orphans }: Published, view: View): number {
  let ms = 0;
  for (const actor of publishers) ms += lengthOf(view.source(actor, source));
  return ms + lengthOf(union(orphans.map(({ span }) => view.span(span))));
}

export const PUBLISHER_METRICS = [
  number({
    path: 'publishers.unique',
    unit: 'n',
    formula: 'People that published at least one track.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'our own definition',
    of: ({ people }) => people.filter(({ tracks }) => tracks.length > 0).length,
    spans: trackSpans,
  }),
  growing({
    path: 'publishers.peak',
    unit: 'n',
    formula: 'Most people publishing at one instant.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'our own definition',
    of: ({ publishing }) => publishing.peak,
    spans: trackSpans,
  }),
  number({
    path: 'publishers.average',
    unit: 'mean',
    formula: 'publisherSeconds / callDuration: people publishing at an average instant of the call.',
    nullWhen: 'nobody came, or all for no time',
    needs: [...TRACK_EVENTS, 'participant_joined', 'participant_left'],
    source: 'our own definition',
    applies: (scene) => scene.people.length > 0,
    of: ({ point }) => (point.callLength > 0 ? point.publishing.ms / point.callLength : null),
    range: (_, core, hull) => {
      const most = hull.callLength;
      const least = core.callLength;
      return [
        most > 0 && most !== Number.POSITIVE_INFINITY ? core.publishing.ms / most : 0,
        // never more on average than at the peak
        Math.min(hull.publishing.peak, least > 0 ? hull.publishing.ms / least : Number.POSITIVE_INFINITY),
      ];
    },
    spans: trackSpans,
  }),
  growing({
    path: 'publishers.publisherSeconds',
    unit: 's',
    formula: 'Sum over people of the time with at least one track up.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'our own definition',
    of: ({ publishing }) => seconds(publishing.ms),
    spans: trackSpans,
  }),
  number({
    path: 'tracks.total',
    unit: 'n',
    formula: 'Tracks of everybody but hidden people.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'our own definition',
    of: ({ resolved }) => resolved.tracks.filter(isCounted).length,
    spans: trackSpans,
  }),
  value({
    path: 'tracks.bySource',
    unit: 'map',
    formula: 'By source, those seen: tracks, publishers, and seconds, merged per identity.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'LiveKit (TrackSource)',
    schema: z.partialRecord(
      z.enum(SOURCES),
      z.object({ tracks: numberSchema('n'), publishers: numberSchema('n'), seconds: numberSchema('s') }),
    ),
    compute: (scene) =>
      Object.fromEntries(
        bySource(scene).map((published) => [
          published.source,
          {
            tracks: published.tracks,
            publishers: published.publishers.length,
            seconds: round(seconds(upMs(published, scene.point)), 's'),
          },
        ]),
      ),
    *bounds(scene, core, hull) {
      for (const published of bySource(scene))
        yield {
          path: `tracks.bySource.${published.source}.seconds`,
          unit: 's',
          value: seconds(upMs(published, scene.point)),
          low: seconds(upMs(published, core)),
          high: seconds(upMs(published, hull)),
        };
    },
    spans: trackSpans,
  }),
] as const;
