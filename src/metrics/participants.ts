/** Who was there. */

import { z } from 'zod';
import { least } from '../call/extremes.ts';
import { shownName } from '../call/phoneNumbers.ts';
import { type Person, type Session, SOURCES, type Source } from '../call/resolved.ts';
import { engagementOf, engagementSchema, mayBeNone, personalBounds } from './engagement.ts';
import { lengthOf, peak } from './intervals.ts';
import { type Bound, growing, number, numberSchema, value } from './metric.ts';
import { peopleSpans } from './room.ts';
import { iso, round, seconds } from './round.ts';
import { type Actor, extent, type Scene, type View } from './scene.ts';

const JOINS = ['participant_joined', 'participant_left', 'participant_connection_aborted'] as const;
const certainly = ({ span }: Session) => span!.certain;

function connections(actors: readonly Actor[]): number {
  let count = 0;
  for (const { own } of actors) count += own.length;
  return count;
}

function certainConnections(actors: readonly Actor[]): number {
  let count = 0;
  for (const { own } of actors) for (const session of own) if (certainly(session)) count++;
  return count;
}

/** Tries of people that never became active. */
function abortedTries({ resolved }: Scene): number {
  let tries = 0;
  for (const { aborted, person } of resolved.sessions)
    if (aborted && person.role !== 'service' && !person.hidden) tries++;
  return tries;
}

const certainlyCame = (actors: readonly Actor[]) => actors.filter(({ sessions }) => sessions.some(certainly)).length;

const kindSchema = z.object({
  unique: numberSchema('n'),
  sessions: numberSchema('n'),
  participantSeconds: numberSchema('s'),
});

