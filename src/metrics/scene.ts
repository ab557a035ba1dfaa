/**
 * The cast of a call as the metrics count it, and five looks at its spans.
 *
 * Each span has a certain core and a possible hull. The same measure run over cores and over hulls bounds what grows
 * with the spans; ratios follow by interval arithmetic. The tight looks take the clocks at their word; the wide ones
 * count their grain as well, for bounds that hold the truth.
 */
import type { Span } from '../call/boundary.ts';
import type { Person, ResolvedCall, Role, Session, Source, Track } from '../call/resolved.ts';
import { atLeast, type Instants, interval, NEVER, union } from './intervals.ts';
import type { MeasureOptions } from './options.ts';

export type Look = 'point' | 'core' | 'hull' | 'wideCore' | 'wideHull';

/** One whom the metrics count: a human, or an agent together with its avatars. */
export interface Actor {
  identity: string;
  role: Role;
  kind: string;
  /** Without aborted tries. */
  sessions: Session[];
  tracks: Track[];
}

export class Scene {
  readonly resolved: ResolvedCall;
  readonly options: MeasureOptions;
  /** People: humans and agents that came and are not hidden. */
  readonly people: Actor[];
  readonly humans: Actor[];
  readonly agents: Actor[];
  /** Every identity that came, services and hidden people too. */
  readonly everybody: Actor[];
  readonly #humans: ReadonlySet<Actor>;
  readonly #views = new Map<Look, View>();
  readonly #found = new Map<string, unknown>();

  constructor(resolved: ResolvedCall, options: MeasureOptions) {
    this.resolved = resolved;
    this.options = options;
    const principals = new Map<string, Actor>();
    const avatars: [Person, Actor][] = [];
    this.everybody = [];
    for (const person of resolved.people) {
      const actor = actorOf(person);
      if (actor.sessions.length === 0) continue;
      if (person.onBehalfOf !== null && person.onBehalfOf !== person.identity) avatars.push([person, actor]);
      else {
        this.everybody.push(actor);
        if (!person.hidden) principals.set(person.identity, actor);
      }
    }
    for (const [person, avatar] of avatars) {
      const agent = principals.get(person.onBehalfOf!);
      if (agent?.role === 'agent') {
        agent.sessions = agent.sessions.concat(avatar.sessions);
        agent.tracks = agent.tracks.concat(avatar.tracks);
      } else {
        // the agent it acts for was never seen: the avatar stands in for it
        this.everybody.push(avatar);
        if (!person.hidden) principals.set(person.identity, avatar);
      }
    }
    this.people = [...principals.values()].filter(({ role }) => role !== 'service');
    this.humans = this.people.filter(({ role }) => role === 'human');
    this.agents = this.people.filter(({ role }) => role === 'agent');
    this.#humans = new Set(this.humans);
  }

  /** Whether this is one of the humans that are counted. */
  counts(actor: Actor): boolean {
    return this.#humans.has(actor);
  }

  /** What several metrics ask for, found once. */
  once<Found>(key: string, find: () => Found): Found {
    let found = this.#found.get(key) as Found | undefined;
    if (found === undefined) {
      found = find();
      this.#found.set(key, found);
    }
    return found;
  }

  look(look: Look): View {
    let view = this.#views.get(look);
    if (view === undefined) {
      view = new View(this, look);
      this.#views.set(look, view);
    }
    return view;
  }

  get point(): View {
    return this.look('point');
  }
}

function actorOf(person: Person): Actor {
  const sessions = person.sessions.filter(({ aborted }) => !aborted);
  return {
    identity: person.identity,
    role: person.role,
    kind: person.kind,
    sessions,
    tracks: sessions.flatMap(({ tracks }) => tracks),
  };
}

/** Instants of one look; everything is computed when first asked for. */
export class View {
  readonly scene: Scene;
  readonly look: Look;
  readonly #presence = new Map<Actor, Instants>();
  readonly #conversing = new Map<Actor, Instants>();
  #published: readonly Instants[] | undefined;
  #agentAudio: Instants | undefined;
  #connected: Instants | undefined;
  #humanVideo: boolean | undefined;
  #callSpan: { from: number; to: number } | null | undefined;

  constructor(scene: Scene, look: Look) {
    this.scene = scene;
    this.look = look;
  }

  startOf(span: Span): number {
    const { start } = span;
    return this.look === 'point'
      ? start.at
      : this.look === 'core'
        ? start.high
        : this.look === 'wideCore'
          ? start.top
          : start.low;
  }

