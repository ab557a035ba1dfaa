/** What lists of calls are filtered and sorted by: a few values of a measured call, small enough to walk over many. */
import type { Call } from '../call/call.ts';
import type { CallMetrics } from './callMetrics.ts';

export interface Facets {
  status: CallMetrics['status'];
  startedAt: string;
  endedAt: string | null;
  /** seconds */
  duration: number;
  endReason: string | null;
  completeness: number;
  /** Identities and names of its agents. */
  agents: string[];
  /** The top level of the room's metadata, where that is a JSON object: its texts, numbers and booleans, as text. */
  metadata: Record<string, string>;
}

/** Metadata may be anything: so many keys, of so many characters, are kept. */
const MOST_KEYS = 32;
const LONGEST_VALUE = 200;

export function facetsOf(metrics: CallMetrics, call: Call): Facets {
  const { status, startedAt, endedAt, duration, endReason, evidence, participants } = metrics;
  const agents = participants.list.filter(({ role }) => role === 'agent');
  return {
    status,
    startedAt,
    endedAt,
    duration,
    endReason: endReason?.class ?? null,
    completeness: evidence.completeness,
    agents: [...new Set(agents.flatMap(({ identity, name }) => (name ? [identity, name] : [identity])))],
    metadata: labelsIn(call.room.metadata?.value ?? ''),
  };
}

function labelsIn(metadata: string): Record<string, string> {
  if (!metadata.trimStart().startsWith('{')) return {};
  let parsed: object;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    return {}; // it is the user's own, in a form of his own
  }
  const plain = Object.entries(parsed).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(
    plain.slice(0, MOST_KEYS).map(([key, value]) => [key, String(value).slice(0, LONGEST_VALUE)]),
  );
}
