import { type Random, seeded } from '../random.ts';
import type { Call, Egress, Kind, Mode, Person, Session, Source, Track } from './call.ts';
import { roleOf } from './call.ts';

/** Where scenarios are played: it hands out ids and instants, and writes the true call down. */
export interface Stage {
  random: Random;
  call: Call;
  /** The room's creation. */
  start: number;
  /** An instant `low` to `high` seconds after another, on the call's clock. */
  after(instant: number, low: number, high?: number): number;
  id(prefix: string): string;
  person(identity: string, kind?: Kind, more?: Partial<Person>): Person;
  agent(name?: string): Person;
  connect(person: Person, from: number, to?: number | null, reason?: string): Session;
  publish(session: Session, source: Source, from?: number, to?: number | null): Track;
  /** Connects with a microphone. */
  speak(person: Person, from: number, to?: number | null, reason?: string): Session;
  abort(person: Person, from: number, reason: string): void;
  record(from: number, outcome: Egress['outcome'], to?: number): Egress;
  /** The room ends by itself: departureTimeout after the last one who holds it has gone. */
  idleOut(): void;
  /** Ends the room, and with it whatever is still inside. */
  end(at: number, reason?: string, endReason?: string): void;
}

const VIDEO: readonly Source[] = ['CAMERA', 'SCREEN_SHARE'];
const TRACK_LETTERS: Record<Source, string> = {
  UNKNOWN: 'A',
  CAMERA: 'VC',
  MICROPHONE: 'AM',
  SCREEN_SHARE: 'VS',
  SCREEN_SHARE_AUDIO: 'As',
};

export interface StageOptions {
  seed: number;
  mode: Mode;
  scenario: string;
  /** Some instant of a day in March where none is given. */
  start?: number;
}

export function openStage({ seed, mode, scenario, start: given }: StageOptions): Stage {
  const random = seeded(seed);
  const drawn = Date.UTC(2026, 2, 1) + random.int(0, 86_399) * 1000 + (mode === 'ms' ? random.int(0, 999) : 0);
  const start = given ?? drawn;
  const id = (prefix: string) => prefix + random.word(12);
  const call: Call = {
    seed,
    mode,
    scenario,
    room: {
      sid: id('RM_'),
      name: `${scenario}-${random.word(6)}`,
      starts: [start],
      ends: [],
      emptyTimeout: random.pick([300, 300, 300, 120]),
      departureTimeout: random.pick([20, 20, 20, 45]),
    },
    people: [],
    egresses: [],
    ingresses: [],
    jobs: [],
    now: start,
  };
  const after = (instant: number, low: number, high = low) =>
    instant + (mode === 'ms' ? random.int(low * 1000, high * 1000) : random.int(low, high) * 1000);

  const person: Stage['person'] = (identity, kind = 'STANDARD', more = {}) => {
    const who = { identity, name: identity, kind, hidden: false, attributes: {}, sessions: [], aborted: [], ...more };
    call.people.push(who);
    return who;
  };
  const connect: Stage['connect'] = (who, from, to = null, reason = 'CLIENT_INITIATED') => {
    const active = Math.min(after(from, 0, 1), to ?? Infinity);
    const session = { sid: id('PA_'), from, active, to, reason: to === null ? null : reason, tracks: [] };
    who.sessions.push(session);
    return session;
  };
  const publish: Stage['publish'] = (session, source, from = after(session.active, 0, 2), to = null) => {
    const track: Track = {
      sid: id(`TR_${TRACK_LETTERS[source]}`),
      type: VIDEO.includes(source) ? 'VIDEO' : 'AUDIO',
      source,
      from: Math.min(from, session.to ?? Infinity),
      to,
    };
    session.tracks.push(track);
    return track;
  };
  const end: Stage['end'] = (at, reason = 'ROOM_CLOSED', endReason) => {
    for (const session of call.people.flatMap(({ sessions }) => sessions)) {
      if (session.to === null) Object.assign(session, { to: at, reason });
    }
    for (const egress of call.egresses) {
      if (egress.outcome === null) {
        // The recorder notices the end, and uploads before it reports: after room_finished.
        Object.assign(egress, { stoppedAt: at, reportedAt: after(at, 1, 20), outcome: 'COMPLETE' });
      }
    }
    call.room.ends.push(at);
    if (endReason !== undefined) call.room.endReason = endReason;
  };

  return {
    random,
    call,
    start,
    after,
    id,
    person,
    connect,
    publish,
    end,
    agent: (name = 'frontdesk') =>
      person(id('agent-AJ_'), 'AGENT', { name: '', attributes: { 'lk.agent.name': name } }),
    speak(who, from, to, reason) {
      const session = connect(who, from, to, reason);
      publish(session, 'MICROPHONE');
      return session;
    },
    abort(who, from, reason) {
      who.aborted.push({ sid: id('PA_'), from, at: after(from, 1, 15), reason });
    },
    record(from, outcome, to) {
      const recorded = outcome !== 'ABORTED';
      const activeAt = recorded ? after(from, 1, 4) : null;
      const stoppedAt = recorded && to !== undefined ? Math.max(to, activeAt!) : null;
      const egress: Egress = {
        id: id('EG_'),
        requestedAt: from,
        activeAt,
        stoppedAt,
        reportedAt: to === undefined ? null : after(stoppedAt ?? to, 0, 5),
        outcome: to === undefined ? null : outcome,
        output: random.pick(['file', 'file', 'stream', 'segments']),
      };
      call.egresses.push(egress);
      if (activeAt !== null) {
        connect(person(egress.id, 'EGRESS', { name: '', hidden: true }), Math.max(from, activeAt - 1000), stoppedAt);
      }
      return egress;
    },
    idleOut() {
      // A try that was aborted held the room as well. Agents and recorders do not.
      const left = ({ aborted, sessions }: Person) => [
        ...aborted.map((attempt) => attempt.at),
        ...sessions.map(({ to }) => to ?? start),
      ];
      const holders = call.people.filter((who) => roleOf(who) !== 'agent' && who.kind !== 'EGRESS');
      const empty = Math.max(start, ...holders.flatMap(left));
      const timeout = empty > start ? call.room.departureTimeout : call.room.emptyTimeout;
      end(Math.max(empty + timeout * 1000, ...call.people.flatMap(left)));
    },
  };
}
