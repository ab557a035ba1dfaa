/** What of a call its events show at all: of what left no sign nobody can know, however well the rest is measured. */
import type { ParticipantFacts, WebhookEvent } from '../../webhook/event.ts';

/**
 * One for the room, each connection, track, egress, ingress and job, and one for each person of whom its own events alone
 * tell what it is.
 * @param classified people are taken for what the user's own classifier makes of their names and attributes
 */
export function signsOf(events: readonly WebhookEvent[], classified: boolean): Set<string> {
  const signs = new Set<string>();
  for (const { room, participant, track, egress, ingress, job, type } of events) {
    if (room.sid !== null) signs.add(`room ${room.sid}`);
    if (participant) {
      signs.add(`connection ${participant.sid}`);
      if (type.startsWith('participant_') && (classified || !isPlain(participant)))
        signs.add(`person ${participant.identity}`);
    }
    if (track) signs.add(`track ${track.sid}`);
    if (egress) signs.add(`egress ${egress.id}`);
    if (ingress) signs.add(`ingress ${ingress.id} ${ingress.resourceId}`);
    if (job) signs.add(`job ${job.id}`);
  }
  return signs;
}

/** Whom one takes for what they are by their identity alone, as the events of their tracks give it. */
function isPlain({ attributes, hidden, identity, kind = 'STANDARD' }: ParticipantFacts): boolean {
  const asItSeems = kind === 'STANDARD' || (kind === 'AGENT' && /^agent[-_]/.test(identity));
  return asItSeems && !hidden && Object.keys(attributes ?? {}).length === 0;
}
