/** A call with every boundary placed: what the metrics are measured on, and what getState answers from. */
import type { Boundary, Span } from './boundary.ts';
import type { Call, EgressLife, IngressLife, JobLife, SessionLife, TrackLife } from './call.ts';

export type Role = 'human' | 'agent' | 'service';
export type CallStatus = 'active' | 'finished' | 'expired';
export const SOURCES = ['microphone', 'camera', 'screenShare', 'screenShareAudio', 'unknown'] as const;
export type Source = (typeof SOURCES)[number];

/** Options of the core that change what a call's events are taken to mean. Durations in seconds. */
export interface ResolveOptions {
  /** A room without an end from which nothing was heard for so long is over. */
  staleAfter: number;
  /** Event types that the sender's filter holds back: their absence is no loss. */
  neverSent: readonly string[];
  /** The user's own word on who is who; undefined leaves it to the rules. */
  classify?: (who: Identified) => Role | undefined;
}

/** What a classifier may look at. */
export interface Identified {
  identity: string;
  name: string | null;
  kind: string | null;
  attributes: Readonly<Record<string, string>>;
}

export interface Session {
  life: SessionLife;
  person: Person;
  /** null for a try that was aborted. */
  span: Span | null;
  aborted: boolean;
  state: string;
  /** When media connected, only where participant_joined told it; epoch ms. */
  activeAt: number | null;
  disconnectReason: string | null;
  tracks: Track[];
  /** A phone call that is known not to have been answered rings, and is no conversation. */
  phone: Phone | null;
}

export interface Phone {
  inbound: boolean;
  answered: boolean | null;
  /** The leave that would have told was lost. */
  mayBeUnanswered: boolean;
  /** Not before this instant is the conversation certain; infinite where nothing ever proves it. */
  certainFrom: number;
}

export interface Track {
  life: TrackLife;
  session: Session | null;
  span: Span;
  state: string;
  source: Source;
  audio: boolean;
  video: boolean;
}

export interface Person {
  identity: string;
  name: string | null;
  kind: string;
  role: Role;
  hidden: boolean;
  /** The identity of the agent that an avatar acts for. */
  onBehalfOf: string | null;
  /** Of an agent: the name by which it was dispatched (`lk.agent.name`). */
  agentName: string | null;
  /** Every connection and every aborted try, by start. */
  sessions: Session[];
}

export interface Egress {
  life: EgressLife;
  kind: string | null;
  state: string;
  status: string | null;
  /** null where it never became active. */
  span: Span | null;
  end: Boundary | null;
  failed: boolean;
  /** Its end was lost: it may have failed. */
  mayHaveFailed: boolean;
  /** The duration LiveKit gave is impossible, and was not used. */
  absurd: boolean;
}

export interface Ingress {
  life: IngressLife;
  state: string;
  span: Span;
}

export interface Job {
  life: JobLife;
  state: string;
}

/** Something that is not known, and what stood in for it. Instants in epoch ms; infinite where there is no limit. */
export interface Gap {
  subject: 'room' | 'participant' | 'track' | 'egress' | 'ingress' | 'job';
  sid: string;
  missing: string;
  resolvedBy: string;
  range: [number, number] | null;
  /** The boundary it is of, where it is of one. */
  boundary?: Boundary;
}

export interface ResolvedCall {
  call: Call;
  now: number;
  status: CallStatus;
  state: string;
  /** `closesBy`: when its timeouts should have closed it; infinite while somebody holds it open. */
  room: { start: Boundary; end: Boundary; closesBy: number };
  people: Person[];
  sessions: Session[];
  tracks: Track[];
  egresses: Egress[];
  ingresses: Ingress[];
  jobs: Job[];
  gaps: Gap[];
  boundaries: { expected: number; observed: number };
  /** Some boundary has a range: values may need bounds. */
  uncertain: boolean;
}

export const HUMAN_KINDS = new Set(['STANDARD', 'SIP', 'CONNECTOR', 'BRIDGE']);
const LIVEKIT_SOURCES: Record<string, Source> = {
  MICROPHONE: 'microphone',
  CAMERA: 'camera',
  SCREEN_SHARE: 'screenShare',
  SCREEN_SHARE_AUDIO: 'screenShareAudio',
};

export function sourceOf(source: string): Source {
  return LIVEKIT_SOURCES[source] ?? 'unknown';
}
