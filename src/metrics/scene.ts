/**
 * The cast of a call as the metrics count it, and five looks at its spans.
 *
 * Each span has a certain core and a possible hull. The same measure run over cores and over hulls bounds what grows
 * with the spans; ratios follow by interval arithmetic. The tight looks take the clocks at their word; the wide ones
 * count their grain as well, for bounds that hold the truth.
 */
import type { Span } from '../call/boundary.ts';
import type { Person, ResolvedCall, Role, Session, Source, Track } from '../call/resolved.ts';
import { atLeast, type Instants, intersect, interval, lengthOf, NEVER, peak, union } from './intervals.ts';
import type { MeasureOptions } from './options.ts';

type Look = 'point' | 'core' | 'hull' | 'wideCore' | 'wideHull';

/** One whom the metrics count: a human, or an agent together with its avatars. */
export interface Actor {
  /** Its place in what a look remembers of each. */
  index: number;
  identity: string;
  role: Role;
  kind: string;
  hidden: boolean;
  /** Without aborted tries. */
  sessions: readonly Session[];
  /** The same without those of its avatars. */
  own: readonly Session[];
  tracks: readonly Track[];
  /** It is or has a telephone, whose presence may be mere ringing. */
  phone: boolean;
}

export class Scene {
  readonly resolved: ResolvedCall;
  readonly options: MeasureOptions;
  /** Every person by itself, an avatar too, in the order of `resolved.people`. */
  readonly individuals: readonly Actor[];
  /** Every identity that came, services and hidden people too. */
  readonly everybody: readonly Actor[];
  /** People: humans and agents that came and are not hidden. */
  readonly people: readonly Actor[];
  readonly humans: readonly Actor[];
  readonly agents: readonly Actor[];
  /** The look that the values are of; the others bound them. */
  readonly point: View;
  readonly #found = new Map<string, unknown>();

  constructor(resolved: ResolvedCall, options: MeasureOptions) {
    this.resolved = resolved;
    this.options = options;
    this.individuals = resolved.people.map(actorOf);
    this.everybody = withAvatars(resolved.people, this.individuals);
    this.people = this.everybody.filter(({ role, hidden }) => role !== 'service' && !hidden);
    this.humans = this.people.filter(({ role }) => role === 'human');
    this.agents = this.people.filter(({ role }) => role === 'agent');
    this.point = new View(this, 'point');
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

  look(look: Exclude<Look, 'point'>): View {
    return this.once(look, () => new View(this, look));
  }
}

function actorOf({ identity, role, kind, hidden, sessions: all }: Person, index: number): Actor {
  const sessions = all.some(({ aborted }) => aborted) ? all.filter(({ aborted }) => !aborted) : all;
  const tracks = sessions.length === 1 ? sessions[0]!.tracks : sessions.flatMap((session) => session.tracks);
  const phone = sessions.some((session) => session.phone !== null);
  return { index, identity, role, kind, hidden, sessions, own: sessions, tracks, phone };
}

/** Those who came, each avatar as a part of the agent it acts for. */
function withAvatars(people: readonly Person[], individuals: readonly Actor[]): Actor[] {
  const everybody: Actor[] = [];
  const avatars: [agent: string, Actor][] = [];
  for (const [i, actor] of individuals.entries()) {
    const { onBehalfOf } = people[i]!;
    if (actor.sessions.length === 0) continue;
    if (onBehalfOf === null || onBehalfOf === actor.identity) everybody.push(actor);
    else avatars.push([onBehalfOf, actor]);
  }
  if (avatars.length === 0) return everybody;
  const places = new Map(everybody.map(({ identity }, place) => [identity, place]));
  for (const [i, [identity, avatar]] of avatars.entries()) {
    const place = places.get(identity) ?? -1;
    const agent = everybody[place];
    if (agent?.role === 'agent' && !agent.hidden)
      everybody[place] = {
        ...agent,
        index: individuals.length + i,
        sessions: agent.sessions.concat(avatar.sessions),
        tracks: agent.tracks.concat(avatar.tracks),
        phone: agent.phone || avatar.phone,
      };
    // the agent it acts for was never seen: the avatar stands in for it
    else places.set(avatar.identity, everybody.push(avatar) - 1);
  }
  return everybody;
}

/** Instants of one look; everything is computed when first asked for. */
export class View {
  readonly scene: Scene;
  readonly look: Look;
  /** A core look: only what is certain. */
  readonly certain: boolean;
  /** By the actor's index. */
  readonly #presence: Instants[];
  readonly #conversing: Instants[] = [];
  #publishing: { peak: number; ms: number } | undefined;
  #humans: Instants | undefined;
  #firstHuman: number | undefined;
  #agents: Instants | undefined;
  #agentAudio: Instants | undefined;
  #connected: Instants | undefined;
  #together: Instants | undefined;
  #humanVideo: boolean | undefined;
  #callSpan: { from: number; to: number } | null | undefined;

