/** Whether what is said of a call with events lost can be trusted as far as it says. */
import type { CallMetrics } from '../../src/index.ts';
import { type Call, type Emitted, grainOf, kindOf, TOLERANCES, type Truth, valueAt } from '../simulator/index.ts';

type Value = Truth['values'][string];
const SIGNS = { track: 'sid', egressInfo: 'egressId', ingressInfo: 'ingressId', job: 'id' };

/** Whether the room, every person, connection, track, egress, ingress and job left a sign, and every person's kind is told, or plain. */
export function isKnowable(call: Call, left: readonly Emitted[]): boolean {
  const seen = new Set<string>();
  for (const { event } of left) {
    const told = event as Record<string, Record<string, string> | undefined>;
    seen.add(`room ${told.room!.sid}`);
    if (told.participant) seen.add(`connection ${told.participant.sid}`);
    if (event.event.startsWith('participant_')) seen.add(`kind ${told.participant!.identity}`);
    for (const [field, id] of Object.entries(SIGNS)) if (told[field]) seen.add(`${field} ${told[field][id]}`);
  }
  const connections = call.people.flatMap(({ aborted, sessions }) => [...aborted, ...sessions]);
  const signs = [
    `room ${call.room.sid}`,
    ...call.people.filter((person) => !isPlain(person)).map(({ identity }) => `kind ${identity}`),
    ...connections.map(({ sid }) => `connection ${sid}`),
    ...call.people.flatMap(({ sessions }) => sessions.flatMap(({ tracks }) => tracks.map(({ sid }) => `track ${sid}`))),
    ...call.egresses.map(({ id }) => `egressInfo ${id}`),
    ...call.ingresses.map(({ id }) => `ingressInfo ${id}`),
    ...call.jobs.map(({ id }) => `job ${id}`),
  ];
  return signs.every((sign) => seen.has(sign));
}

/** Whom the contract takes for what they are by their identity alone. */
const isPlain = ({ attributes, hidden, identity, kind }: Call['people'][number]): boolean =>
  !hidden &&
  attributes['lk.publish_on_behalf'] === undefined &&
  (kind === 'STANDARD' || (kind === 'AGENT' && identity.startsWith('agent-')));

/** Whether anybody was connected, and so whether these have a value, is said by the bounds of another one. */
const RESTS_ON: Record<string, string> = { 'recording.coverage': 'connectedDuration' };

/** One sentence for each value that is not the true one, without saying so. */
export function untrue(metrics: CallMetrics, truth: Truth): string[] {
  const { bounds, completeness, gaps, uncertain } = metrics.evidence;
  const endLost = gaps.some(({ missing }) => missing === 'room_finished');
  return Object.entries(truth.values).flatMap(([path, expected]) => {
    // By the contract it says that the end was not seen.
    if (endLost && path === 'status') return [];
    const found = valueAt(metrics, path) as Value | undefined;
    const around = parents(path);
    const bound = around.map((one) => bounds[one]).find((one) => one !== undefined);
    const digits = TOLERANCES[kindOf(path)];
    const fault = `${path}: ${JSON.stringify(found)} within ${JSON.stringify(bound)}, true is ${JSON.stringify(expected)}`;

    if (found !== undefined && expected !== null && bound !== undefined)
      return [found, expected].every((value) => value === null || isWithin(bound, value, digits)) ? [] : [fault];
    if (isSame(found, expected, digits + grainOf(path, truth)) || around.some((one) => uncertain.includes(one)))
      return [];
    const isUnknown = found === null && gaps.length > 0 && completeness < 1;
    const mayBeNone = expected === null && (bound ?? bounds[RESTS_ON[path] ?? '']) !== undefined;
    return isUnknown || mayBeNone ? [] : [fault];
  });
}

function isWithin([low, high]: CallMetrics['evidence']['bounds'][string], value: Value, slack: number): boolean {
  const number = numeric(value) as number;
  return Number(numeric(low) ?? -Infinity) - slack <= number && number <= Number(numeric(high) ?? Infinity) + slack;
}

function isSame(found: Value | undefined, expected: Value, allowed: number): boolean {
  if (found === undefined) return false;
  if (found === null || expected === null || typeof expected === 'boolean') return found === expected;
  const [one, other] = [numeric(found), numeric(expected)];
  return typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) <= allowed : one === other;
}

const INSTANT = /^\d{4}-\d\d-\d\dT/;

/** Instants as seconds, all else as it is. */
function numeric(value: Value | undefined): Value | undefined {
  return typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) / 1000 : value;
}

/** The path itself, and what it lies in. */
function parents(path: string): string[] {
  const end = path.lastIndexOf('.');
  return end === -1 ? [path] : [path, ...parents(path.slice(0, end))];
}
