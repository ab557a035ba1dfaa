import { type Person, roleOf } from '../call.ts';
import {
  hasCome,
  isAvatar,
  isMicrophone,
  isSight,
  type Member,
  type Published,
  publishedBy,
  SOURCE_KEYS,
} from './cast.ts';
import { countAt, ratioGrain, type Scene, secondsOf, sum } from './scene.ts';
import type { Put } from './values.ts';

export function putParticipants(scene: Scene, put: Put): void {
  const { call, members, slices, grain } = scene;
  const people = call.people.filter((person) => !person.hidden && roleOf(person) !== 'service');
  const sessions = sum(people, (person) => person.sessions.length);
  const aborted = sum(people, (person) => person.aborted.length);
  put('participants.unique', members.length);
  put(
    'participants.peak',
    slices.most((instant) => countAt(members, instant)),
  );
  put(
    'participants.participantSeconds',
    sum(members, ({ presence }) => secondsOf(scene, presence)),
    sum(members, ({ presence }) => grain.presence(presence)),
  );
  put('participants.aborted', aborted);

  // Is an avatar's connection one of its agent's? The contract tells of presence and tracks only.
  if (call.people.some(isAvatar)) return;
  put('participants.sessions', sessions);
  put('participants.joinSuccessRate', sessions + aborted > 0 ? sessions / (sessions + aborted) : null);
  for (const [kind, group] of Map.groupBy(call.people.filter(hasCome), (person) => person.kind)) {
    const path = `participants.byKind.${kind}`;
    put(`${path}.unique`, group.length);
    put(
      `${path}.sessions`,
      sum(group, (person) => person.sessions.length),
    );
    put(
      `${path}.participantSeconds`,
      sum(group, (person) => secondsOf(scene, person.sessions)),
      sum(group, (person) => grain.presence(person.sessions)),
    );
  }
}

export function putList(scene: Scene, put: Put): void {
  const scores = new Map<string, Engagement>();
  const video = scene.humans.flatMap(({ published }) => published.filter(isSight));
  // Video that was never up for any time: is it published? Its weight stays, or goes to the others.
  if (video.length === 0 || secondsOf(scene, video) > 0) {
    for (const human of scene.humans) scores.set(human.identity, engagementOf(scene, human, video.length > 0));
    putEngagement(scene, [...scores.values()], put);
  }

  const actedFor = new Set(scene.call.people.map(({ attributes }) => attributes['lk.publish_on_behalf']));
  for (const person of scene.call.people) {
    const path = `participants.list[identity=${person.identity}]`;
    put(`${path}.kind`, person.kind);
    put(`${path}.role`, roleOf(person));
    // Do an avatar's seconds stand in its own entry, in its agent's, or in both?
    if (isAvatar(person) || actedFor.has(person.identity)) continue;
    if (hasCome(person)) putEntry(scene, person, path, scores.get(person.identity), put);
    else {
      put(`${path}.presentSeconds`, 0);
      put(`${path}.presenceShare`, null);
      put(`${path}.engagement.score`, null);
    }
  }
}

function putEntry(scene: Scene, person: Person, path: string, engagement: Engagement | undefined, put: Put): void {
  const { grain } = scene;
  const callSeconds = scene.callSeconds ?? 0;
  const seconds = secondsOf(scene, person.sessions);
  const presenceGrain = grain.presence(person.sessions);
  put(`${path}.presentSeconds`, seconds, presenceGrain);

  const published = publishedBy(person);
  for (const [source, tracks] of Map.groupBy(published, (track) => track.source)) {
    put(`${path}.publishedSeconds.${SOURCE_KEYS[source]}`, secondsOf(scene, tracks), grain.tracks(tracks));
  }

  // Whether an aborted try is a first join, or a session to come back from, is not said.
  if (person.aborted.length === 0) {
    const joined = Math.min(...person.sessions.map(({ from }) => from));
    const first = Math.min(...published.map(({ from }) => from));
    put(`${path}.firstPublishDelay`, published.length > 0 ? (first - joined) / 1000 : null, grain.join + 1);
    put(`${path}.reconnects`, person.sessions.length - 1);
  }

  // A service or a hidden person may outstay the call, so that their share of it means nothing.
  if (roleOf(person) === 'service' || person.hidden) return;
  if (callSeconds > 0) {
    put(`${path}.presenceShare`, seconds / callSeconds, ratioGrain(presenceGrain, callSeconds, grain.call));
  }
  if (engagement !== undefined) {
    put(`${path}.engagement.score`, seconds > 0 ? engagement.score : null, engagement.scoreGrain);
  }
}

interface Engagement {
  score: number;
  scoreGrain: number;
  seconds: number;
  secondsGrain: number;
}

function engagementOf(scene: Scene, { presence, published, sessions }: Member, withVideo: boolean): Engagement {
  const { grain } = scene;
  const callSeconds = scene.callSeconds!;
  const seconds = secondsOf(scene, presence);
  const secondsGrain = grain.presence(presence);
  if (seconds === 0) return { score: 0, scoreGrain: 100, seconds, secondsGrain };

  const share = (kind: (track: Published) => boolean) =>
    Math.min(1, secondsOf(scene, published.filter(kind)) / seconds);
  const present = Math.min(1, seconds / callSeconds);
  const audible = 0.5 * present + 0.3 * share(isMicrophone) + 0.1 * (1 / sessions.length);
  const presentGrain = ratioGrain(secondsGrain, callSeconds, grain.call);
  const shareGrain = ratioGrain(grain.tracks(published), seconds, secondsGrain);
  return {
    score: 100 * (withVideo ? audible + 0.1 * share(isSight) : audible / 0.9),
    // Without video the weights are greater.
    scoreGrain: (100 / 0.9) * (0.5 * presentGrain + 0.4 * shareGrain),
    seconds,
    secondsGrain,
  };
}

function putEngagement({ humans }: Scene, scores: Engagement[], put: Put): void {
  const weight = sum(scores, ({ seconds }) => seconds);
  const weightGrain = sum(scores, ({ secondsGrain }) => secondsGrain);
  const mean = sum(scores, ({ score, seconds }) => score * seconds) / weight;
  const worst = Math.max(0, ...scores.map(({ scoreGrain }) => scoreGrain));
  // One human's mean moves with the score alone; among several the weights move too.
  const shift = humans.length > 1 ? 100 * ratioGrain(weightGrain, weight, weightGrain) : 0;
  put('engagement.score', weight > 0 ? mean : null, worst + shift);
}
