/** What the agents of a call are called. */
import type { CallMetrics } from './callMetrics.ts';

/** LiveKit calls an agent after its job, where the agent has no identity of its own. */
const MADE_UP = /^agent-AJ_/;

/**
 * The names by which they were dispatched, as their participants (`lk.agent.name`), jobs and telemetry tell; where nothing does,
 * the names that they show, or identities of their own. Sorted.
 */
export function agentNames({ agent, evidence, participants }: CallMetrics): string[] {
  const agents = participants.list.filter(
    ({ role, hidden, onBehalfOf }) => role === 'agent' && !hidden && onBehalfOf === null,
  );
  const told = [...agents, ...agent.jobs, ...evidence.telemetry].flatMap(({ agentName }) => agentName || []);
  const seen = agents.flatMap(({ name, identity }) => (MADE_UP.test(identity) ? name || [] : identity));
  return [...new Set(told.length > 0 ? told : seen)].sort();
}
