import { createHash } from 'node:crypto';
import type { CallRow, MeasuredCall, NewEvent, NewQuarantined } from '../../src/store/store.ts';

export const T = Date.UTC(2026, 0, 5, 9);

export function anEvent(fact: string, more: Partial<NewEvent> = {}): NewEvent {
  const body = more.body ?? JSON.stringify({ event: 'participant_joined', fact });
  return {
    roomSid: 'RM_a',
    roomName: null,
    fact,
    id: `EV_${fact}`,
    type: 'participant_joined',
    at: T,
    receivedAt: T + 123,
    sha256: createHash('sha256').update(body).digest(),
    body,
    ...more,
  };
}

export function aCall(roomSid: string, more: Partial<CallRow> = {}): CallRow {
  return {
    roomSid,
    revision: 1,
    configHash: 'c0ffee',
    arrivals: 1,
    facets: '{"status":"finished"}',
    figures: '{"version":1}',
    metrics: '{"duration":600}',
    ...more,
  };
}

/** A call is read back without its figures: these come with lists. */
export function asRead({ figures, ...call }: CallRow): MeasuredCall {
  return call;
}

export function aPayload(body: string | Uint8Array, roomSid: string | null = null): NewQuarantined {
  return {
    receivedAt: T,
    reason: { field: 'createdAt', found: 'soon', expected: 'a number', roomSid },
    sha256: new Uint8Array(createHash('sha256').update(body).digest()),
    body,
  };
}
