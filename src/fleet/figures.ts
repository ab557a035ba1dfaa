/**
 * The few numbers of one call that summaries are made of: a projection of its CallMetrics, droppable, kept per call so that a
 * million are read in no time. Units are those of CallMetrics: durations in seconds; instants in epoch milliseconds.
 */
import { agentNames } from '../metrics/agentNames.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import { contactOf } from './contactFigures.ts';
import { type PresenceFigures, presenceOf } from './presence.ts';
import type { Range } from './range.ts';

/** Goes up when figures of an unchanged call may change: those of another version are made anew. */
export const FIGURES_VERSION = 1;

/** Of CallMetrics alone it is not known: what the measuring code tells besides. */
export interface ToldBesides {
  /** The samples of response.latency, s, unrounded: CallMetrics has but their Distribution. Not needed where they are at most two. */
  responseLatency?: readonly number[];
  /** Values by key of the room's metadata, as Facets have them; a key may be a path. */
  metadata?: Readonly<Record<string, string>>;
}

export type BoundedFigure =
  | 'startedAt'
  | 'endedAt'
  | 'waited'
  | 'humans'
  | 'joinLatency'
  | 'agentHumanDuration'
  | 'callDuration'
  | 'connectedDuration'
  | 'engagement'
  | 'peak'
  | 'recordingCoverage'
  /** Within which any of its samples lies. */
  | 'responseLatency'
  /** How many samples there are. */
  | 'responseCount'
  | `participantSeconds.${string}`;

/** What a lost event could turn, or say otherwise. `people`: whether there are other kinds of people, or more. */
export type UncertainFigure =
  | 'offered'
  | 'answered'
  | 'human'
  | 'people'
  | 'presence'
  | 'endReason'
  | 'audio'
  | 'response';

export interface CallFigures extends PresenceFigures {
  roomSid: string;
  roomName: string | null;
  status: CallMetrics['status'];
  startedAt: number;
  /** null: still on */
  endedAt: number | null;
  /** startedAt .. endedAt, of a call that is on up to when it was measured. */
  duration: number;
  /** The class. */
  endReason: string | null;
  /** As agentNames() finds them, sorted. */
  agents: string[];
  tags: string[];
  metadata: Record<string, string>;
  completeness: number;

  /** A human was connected where an agent was expected. null: cannot be known, or not yet */
  offered: boolean | null;
  /** An agent was there with a human. null as above */
  answered: boolean | null;
  /** Offered and not answered. null as above */
  abandoned: boolean | null;
  /** How long humans were there, all together, in a call that was not answered; null where it was. */
  waited: number | null;
  /** Humans who came and could converse. */
  humans: number;
  joinLatency: number | null;
  agentHumanDuration: number | null;
  callDuration: number | null;
  connectedDuration: number | null;
  /** Of 100. */
  engagement: number | null;
  /** Most people at one instant. */
  peak: number;
  /** Presence by LiveKit's kind name, s: the kinds that came, sorted. */
  participantSeconds: Record<string, number>;
  /** Samples, to the microsecond; null: there are, and they were not handed over. */
  responseLatency: number[] | null;
  audioGrade: CallMetrics['audio']['grade'];
  /** Codes, each once, sorted. */
  audioIssues: string[];
  recordingCoverage: number | null;
  toolCalls: number | null;
  toolErrors: number | null;
  usage: CallMetrics['usage'];

  /** Limits of those figures that rest on an inference. Instants in epoch ms. */
  bounds: Partial<Record<BoundedFigure, Range>> | null;
  uncertain: UncertainFigure[];
}

/** Most calls have nothing uncertain: then nothing is looked for. */
export function isUncertain({ uncertain }: CallFigures, what: UncertainFigure): boolean {
  return uncertain.length > 0 && uncertain.includes(what);
}

