/** Who published, and what. */
import { z } from 'zod';
import type { Source } from '../call/resolved.ts';
import { lengthOf, peak, union } from './intervals.ts';
import { growing, number, numberSchema, value } from './metric.ts';
import { round, seconds } from './round.ts';
import type { Actor, Scene, View } from './scene.ts';

const TRACK_EVENTS = ['track_published', 'track_unpublished'] as const;
const trackSpans = (scene: Scene) => scene.resolved.tracks.map(({ span }) => span);
const publisherMs = (view: View) => view.published.reduce((sum, up) => sum + lengthOf(up), 0);

/** Tracks of everybody by source, merged per identity; a track without a known publisher stands for itself. */
function bySource(scene: Scene): Map<Source, { tracks: number; publishers: number; ms: (view: View) => number }> {
  const sources = new Map<Source, { tracks: number; publishers: Set<Actor>; orphans: Scene['resolved']['tracks'] }>();
  const entry = (source: Source) => {
    const found = sources.get(source) ?? { tracks: 0, publishers: new Set(), orphans: [] };
    sources.set(source, found);
    return found;
  };
  for (const actor of scene.everybody)
    for (const { source } of actor.tracks) {
      entry(source).tracks++;
      entry(source).publishers.add(actor);
    }
  for (const track of scene.resolved.tracks)
    if (track.session === null) {
      entry(track.source).tracks++;
      entry(track.source).orphans.push(track);
    }
  const order: Source[] = ['microphone', 'camera', 'screenShare', 'screenShareAudio', 'unknown'];
  return new Map(
    order.flatMap((source) => {
      const found = sources.get(source);
      if (!found) return [];
      const ms = (view: View) =>
        [...found.publishers].reduce((sum, actor) => sum + lengthOf(view.source(actor, source)), 0) +
        lengthOf(union(found.orphans.map(({ span }) => view.span(span))));
      return [[source, { tracks: found.tracks, publishers: found.publishers.size, ms }] as const];
    }),
  );
}

export const PUBLISHER_METRICS = [
  number({
    path: 'publishers.unique',
    unit: 'n',
    formula: 'People that published at least one track.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'metrics.md',
    of: ({ people }) => people.filter(({ tracks }) => tracks.length > 0).length,
    spans: trackSpans,
  }),
  growing({
    path: 'publishers.peak',
    unit: 'n',
    formula: 'Most people publishing at one instant.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'metrics.md',
    of: (view) => peak(view.published),
    spans: trackSpans,
  }),
  number({
    path: 'publishers.average',
    unit: 'mean',
    formula: 'publisherSeconds / callDuration: people publishing at an average instant of the call.',
    nullWhen: 'nobody came, or all for no time',
    needs: [...TRACK_EVENTS, 'participant_joined', 'participant_left'],
    source: 'metrics.md',
    applies: (scene) => scene.people.length > 0,
    of: ({ point }) => (point.callLength > 0 ? publisherMs(point) / point.callLength : null),
    range: (_, core, hull) => {
      const most = hull.callLength;
      const least = core.callLength;
      return [
        most > 0 && most !== Number.POSITIVE_INFINITY ? publisherMs(core) / most : 0,
        // never more on average than at the peak
        Math.min(peak(hull.published), least > 0 ? publisherMs(hull) / least : Number.POSITIVE_INFINITY),
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
    source: 'metrics.md',
    of: (view) => seconds(publisherMs(view)),
    spans: trackSpans,
  }),
  number({
    path: 'tracks.total',
    unit: 'n',
    formula: 'Tracks of everybody.',
    nullWhen: 'never',
    needs: TRACK_EVENTS,
    source: 'metrics.md',
    of: ({ resolved }) => resolved.tracks.length,
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
      z.enum(['microphone', 'camera', 'screenShare', 'screenShareAudio', 'unknown']),
      z.object({ tracks: numberSchema('n'), publishers: numberSchema('n'), seconds: numberSchema('s') }),
    ),
    compute: (scene) =>
      Object.fromEntries(
        [...bySource(scene)].map(([source, { tracks, publishers, ms }]) => [
          source,
          { tracks, publishers, seconds: round(seconds(ms(scene.point)), 's') },
        ]),
      ),
    *bounds(scene, core, hull) {
      for (const [source, { ms }] of bySource(scene))
        yield {
          path: `tracks.bySource.${source}.seconds`,
          unit: 's',
          value: seconds(ms(scene.point)),
          low: seconds(ms(core)),
          high: seconds(ms(hull)),
        };
    },
    spans: trackSpans,
  }),
] as const;
