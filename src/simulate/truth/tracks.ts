import { roleOf } from '../call.ts';
import { publishedBy, SOURCE_KEYS } from './cast.ts';
import { ratioGrain, type Scene, secondsOf, sum } from './scene.ts';
import { covers } from './slices.ts';
import type { Put } from './values.ts';

export function putPublishers(scene: Scene, put: Put): void {
  const { callSeconds, grain, members, slices } = scene;
  const seconds = sum(members, ({ published }) => secondsOf(scene, published));
  const secondsGrain = sum(members, ({ published }) => grain.tracks(published));
  put('publishers.unique', members.filter(({ published }) => published.length > 0).length);
  put(
    'publishers.peak',
    slices.most((instant) => members.filter(({ published }) => covers(published, instant)).length),
  );
  put('publishers.publisherSeconds', seconds, secondsGrain);
  if (callSeconds === null) put('publishers.average', null);
  else if (callSeconds > 0) {
    put('publishers.average', seconds / callSeconds, ratioGrain(secondsGrain, callSeconds, grain.call, members.length));
  }
}

export function putTracks(scene: Scene, put: Put): void {
  const tracks = scene.call.people.flatMap((person) => {
    // An avatar's tracks are its agent's.
    const owner = person.attributes['lk.publish_on_behalf'] ?? person.identity;
    return publishedBy(person).map((track) => ({ ...track, owner, service: roleOf(person) === 'service' }));
  });
  put('tracks.total', tracks.length);
  for (const [source, group] of Map.groupBy(tracks, (track) => track.source)) {
    const path = `tracks.bySource.${SOURCE_KEYS[source]}`;
    const owners = [...Map.groupBy(group, ({ owner }) => owner).values()];
    put(`${path}.tracks`, group.length);
    put(
      `${path}.seconds`,
      sum(owners, (own) => secondsOf(scene, own)),
      scene.grain.tracks(group),
    );
    // Elsewhere publishers are people; the tracks here are everybody's.
    if (!group.some(({ service }) => service)) put(`${path}.publishers`, owners.length);
  }
}