export function figuresOf(metrics: CallMetrics, { responseLatency, metadata = {} }: ToldBesides = {}): CallFigures {
  const { evidence, participants } = metrics;
  const bounds: Partial<Record<BoundedFigure, Range>> = {};
  const uncertain = new Set<UncertainFigure>();
  const startedAt = Date.parse(metrics.startedAt);
  const endedAt = metrics.endedAt === null ? null : Date.parse(metrics.endedAt);

  bound('startedAt', 'startedAt');
  bound('endedAt', 'endedAt');
  bound('joinLatency', 'agent.joinLatency');
  bound('agentHumanDuration', 'agentHumanDuration');
  bound('callDuration', 'callDuration');
  bound('connectedDuration', 'connectedDuration');
  bound('engagement', 'engagement.score', [0, 100]);
  bound('peak', 'participants.peak');
  bound('recordingCoverage', 'recording.coverage');
  for (const kind of Object.keys(participants.byKind))
    bound(`participantSeconds.${kind}`, `participants.byKind.${kind}.participantSeconds`);
  boundResponses();
  if (turns('endReason.class')) uncertain.add('endReason');
  if (turns('audio.grade')) uncertain.add('audio');
  if (turns('participants.byKind')) uncertain.add('people');
  if (evidence.bounds['participants.participantSeconds'] !== undefined) uncertain.add('presence');
  const contact = contactOf(metrics, { bounds, uncertain, turns });

  return {
    roomSid: metrics.roomSid,
    roomName: metrics.roomName,
    status: metrics.status,
    startedAt,
    endedAt,
    duration: metrics.duration,
    endReason: metrics.endReason?.class ?? null,
    agents: agentNames(metrics),
    tags: metrics.session?.tags ?? [],
    metadata: sorted(metadata),
    completeness: evidence.completeness,
    ...contact,
    joinLatency: metrics.agent.joinLatency,
    agentHumanDuration: metrics.agentHumanDuration,
    callDuration: metrics.callDuration,
    connectedDuration: metrics.connectedDuration,
    engagement: metrics.engagement?.score ?? null,
    peak: participants.peak,
    participantSeconds: sorted(
      Object.fromEntries(
        Object.entries(participants.byKind).map(([kind, { participantSeconds }]) => [kind, participantSeconds]),
      ),
    ),
    ...presenceOf(metrics, startedAt),
    responseLatency: samples(),
    audioGrade: metrics.audio.grade,
    audioIssues: [...new Set(metrics.audio.issues.map(({ code }) => code))].sort(),
    recordingCoverage: metrics.recording.coverage,
    toolCalls: metrics.tools?.calls ?? null,
    toolErrors: metrics.tools?.errors ?? null,
    usage: metrics.usage,
    bounds: Object.keys(bounds).length > 0 ? bounds : null,
    uncertain: [...uncertain].sort(),
  };

  function turns(path: string): boolean {
    return evidence.uncertain.some((one) => path === one || path.startsWith(`${one}.`));
  }

  /** @param unlimited what is known where the whole is uncertain */
  function bound(name: BoundedFigure, path: string, unlimited: Range = [0, null]): void {
    const found = evidence.bounds[path];
    if (found !== undefined) bounds[name] = [limit(found[0]), limit(found[1])];
    else if (turns(path)) bounds[name] = unlimited;
  }

  function boundResponses(): void {
    if (turns('response.latency')) {
      uncertain.add('response');
      return;
    }
    const count = evidence.bounds['response.latency.count'] ?? evidence.bounds['response.count'];
    const least = evidence.bounds['response.latency.min'];
    const most = evidence.bounds['response.latency.max'];
    if (count?.[1] === null) uncertain.add('response');
    else if (count) bounds.responseCount = [limit(count[0]), limit(count[1])];
    const { latency } = metrics.response;
    if (least || most)
      bounds.responseLatency = [
        least ? limit(least[0]) : (latency?.min ?? null),
        most ? limit(most[1]) : (latency?.max ?? null),
      ];
  }

  function samples(): number[] | null {
    const { latency } = metrics.response;
    if (responseLatency) return responseLatency.map((latency) => Math.round(latency * 1e6) / 1e6).sort((a, b) => a - b);
    if (latency === null) return [];
    return latency.count === 1 ? [latency.min] : latency.count === 2 ? [latency.min, latency.max] : null;
  }
}

function limit(bound: number | string | null): number | null {
  return typeof bound === 'string' ? Date.parse(bound) : bound;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
