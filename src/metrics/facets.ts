/** What lists of calls are filtered and sorted by: a few values of a measured call, small enough to walk over many. */
import type { Call } from '../call/call.ts';
import { agentNames } from './agentNames.ts';
import type { CallMetrics } from './callMetrics.ts';

export interface Facets {
  status: CallMetrics['status'];
  startedAt: string;
  endedAt: string | null;
  /** seconds */
  duration: number;
  endReason: string | null;
  completeness: number;
  /** Identities of its agents, the names that they show, and those by which they were dispatched. */
  agents: string[];
  /** LiveKit's kind names of those who came. */
  kinds: string[];
  /** The user's own, of its agents' sessions. */
  tags: string[];
  /** The room's metadata, where that is a JSON object: its texts, numbers and booleans, as text, by their path (`plan.name`). */
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
    kinds: Object.keys(participants.byKind),
    tags: metrics.session?.tags ?? [],
    agents: [
      ...new Set([
        ...agents.flatMap(({ identity, name }) => (name ? [identity, name] : [identity])),
        ...agentNames(metrics),
      ]),
    ],
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
  return Object.fromEntries(
    leavesOf(parsed, '')
      .slice(0, MOST_KEYS)
      .map(([path, value]) => [path, value.slice(0, LONGEST_VALUE)]),
  );
}

const DEEPEST = 4;

function leavesOf(node: object, above: string, depth = 1): [path: string, value: string][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (['string', 'number', 'boolean'].includes(typeof value)) return [[above + key, String(value)]];
    const isNode = typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST;
    return isNode ? leavesOf(value, `${above}${key}.`, depth + 1) : [];
  });
}