  endOf(span: Span): number {
    const { end } = span;
    return this.look === 'point'
      ? end.at
      : this.look === 'hull'
        ? end.high
        : this.look === 'wideHull'
          ? end.top
          : end.low;
  }

  /** Whether the session was a conversation: an unanswered phone is not, and one that may be is not certain. */
  readonly conversed = ({ phone }: Session): boolean =>
    phone?.answered !== false && !(this.certain && phone?.mayBeUnanswered);

  /** A core look: only what is certain. */
  get certain(): boolean {
    return this.look === 'core' || this.look === 'wideCore';
  }

  span(span: Span): Instants {
    return this.certain && !span.certain ? NEVER : interval(this.startOf(span), this.endOf(span));
  }

  /** When the actor was in the room: the union of its sessions, so a gap is absence. */
  presence(actor: Actor): Instants {
    return this.#once(this.#presence, actor, () => union(actor.sessions.map((session) => this.span(session.span!))));
  }

  /** When the actor could converse: an unanswered phone never, a phone whose answer no event told certainly only from its first sign of it. */
  conversing(actor: Actor): Instants {
    if (!actor.sessions.some(({ phone }) => phone !== null)) return this.presence(actor);
    return this.#once(this.#conversing, actor, () =>
      union(
        actor.sessions.map(({ span, phone }) => {
          if (phone?.answered === false) return NEVER;
          const here = this.span(span!);
          return phone !== null && this.certain
            ? interval(Math.max(here[0] ?? 0, phone.certainFrom), here[1] ?? 0)
            : here;
        }),
      ),
    );
  }

  tracks(actor: Actor, which: (track: Track) => boolean): Instants {
    return union(actor.tracks.filter(which).map((track) => this.span(track.span)));
  }

  source(actor: Actor, source: Source): Instants {
    return this.tracks(actor, (track) => track.source === source);
  }

  readonly presences = (actors: readonly Actor[]): Instants[] => actors.map((actor) => this.presence(actor));
  readonly conversings = (actors: readonly Actor[]): Instants[] => actors.map((actor) => this.conversing(actor));

  /** When each of the people had at least one track up. */
  get published(): readonly Instants[] {
    this.#published ??= this.scene.people.map((actor) => this.tracks(actor, () => true));
    return this.#published;
  }

  /** When at least one agent had an audio track up. */
  get agentAudio(): Instants {
    this.#agentAudio ??= union(this.scene.agents.map((agent) => this.tracks(agent, ({ audio }) => audio)));
    return this.#agentAudio;
  }

  /** When at least two people were connected and in conversation. */
  get connected(): Instants {
    this.#connected ??= atLeast(2, this.conversings(this.scene.people));
    return this.#connected;
  }

  /** Whether a human published a camera or a screen for any time. */
  get humanVideo(): boolean {
    this.#humanVideo ??= this.scene.humans.some(
      (human) => this.tracks(human, ({ source }) => source === 'camera' || source === 'screenShare').length > 0,
    );
    return this.#humanVideo;
  }

  /** The room's life. */
  get room(): Instants {
    const { start, end } = this.scene.resolved.room;
    return interval(
      this.startOf({ start, end, open: false, certain: true }),
      this.endOf({ start, end, open: false, certain: true }),
    );
  }

  /** First join and last leave of people; in a core look the end may come before the begin. Null when nobody came. */
  get callSpan(): { from: number; to: number } | null {
    if (this.#callSpan === undefined) this.#callSpan = extent(this, this.scene.people);
    return this.#callSpan;
  }

  /** ms from the first join to the last leave; 0 when nobody came. */
  get callLength(): number {
    return this.callSpan === null ? 0 : Math.max(0, this.callSpan.to - this.callSpan.from);
  }

  #once(memo: Map<Actor, Instants>, actor: Actor, compute: () => Instants): Instants {
    let instants = memo.get(actor);
    if (instants === undefined) {
      instants = compute();
      memo.set(actor, instants);
    }
    return instants;
  }
}

/** First start and last end of actors' sessions; sessions that may never have been count only in a hull and a point look. */
export function extent(
  view: View,
  actors: readonly Actor[],
  counts: (session: Session) => boolean = () => true,
): { from: number; to: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let came = false;
  for (const actor of actors)
    for (const session of actor.sessions) {
      if (!counts(session)) continue;
      came = true;
      if (view.certain && !session.span!.certain) continue;
      from = Math.min(from, view.startOf(session.span!));
      to = Math.max(to, view.endOf(session.span!));
    }
  return came ? { from, to } : null;
}
