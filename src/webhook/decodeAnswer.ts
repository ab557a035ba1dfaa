/**
 * What LiveKit answered when it was asked about a room of which too little came: evidence of our own making, in LiveKit's
 * own shapes. `{event: 'reconciled', id, createdAt, room, answer: {exists, participants, egresses}}`
 */
import { decodeParticipant } from './decodePeople.ts';
import { decodeEgress } from './decodeServices.ts';
import type { AnswerFacts } from './event.ts';
import { field, type Json, message, messages, NotUnderstood } from './read.ts';

export function decodeAnswer(body: Json): AnswerFacts {
  const answer = message(body, 'answer');
  const exists = answer && field(answer, 'exists');
  if (typeof exists !== 'boolean') throw new NotUnderstood('answer.exists', exists, 'true or false');
  return {
    exists,
    participants: messages(answer!, 'participants')
      .filter((participant) => field(participant, 'state') !== 'DISCONNECTED')
      .map((participant) => decodeParticipant({ participant }, true)!),
    egresses: messages(answer!, 'egresses').map((egress) => decodeEgress(egress, RECONCILED_EGRESS)),
  };
}

/** An egress that is asked for tells its whole life; an absent status is no sign of its beginning. */
const RECONCILED_EGRESS = 'egress_updated';