  constructor(scene: Scene, look: Look) {
    this.scene = scene;
    this.look = look;
    this.certain = look === 'core' || look === 'wideCore';
    this.#presence = new Array(scene.individuals.length);
  }

  startOf({ start }: Span): number {
    switch (this.look) {
      case 'point':
        return start.at;
      case 'core':
        return start.high;
      case 'wideCore':
        return start.top;
      default:
        return start.low;
    }
  }

  endOf({ end }: Span): number {
    switch (this.look) {
      case 'point':
        return end.at;
      case 'hull':
        return end.high;
      case 'wideHull':
        return end.top;
      default:
        return end.low;
    }
  }

  /** The actor's sessions that were conversations: an unanswered phone is none, and one that may be is not certain. */
  conversations({ phone, sessions }: Actor): readonly Session[] {
    return phone ? sessions.filter(this.conversed) : sessions;
  }

  readonly conversed = ({ phone }: Session): boolean =>
    phone === null || (phone.answered !== false && !(this.certain && phone.mayBeUnanswered));

  span(span: Span): Instants {
    return this.certain && !span.certain ? NEVER : interval(this.startOf(span), this.endOf(span));
  }

  /** When the actor was in the room: the union of its sessions, so a gap is absence. */
  presence(actor: Actor): Instants {
    this.#presence[actor.index] ??= union(actor.sessions.map(({ span }) => this.span(span!)));
    return this.#presence[actor.index]!;
  }

  /** When the actor could converse: an unanswered phone never, a phone whose answer no event told certainly only from its first sign of it. */
  conversing(actor: Actor): Instants {
    if (!actor.phone) return this.presence(actor);
    this.#conversing[actor.index] ??= union(actor.sessions.map((session) => this.#conversation(session)));
    return this.#conversing[actor.index]!;
  }

  #conversation({ span, phone }: Session): Instants {
    if (phone?.answered === false) return NEVER;
    const here = this.span(span!);
    return phone !== null && this.certain ? interval(Math.max(here[0] ?? 0, phone.certainFrom), here[1] ?? 0) : here;
  }

  tracks(actor: Actor, which: (track: Track) => boolean): Instants {
    const up: Instants[] = [];
    for (const track of actor.tracks) if (which(track)) up.push(this.span(track.span));
    return union(up);
  }

  source(actor: Actor, source: Source): Instants {
    return this.tracks(actor, (track) => track.source === source);
  }

  presences(actors: readonly Actor[]): Instants[] {
    return actors.map((actor) => this.presence(actor));
  }

  conversings(actors: readonly Actor[]): Instants[] {
    return actors.map((actor) => this.conversing(actor));
  }

  /** People with at least one track up: the most at one instant, and their time, ms, together. */
  get publishing(): { peak: number; ms: number } {
    if (this.#publishing === undefined) {
      const published = this.scene.people.map((actor) => this.tracks(actor, () => true));
      let ms = 0;
      for (const up of published) ms += lengthOf(up);
      this.#publishing = { peak: peak(published), ms };
    }
    return this.#publishing;
  }

  /** When one could have spoken with the human: an unanswered phone is out of it. */
  reachable(human: Actor): Instants {
    return human.phone ? union(this.conversations(human).map(({ span }) => this.span(span!))) : this.presence(human);
  }

  /** When at least one human could have spoken with an agent. */
  get humans(): Instants {
    this.#humans ??= union(this.scene.humans.map((human) => this.reachable(human)));
    return this.#humans;
  }

  /** When the first human joined; in a core look without a certain one: never. */
  get firstHuman(): number {
    if (this.#firstHuman === undefined) {
      let first = Number.POSITIVE_INFINITY;
      for (const human of this.scene.humans)
        for (const { span } of this.conversations(human))
          if (!this.certain || span!.certain) first = Math.min(first, this.startOf(span!));
      this.#firstHuman = first;
    }
    return this.#firstHuman;
  }

  /** When at least one agent was there. */
  get agents(): Instants {
    this.#agents ??= union(this.presences(this.scene.agents));
    return this.#agents;
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

  /** When at least one human and one agent were. */
  get together(): Instants {
    this.#together ??= intersect(union(this.conversings(this.scene.humans)), this.agents);
    return this.#together;
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
    return this.span({ start, end, open: false, certain: true });
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
}

/** First start and last end of actors' sessions; sessions that may never have been count only in a hull and a point look. */
export function extent(view: View, actors: readonly Actor[]): { from: number; to: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let came = false;
  for (const { sessions } of actors)
    for (const { span } of sessions) {
      came = true;
      if (view.certain && !span!.certain) continue;
      from = Math.min(from, view.startOf(span!));
      to = Math.max(to, view.endOf(span!));
    }
  return came ? { from, to } : null;
}
