/** Who was there. */

import { z } from 'zod';
import { least } from '../call/extremes.ts';
import type { Session } from '../call/resolved.ts';
import { engagementOf, engagementSchema, personalRange, rawScoreOf } from './engagement.ts';
import { lengthOf, peak } from './intervals.ts';
import { type Bound, growing, number, numberSchema, value } from './metric.ts';
import { peopleSpans } from './room.ts';
import { iso, round, seconds } from './round.ts';
import { type Actor, extent, type Scene, type View } from './scene.ts';

const JOINS = ['participant_joined', 'participant_left', 'participant_connection_aborted'] as const;
const SOURCES = ['microphone', 'camera', 'screenShare', 'screenShareAudio', 'unknown'] as const;
const certainly = ({ span }: Session) => span!.certain;

/** Connections, each once: an avatar's is none of its own. */
const sessionsOf = (actors: readonly Actor[]) =>
  actors.flatMap(({ identity, sessions }) => sessions.filter(({ person }) => person.identity === identity));

/** Tries of people that never became active. */
function abortedTries(scene: Scene): Session[] {
  return scene.resolved.sessions.filter(
    ({ aborted, person }) => aborted && person.role !== 'service' && !person.hidden,
  );
}

function countRange<T>(items: readonly T[], certain: (item: T) => boolean): readonly [number, number] {
  return [items.filter(certain).length, items.length];
}

const kindSchema = z.object({
  unique: numberSchema('n'),
  sessions: numberSchema('n'),
  participantSeconds: numberSchema('s'),
});

