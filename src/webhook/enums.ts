/**
 * LiveKit's enums, in protobuf's numbering (webhooks.md section 4; source: livekit/protocol). A sender may write the
 * number, the name, the name without its prefix, in any case; a name this version does not know is kept as it came.
 */
interface WireEnum {
  /** canonical name by number */
  byNumber: ReadonlyMap<number, string>;
  /** canonical name by its upper-case spelling, with and without prefix */
  byName: ReadonlyMap<string, string>;
  prefixes: readonly string[];
}

/** `names` in order of number; a `NAME=n` entry sets the number to go on from. `prefix` is part of the canonical name if `keep`. */
function wireEnum(names: string, { prefix = '', keep = false, also = [] as string[] } = {}): WireEnum {
  const byNumber = new Map<number, string>();
  const byName = new Map<string, string>();
  let next = 0;
  for (const entry of names.split(' ')) {
    const [name = '', number] = entry.split('=');
    if (number !== undefined) next = Number(number);
    const canonical = keep ? prefix + name : name;
    byNumber.set(next++, canonical);
    byName.set(name, canonical);
  }
  return { byNumber, byName, prefixes: [prefix, ...also].filter(Boolean) };
}

export const KIND = wireEnum('STANDARD INGRESS EGRESS SIP AGENT CONNECTOR=7 BRIDGE=8', { prefix: 'KIND_' });
export const DISCONNECT_REASON = wireEnum(
  'UNKNOWN_REASON CLIENT_INITIATED DUPLICATE_IDENTITY SERVER_SHUTDOWN PARTICIPANT_REMOVED ROOM_DELETED STATE_MISMATCH ' +
    'JOIN_FAILURE MIGRATION SIGNAL_CLOSE ROOM_CLOSED USER_UNAVAILABLE USER_REJECTED SIP_TRUNK_FAILURE CONNECTION_TIMEOUT ' +
    'MEDIA_FAILURE AGENT_ERROR',
  { prefix: 'REASON_', also: ['DISCONNECT_REASON_'] },
);
export const ROOM_END_REASON = wireEnum('UNKNOWN API_DELETE IDLE_TIMEOUT SERVER_SHUTDOWN SUPERSEDED OPEN_FAILED', {
  prefix: 'ROOM_END_',
  keep: true,
});
export const TRACK_TYPE = wireEnum('AUDIO VIDEO DATA', { prefix: 'TYPE_', also: ['KIND_'] });
export const TRACK_SOURCE = wireEnum('UNKNOWN CAMERA MICROPHONE SCREEN_SHARE SCREEN_SHARE_AUDIO', {
  prefix: 'SOURCE_',
  also: ['TRACK_SOURCE_'],
});
export const EGRESS_STATUS = wireEnum('STARTING ACTIVE ENDING COMPLETE FAILED ABORTED LIMIT_REACHED', {
  prefix: 'EGRESS_',
  keep: true,
});
export const INGRESS_STATUS = wireEnum('INACTIVE BUFFERING PUBLISHING ERROR COMPLETE', {
  prefix: 'ENDPOINT_',
  keep: true,
});
export const INGRESS_INPUT = wireEnum('RTMP_INPUT WHIP_INPUT URL_INPUT');
export const JOB_STATUS = wireEnum('PENDING RUNNING SUCCESS FAILED', { prefix: 'JS_', keep: true });

/** The canonical name of what a sender wrote, or undefined where it wrote nothing usable. */
export function enumName(wire: WireEnum, value: unknown): string | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) ? (wire.byNumber.get(value) ?? String(value)) : undefined;
  if (typeof value !== 'string' || value === '' || value.length > 64) return undefined;
  if (/^\d+$/.test(value)) return wire.byNumber.get(Number(value)) ?? value;
  let name = value.toUpperCase();
  const known = wire.byName.get(name);
  if (known !== undefined) return known;
  for (const prefix of wire.prefixes) if (name.startsWith(prefix)) name = name.slice(prefix.length);
  return wire.byName.get(name) ?? value.toUpperCase().toWellFormed();
}
