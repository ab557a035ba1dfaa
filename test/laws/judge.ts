/** Whether what is said of a call with events lost can be trusted as far as it says. */
import type { CallMetrics } from '../../src/index.ts';
import { type Call, type Emitted, grainOf, kindOf, TOLERANCES, type Truth, valueAt } from '../simulator/index.ts';

type Value = Truth['values'][string];
const SIGNS = { track: 'sid', egressInfo: 'egressId', ingressInfo: 'ingressId', job: 'id' };

/** Whether every person, connection, track, egress, ingress and job left a sign, and every person's kind was told. */
export function isKnowable(call: Call, left: readonly Emitted[]): boolean {
  const seen = new Set<string>();
  for (const { event } of left) {
    const told = event as Record<string, Record<string, string> | undefined>;
    if (told.participant) seen.add(`connection ${told.participant.sid}`);
    if (event.event.startsWith('participant_')) seen.add(`kind ${told.participant!.identity}`);
    for (const [field, id] of Object.entries(SIGNS)) if (told[field]) seen.add(`${field} ${told[field][id]}`);
  }
  const connections = call.people.flatMap(({ aborted, sessions }) => [...aborted, ...sessions]);
  const signs = [
    ...call.people.map(({ identity }) => `kind ${identity}`),
    ...connections.map(({ sid }) => `connection ${sid}`),
    ...call.people.flatMap(({ sessions }) => sessions.flatMap(({ tracks }) => tracks.map(({ sid }) => `track ${sid}`))),
    ...call.egresses.map(({ id }) => `egressInfo ${id}`),
    ...call.ingresses.map(({ id }) => `ingressInfo ${id}`),
    ...call.jobs.map(({ id }) => `job ${id}`),
  ];
  return signs.every((sign) => seen.has(sign));
}

/** One sentence for each value that is wrong, and not said to be uncertain. */
export function untrue(metrics: CallMetrics, truth: Truth): string[] {
  const { bounds, uncertain, gaps } = metrics.evidence;
  const endLost = gaps.some(({ missing }) => missing === 'room_finished');
  return Object.entries(truth.values).flatMap(([path, expected]) => {
    const found = valueAt(metrics, path) as Value | undefined;
    const allowed = TOLERANCES[kindOf(path)] + grainOf(path, truth);
    const told = `${path}: ${JSON.stringify(found)}, true is ${JSON.stringify(expected)}`;
    // By the contract these say that the end was not seen.
    if (endLost && path === 'status') return [];

    const bound = parents(path).map((parent) => bounds[parent]).find((one) => one !== undefined);
    if (bound !== undefined && typeof numeric(expected) === 'number') {
      const [low, high] = [numeric(bound[0]) ?? -Infinity, numeric(bound[1]) ?? Infinity] as [number, number];
      const slack = TOLERANCES[kindOf(path)];
      const truly = numeric(expected) as number;
      return low - slack <= truly && truly <= high + slack ? [] : [`${told}, bounds [${bound}]`];
    }
    if (isSame(found, expected, allowed)) return [];
    if (parents(path).some((parent) => uncertain.includes(parent))) return [];
    if (found === null && gaps.length > 0 && metrics.evidence.completeness < 1) return [];
    if (bound !== undefined) return [`${told}, bounds [${bound}]: null or not?`];
    return [told];
  });
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