function byKind(scene: Scene): (readonly [kind: string, Actor[]])[] {
  const kinds = new Map<string, Actor[]>();
  for (const actor of scene.everybody) {
    const same = kinds.get(actor.kind);
    if (same) same.push(actor);
    else kinds.set(actor.kind, [actor]);
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
}

function presenceSum(view: View, actors: readonly Actor[]): number {
  let ms = 0;
  for (const actor of actors) ms += lengthOf(view.presence(actor));
  return seconds(ms);
}

const sessionSchema = z.object({
  sid: z.string(),
  joinedAt: z.iso.datetime({ precision: 3 }),
  activeAt: z.iso.datetime({ precision: 3 }).nullable(),
  leftAt: z.iso.datetime({ precision: 3 }).nullable(),
  duration: numberSchema('s'),
  disconnectReason: z.string().nullable(),
  aborted: z.boolean(),
});
/** Who somebody is, wherever people are listed. */
export const whoShape = {
  identity: z.string(),
  name: z.string().nullable(),
  kind: z.string(),
  role: z.enum(['human', 'agent', 'service']),
  hidden: z.boolean(),
  onBehalfOf: z.string().nullable(),
  agentName: z.string().nullable().describe('of an agent: the name by which it was dispatched (lk.agent.name)'),
};
const personSchema = z.object({
  ...whoShape,
  sessions: z.array(sessionSchema),
  presentSeconds: numberSchema('s'),
  presenceShare: numberSchema('share').nullable(),
  publishedSeconds: z.partialRecord(z.enum(SOURCES), numberSchema('s')),
  firstPublishDelay: numberSchema('s').nullable(),
  reconnects: numberSchema('n'),
  engagement: engagementSchema.nullable(),
});

function listed({ life, span, aborted, activeAt, disconnectReason }: Session): z.infer<typeof sessionSchema> {
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

const sourcesOf = ({ tracks }: Actor) => SOURCES.filter((source) => tracks.some((track) => track.source === source));

function publishedSeconds({ point }: Scene, actor: Actor): Partial<Record<Source, number>> {
  const published: Partial<Record<Source, number>> = {};
  for (const source of sourcesOf(actor)) published[source] = round(seconds(lengthOf(point.source(actor, source))), 's');
  return published;
}

function listEntry(scene: Scene, person: Person, actor: Actor): z.infer<typeof personSchema> {
  const callMs = scene.point.callLength;
  const presentMs = lengthOf(scene.point.presence(actor));
  const delay = publishDelay(actor);
  return {
    identity: person.identity,
    name: shownName(person, scene.options.phoneNumbers),
    kind: person.kind,
    role: person.role,
    hidden: person.hidden,
    onBehalfOf: person.onBehalfOf,
    agentName: person.agentName,
    sessions: person.sessions.map(listed),
    presentSeconds: round(seconds(presentMs), 's'),
    presenceShare: actor.sessions.length > 0 && callMs > 0 ? round(Math.min(1, presentMs / callMs), 'share') : null,
    publishedSeconds: publishedSeconds(scene, actor),
    firstPublishDelay: delay === null ? null : round(seconds(delay), 's'),
    reconnects: Math.max(0, actor.sessions.length - 1),
    engagement: engagementOf(scene, actor),
  };
}

/** ms from the first join to the first track. */
function publishDelay({ sessions, tracks }: Actor): number | null {
  if (tracks.length === 0) return null;
  let joined = Number.POSITIVE_INFINITY;
  for (const { span } of sessions) joined = Math.min(joined, span!.start.at);
  let published = Number.POSITIVE_INFINITY;
  for (const { span } of tracks) published = Math.min(published, span.start.at);
  return Math.max(0, published - joined);
}

/** Bounds of each person's values would take a minute and gigabytes: of so many the list as a whole is said to be uncertain. */
const CROWD = 10_000;
const isCrowd = ({ individuals }: Scene) => individuals.length > CROWD;

function* listBounds(scene: Scene, core: View, hull: View): Generator<Bound> {
  const callMs = scene.point.callLength;
  const shortest = core.callLength;
  const longest = hull.callLength;
  for (const actor of scene.individuals) {
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
    for (const source of sourcesOf(actor))
      yield {
        path: `${path}.publishedSeconds.${source}`,
        unit: 's',
        value: seconds(lengthOf(scene.point.source(actor, source))),
        low: seconds(lengthOf(core.source(actor, source))),
        high: seconds(lengthOf(hull.source(actor, source))),
      };
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
    yield* personalBounds(scene, actor, core, hull, `${path}.engagement`);
  }
}

export const PARTICIPANT_METRICS = [
  number({
    path: 'participants.unique',
    unit: 'n',
    formula: 'Identities of people with at least one session that was not aborted.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'Twilio (unique_participants, unique_participant_identities)',
    of: ({ people }) => people.length,
    range: ({ people }) => [certainlyCame(people), people.length],
    spans: peopleSpans,
  }),
  number({
    path: 'participants.sessions',
    unit: 'n',
    formula: 'Participant sids of people that became active.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'Twilio (unique_participants, unique_participant_identities)',
    of: ({ people }) => connections(people),
    range: ({ people }) => [certainConnections(people), connections(people)],
    spans: peopleSpans,
  }),
  growing({
    path: 'participants.peak',
    unit: 'n',
    formula: 'Most people present at one instant, counted by us: LiveKit’s numParticipants is a hint, not a source.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'Agora (PCU), Daily (max_participants), Twilio (concurrent_participants)',
    of: (view) => peak(view.presences(view.scene.people)),
    spans: peopleSpans,
  }),
  growing({
    path: 'participants.participantSeconds',
    unit: 's',
    formula: 'Sum of people’s presence.',
    nullWhen: 'never',
    needs: JOINS,
    source: 'Twilio (total_participant_duration), LiveKit (connectionMinutes)',
    of: (view) => presenceSum(view, view.scene.people),
    spans: peopleSpans,
  }),
  number({
    path: 'participants.aborted',
    unit: 'n',
    formula: 'participant_connection_aborted of people.',
    nullWhen: 'never',
    needs: ['participant_connection_aborted'],
    source: 'Agora (joinSuccessRate)',
    of: abortedTries,
  }),
  number({
    path: 'participants.joinSuccessRate',
    unit: 'share',
    formula: 'sessions / (sessions + aborted).',
    nullWhen: 'nobody tried',
    needs: JOINS,
    source: 'Agora (joinSuccessRate)',
    of: (scene) => {
      const sessions = connections(scene.people);
      const tries = sessions + abortedTries(scene);
      return tries > 0 ? sessions / tries : null;
    },
    range: (scene) => {
      const least = certainConnections(scene.people);
      const most = connections(scene.people);
      const aborted = abortedTries(scene);
      if (most + aborted === 0) return null;
      return [least + aborted > 0 ? least / (least + aborted) : 0, most / (most + aborted)];
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
        byKind(scene).map(([kind, actors]) => [
          kind,
          {
            unique: actors.length,
            sessions: connections(actors),
            participantSeconds: round(presenceSum(scene.point, actors), 's'),
          },
        ]),
      ),
    *bounds(scene, core, hull) {
      for (const [kind, actors] of byKind(scene)) {
        const path = `participants.byKind.${kind}`;
        const { length } = actors;
        yield { path: `${path}.unique`, unit: 'n', value: length, low: certainlyCame(actors), high: length };
        const sessions = connections(actors);
        yield {
          path: `${path}.sessions`,
          unit: 'n',
          value: sessions,
          low: certainConnections(actors),
          high: sessions,
        };
        yield {
          path: `${path}.participantSeconds`,
          unit: 's',
          value: presenceSum(scene.point, actors),
          low: presenceSum(core, actors),
          high: presenceSum(hull, actors),
        };
      }
    },
    spans: ({ everybody }) => everybody.flatMap(({ own }) => own.map(({ span }) => span!)),
  }),
  value({
    path: 'participants.list',
    unit: 'list',
    formula:
      'Per identity, also services and the aborted, by first sign: sessions, presence (reconnect gaps left out) and its share of callDuration, published seconds by source, first join .. first track, reconnects, engagement.',
    nullWhen: 'never',
    needs: [...JOINS, 'track_published', 'track_unpublished'],
    source: 'Livestorm (attendance, https://livestorm.co/webinar-glossary/webinar-attendees); reconnect gaps left out',
    schema: z.array(personSchema),
    compute: (scene) => scene.individuals.map((actor, i) => listEntry(scene, scene.resolved.people[i]!, actor)),
    bounds: (scene, core, hull) => (isCrowd(scene) ? [] : listBounds(scene, core, hull)),
    uncertain: (scene) => {
      if (isCrowd(scene)) return scene.resolved.uncertain ? ['participants.list'] : [];
      return scene.humans
        .filter((human) => mayBeNone(scene, human))
        .map(({ identity }) => `participants.list[identity=${identity}].engagement`);
    },
    spans: (scene) => scene.resolved.sessions.flatMap(({ span }) => (span ? [span] : [])),
  }),
] as const;