function byKind(scene: Scene): Map<string, Actor[]> {
  const kinds = new Map<string, Actor[]>();
  for (const actor of scene.everybody) {
    const same = kinds.get(actor.kind);
    if (same) same.push(actor);
    else kinds.set(actor.kind, [actor]);
  }
  return new Map([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const presenceSum = (view: View, actors: readonly Actor[]) =>
  seconds(actors.reduce((sum, actor) => sum + lengthOf(view.presence(actor)), 0));

const sessionSchema = z.object({
  sid: z.string(),
  joinedAt: z.iso.datetime({ precision: 3 }),
  activeAt: z.iso.datetime({ precision: 3 }).nullable(),
  leftAt: z.iso.datetime({ precision: 3 }).nullable(),
  duration: numberSchema('s'),
  disconnectReason: z.string().nullable(),
  aborted: z.boolean(),
});
const personSchema = z.object({
  identity: z.string(),
  name: z.string().nullable(),
  kind: z.string(),
  role: z.enum(['human', 'agent', 'service']),
  hidden: z.boolean(),
  onBehalfOf: z.string().nullable(),
  sessions: z.array(sessionSchema),
  presentSeconds: numberSchema('s'),
  presenceShare: numberSchema('share').nullable(),
  publishedSeconds: z.partialRecord(z.enum(SOURCES), numberSchema('s')),
  firstPublishDelay: numberSchema('s').nullable(),
  reconnects: numberSchema('n'),
  engagement: engagementSchema.nullable(),
});

/** Each identity by itself, an avatar too. */
function individuals(scene: Scene): { actor: Actor; person: Scene['resolved']['people'][number] }[] {
  const counted = new Map(scene.everybody.map((actor) => [actor.identity, actor]));
  return scene.resolved.people.map((person) => {
    const sessions = person.sessions.filter(({ aborted }) => !aborted);
    const same = counted.get(person.identity);
    if (same && same.sessions.length === sessions.length) return { actor: same, person };
    const { identity, role, kind } = person;
    return { actor: { identity, role, kind, sessions, tracks: sessions.flatMap(({ tracks }) => tracks) }, person };
  });
}

function listed(session: Session): z.infer<typeof sessionSchema> {
  const { life, span, aborted, activeAt, disconnectReason } = session;
  const joined = span?.start.at ?? life.joinedAt?.ms ?? life.firstSign.ms;
  const left = span ? span.end.at : Math.max(joined, life.aborted!.ms);
  return {
    sid: life.sid,
    joinedAt: iso(joined),
    activeAt: activeAt === null ? null : iso(activeAt),
    leftAt: span?.open ? null : iso(left),
    duration: aborted ? 0 : round(seconds(left - joined), 's'),
    disconnectReason,
    aborted,
  };
}

/** A phone's number stands in LiveKit's default name of its participant, too. */
function nameOf(name: string | null, kind: string, plain: boolean): string | null {
  return name === null || plain || kind !== 'SIP' ? name : name.replace(/\d(?=(?:\D*\d){2})/g, '*');
}

function list(scene: Scene): z.infer<typeof personSchema>[] {
  const callMs = scene.point.callLength;
  const plain = scene.options.phoneNumbers === 'plain';
  return individuals(scene).map(({ actor, person }) => {
    const came = actor.sessions.length > 0;
    const presentMs = lengthOf(scene.point.presence(actor));
    const publishedSeconds: Partial<Record<(typeof SOURCES)[number], number>> = {};
    for (const source of SOURCES) {
      if (actor.tracks.some((track) => track.source === source))
        publishedSeconds[source] = round(seconds(lengthOf(scene.point.source(actor, source))), 's');
    }
    const delay = publishDelay(actor);
    return {
      identity: person.identity,
      name: nameOf(person.name, person.kind, plain),
      kind: person.kind,
      role: person.role,
      hidden: person.hidden,
      onBehalfOf: person.onBehalfOf,
      sessions: person.sessions.map((session) => listed(session)),
      presentSeconds: round(seconds(presentMs), 's'),
      presenceShare: came && callMs > 0 ? round(Math.min(1, presentMs / callMs), 'share') : null,
      publishedSeconds,
      firstPublishDelay: delay === null ? null : round(seconds(delay), 's'),
      reconnects: Math.max(0, actor.sessions.length - 1),
      engagement: engagementOf(scene, actor),
    };
  });
}

/** ms from the first join to the first track. */
function publishDelay(actor: Actor): number | null {
  if (actor.tracks.length === 0) return null;
  const joined = least(actor.sessions.map(({ span }) => span!.start.at));
  const published = least(actor.tracks.map(({ span }) => span.start.at));
  return Math.max(0, published - joined);
}

function* listBounds(scene: Scene, core: View, hull: View): Generator<Bound> {
  const callMs = scene.point.callLength;
  const shortest = core.callLength;
  const longest = hull.callLength;
  for (const { actor } of individuals(scene)) {
    if (actor.sessions.length === 0) continue;
    const path = `participants.list[identity=${actor.identity}]`;
    const sure = lengthOf(core.presence(actor));
    const possible = lengthOf(hull.presence(actor));
    const present = lengthOf(scene.point.presence(actor));
    yield {
      path: `${path}.presentSeconds`,
      unit: 's',
      value: seconds(present),
      low: seconds(sure),
      high: seconds(possible),
    };
    if (longest > 0)
      yield {
        path: `${path}.presenceShare`,
        unit: 'share',
        value: callMs > 0 ? Math.min(1, present / callMs) : null,
        low: longest === Number.POSITIVE_INFINITY ? 0 : sure / longest,
        high: shortest > 0 ? Math.min(1, possible / shortest) : 1,
      };
    for (const source of SOURCES) {
      if (!actor.tracks.some((track) => track.source === source)) continue;
      yield {
        path: `${path}.publishedSeconds.${source}`,
        unit: 's',
        value: seconds(lengthOf(scene.point.source(actor, source))),
        low: seconds(lengthOf(core.source(actor, source))),
        high: seconds(lengthOf(hull.source(actor, source))),
      };
    }
    const delay = publishDelay(actor);
    if (delay !== null) {
      const published = (view: View) => least(actor.tracks.map((track) => view.startOf(track.span)));
      const joinedEarliest = extent(hull, [actor])!.from;
      const joinedLatest = extent(core, [actor])!.from;
      yield {
        path: `${path}.firstPublishDelay`,
        unit: 's',
        value: seconds(delay),
        low: seconds(Math.max(0, published(hull) - joinedLatest)),
        high: seconds(published(core) - joinedEarliest),
      };
    }
    const range = personalRange(scene, actor, core, hull);
    if (range)
      yield {
        path: `${path}.engagement.score`,
        unit: 'score',
        value: rawScoreOf(scene, actor),
        low: range[0],
        high: range[1],
      };
  }
}

export const PARTICIPANT_METRICS = [
  number({
    path: 'participants.unique',
    unit: 'n',
    formula: 'Identities of people with at least one session that was not aborted.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'field.md E4',
    of: ({ people }) => people.length,
    range: ({ people }) => countRange(people, ({ sessions }) => sessions.some(certainly)),
    spans: peopleSpans,
  }),
  number({
    path: 'participants.sessions',
    unit: 'n',
    formula: 'Participant sids of people that became active.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'field.md E4',
    of: (scene) => sessionsOf(scene.people).length,
    range: (scene) => countRange(sessionsOf(scene.people), certainly),
    spans: peopleSpans,
  }),
  growing({
    path: 'participants.peak',
    unit: 'n',
    formula: 'Most people present at one instant, counted by us: LiveKit’s numParticipants is a hint, not a source.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'field.md E3',
    of: (view) => peak(view.presences(view.scene.people)),
    spans: peopleSpans,
  }),
  growing({
    path: 'participants.participantSeconds',
    unit: 's',
    formula: 'Sum of people’s presence.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'field.md E5',
    of: (view) => presenceSum(view, view.scene.people),
    spans: peopleSpans,
  }),
  number({
    path: 'participants.aborted',
    unit: 'n',
    formula: 'participant_connection_aborted of people.',
    nullWhen: 'never',
    needs: ['participant_connection_aborted'],
    source: 'field.md E9',
    of: (scene) => abortedTries(scene).length,
  }),
  number({
    path: 'participants.joinSuccessRate',
    unit: 'share',
    formula: 'sessions / (sessions + aborted).',
    nullWhen: 'nobody tried',
    needs: JOINS,
    source: 'field.md E9',
    applies: (scene) => sessionsOf(scene.people).length + abortedTries(scene).length > 0,
    of: (scene) => sessionsOf(scene.people).length / (sessionsOf(scene.people).length + abortedTries(scene).length),
    range: (scene) => {
      const [low, high] = countRange(sessionsOf(scene.people), certainly);
      const aborted = abortedTries(scene).length;
      return [low + aborted > 0 ? low / (low + aborted) : 0, high / (high + aborted)];
    },
  }),
  value({
    path: 'participants.byKind',
    unit: 'map',
    formula: 'By LiveKit’s kind name, those seen: unique identities, sessions, sum of presence; services too.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'LiveKit (ParticipantInfo.Kind)',
    schema: z.record(z.string(), kindSchema),
    compute: (scene) =>
      Object.fromEntries(
        [...byKind(scene)].map(([kind, actors]) => [
          kind,
          {
            unique: actors.length,
            sessions: sessionsOf(actors).length,
            participantSeconds: round(presenceSum(scene.point, actors), 's'),
          },
        ]),
      ),
    *bounds(scene, core, hull) {
      for (const [kind, actors] of byKind(scene)) {
        const path = `participants.byKind.${kind}`;
        const [fewest, most] = countRange(actors, ({ sessions }) => sessions.some(certainly));
        yield { path: `${path}.unique`, unit: 'n', value: actors.length, low: fewest, high: most };
        const [least, sessions] = countRange(sessionsOf(actors), certainly);
        yield { path: `${path}.sessions`, unit: 'n', value: sessions, low: least, high: sessions };
        yield {
          path: `${path}.participantSeconds`,
          unit: 's',
          value: presenceSum(scene.point, actors),
          low: presenceSum(core, actors),
          high: presenceSum(hull, actors),
        };
      }
    },
    spans: (scene) => sessionsOf(scene.everybody).map(({ span }) => span!),
  }),
  value({
    path: 'participants.list',
    unit: 'list',
    formula:
      'Per identity, also services and the aborted, by first sign: sessions, presence (reconnect gaps left out) and its share of callDuration, published seconds by source, first join .. first track, reconnects, engagement.',
    nullWhen: 'never',
    needs: [...JOINS, 'track_published', 'track_unpublished'],
    source: 'field.md E6, E7',
    schema: z.array(personSchema),
    compute: list,
    bounds: listBounds,
    spans: (scene) => scene.resolved.sessions.flatMap(({ span }) => (span ? [span] : [])),
  }),
] as const;
