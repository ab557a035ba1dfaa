import type { Call, Person } from './call.ts';
import type { Emitted } from './emit.ts';

const SIGNS = { track: 'sid', egressInfo: 'egressId', ingressInfo: 'ingressId', job: 'id' };

/** Whether the room, every person, connection, track, egress, ingress and job left a sign, and every person's kind is told, or plain. */
export function isKnowable(call: Call, arrived: readonly Emitted[]): boolean {
  const seen = new Set<string>();
  for (const { event } of arrived) {
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
const isPlain = ({ attributes, hidden, identity, kind }: Person): boolean =>
  !hidden &&
  attributes['lk.publish_on_behalf'] === undefined &&
  (kind === 'STANDARD' || (kind === 'AGENT' && identity.startsWith('agent-')));
