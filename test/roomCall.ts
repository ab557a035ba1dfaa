/** Webhooks of one call of a series, told by who came when. */
export interface Comer {
  identity: string;
  /** Seconds since the room's begin. */
  from: number;
  to: number;
  kind?: string;
  attributes?: Record<string, string>;
  /** Their leave is lost. */
  lost?: boolean;
}

/** @param at epoch seconds */
export function roomCall(sid: string, name: string, at: number, comers: readonly Comer[], length = 600): object[] {
  const room = { sid, name, creationTime: String(at), emptyTimeout: 300, departureTimeout: 20 };
  const event = (event: string, second: number, who: string, more = {}) => ({
    event,
    id: `EV_${sid}_${event}_${who}`,
    createdAt: String(at + second),
    room,
    ...more,
  });
  return [
    event('room_started', 0, ''),
    ...comers.flatMap(({ identity, from, to, kind = 'STANDARD', attributes = {}, lost }) => {
      const participant = { sid: `PA_${sid}_${identity}`, identity, kind, attributes, joinedAt: String(at + from) };
      const joined = event('participant_joined', from, identity, { participant });
      const leaves = { participant: { ...participant, disconnectReason: 'CLIENT_INITIATED' } };
      return lost ? [joined] : [joined, event('participant_left', to, identity, leaves)];
    }),
    event('room_finished', length, ''),
  ];
}
