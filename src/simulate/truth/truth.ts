import { asClocksTell, asOldServerTells, type Call } from '../call.ts';
import { putAgent, putResponses } from './agent.ts';
import { answered, hasCome, type Member } from './cast.ts';
import { endingOf } from './ending.ts';
import { lastProofIsClear } from './life.ts';
import { putList, putParticipants } from './participants.ts';
import { putRecording } from './recording.ts';
import { anyAt, countAt, layOut, type Scene, sum } from './scene.ts';
import { covers } from './slices.ts';
import { putPublishers, putTracks } from './tracks.ts';
import { kindOf, type Put, type Value } from './values.ts';

export interface Truth {
  /** By metric path. What two fair readings of the contract tell differently for this call is not in it. */
  values: Record<string, Value>;
  /** By how much, in the value's own unit, whole-second clocks may honestly move it. */
  grains: Record<string, number>;
  /** True, but told by no webhook: `evidence.bounds` of these paths must contain them. */
  bounded: Record<string, number>;
}

export interface TruthOptions {
  /** What an old server's webhooks can tell at best. */
  old?: boolean;
}

/** What the metrics of a call are, from the call alone. `now` lies after all that happened in it (see `asOf`). */
export function truthOf(trueCall: Call, now: number = trueCall.now, { old = false }: TruthOptions = {}): Truth {
  const call = old ? asOldServerTells(trueCall) : trueCall;
  const truth = evaluate(call, now, old);
  if (call.mode === 'whole') return { ...truth, grains: {} };

  // Where coarse clocks swap two instants, a count, a flag or a first may rightly turn: no webhook could tell it.
  const told = evaluate(asClocksTell(call, old), now, old).values;
  for (const [path, value] of Object.entries(truth.values)) {
    if (!(path in told) || apart(path, value, told[path]!) > grainOf(path, truth) + 1e-6) delete truth.values[path];
  }
  return truth;
}

/** The largest honest deviation of a metric: seconds for durations and instants, else in its own unit. */
export const grainOf = (path: string, { grains }: Pick<Truth, 'grains'>): number => grains[path] ?? 0;

/** How far two values lie from each other; what cannot be measured is infinitely far. */
export function apart(path: string, one: Value, other: Value): number {
  if (one === other) return 0;
  if (kindOf(path) === 'instant') return Math.abs(Date.parse(String(one)) - Date.parse(String(other))) / 1000;
  return typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) : Infinity;
}

function evaluate(call: Call, now: number, old: boolean): Truth {
  const scene = layOut(call, now, old);
  const truth: Truth = { values: {}, grains: {}, bounded: {} };
  const put: Put = (path, value, grain = 0) => {
    truth.values[path] = value;
    truth.grains[path] = grain;
  };

  const { life } = scene;
  put('roomName', call.room.name);
  put('status', life.status);
  put('startedAt', new Date(life.from).toISOString(), scene.grain.join);
  if (life.status === 'expired' && !lastProofIsClear(call)) return truth;

  putDurations(scene, put);
  putParticipants(scene, put);
  putList(scene, put);
  putPublishers(scene, put);
  putTracks(scene, put);
  const noShow = putAgent(scene, put);
  putResponses(scene, put);
  putRecording(scene, put);
  putPhone(call, put);
  putEnding(scene, noShow, put);
  boundRinging(scene, truth);
  return truth;
}

function putDurations(scene: Scene, put: Put): void {
  const { agents, callSeconds, connected, grain, humans, life, members, slices } = scene;
  const anybody = members.length > 0;
  const edges = sum(members, ({ presence }) => grain.presence(presence));
  const together = (instant: number) => countAt(connected, instant) >= 2;
  const served = (instant: number) => anyAt(humans, instant) && anyAt(agents, instant);
  put('endedAt', life.status === 'active' ? null : new Date(life.to).toISOString(), 1);
  put('duration', (life.to - life.from) / 1000, grain.join + grain.end);
  put('callDuration', callSeconds, grain.call);
  put('connectedDuration', anybody ? slices.seconds(together) : null, edges);
  put('agentHumanDuration', anybody ? slices.seconds(served) : null, edges);
}

function putPhone(call: Call, put: Put): void {
  const answers = new Set(call.people.filter((person) => person.kind === 'SIP' && hasCome(person)).map(answered));
  // Several phones with several answers: the contract has one `sip`.
  if (answers.size <= 1) put('sip.answered', [...answers][0] ?? null);
}

function putEnding(scene: Scene, noShow: boolean | null, put: Put): void {
  const { call, life, members, slices } = scene;
  const ending =
    life.status === 'active'
      ? { class: null, raw: null, identity: null }
      : endingOf(call, life, slices, members, noShow);
  for (const [part, value] of Object.entries(ending)) put(`endReason.${part}`, value);
}

/** Beside an outbound phone nobody can tell ringing from talking: these values are the engine's choice, within bounds. */
function boundRinging({ agents, call, connected, humans, slices }: Scene, { bounded, values }: Truth): void {
  const dialled = call.people.filter(
    (person) => person.kind === 'SIP' && person.attributes['sip.ruleID'] === undefined && answered(person) !== false,
  );
  if (dialled.length === 0) return;
  for (const path of ['connectedDuration', 'agentHumanDuration', 'recording.coverage', 'recording.startLag']) {
    delete values[path];
  }
  const pickedUp = new Map(dialled.map(({ identity, answeredAt }) => [identity, answeredAt ?? Infinity]));
  const talking = (group: readonly Member[], instant: number) =>
    group.filter(({ identity, presence }) => instant >= (pickedUp.get(identity) ?? 0) && covers(presence, instant))
      .length;
  bounded.connectedDuration = slices.seconds((instant) => talking(connected, instant) >= 2);
  bounded.agentHumanDuration = slices.seconds(
    (instant) => talking(humans, instant) > 0 && talking(agents, instant) > 0,
  );
}
