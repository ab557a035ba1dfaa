/** Minutes of people beside those of machines, to hold against what LiveKit charges. */
import type { CallSummary } from '../fleet/callSummary.ts';
import type { Figure } from '../fleet/figure.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import type { Limits } from './shownNumber.ts';

/** LiveKit's kinds (metrics.md rule 6); a kind that is not known here is neither's. */
const SIDES: Record<string, 'human' | 'machine'> = {
  STANDARD: 'human',
  SIP: 'human',
  CONNECTOR: 'human',
  BRIDGE: 'human',
  AGENT: 'machine',
  EGRESS: 'machine',
  INGRESS: 'machine',
};
export type MinutesSide = 'human' | 'machine' | 'other';
export const sideOf = (kind: string): MinutesSide => SIDES[kind] ?? 'other';

export interface Minutes {
  kinds: ({ kind: string; side: MinutesSide } & Figure)[];
  /** Those that have any. */
  sides: ({ side: MinutesSide } & Limits)[];
}

export function minutesOf({ participantMinutes }: Pick<CallSummary, 'participantMinutes'>): Minutes {
  const kinds = Object.entries(participantMinutes)
    .map(([kind, figure]) => ({ kind, side: sideOf(kind), ...figure }))
    .sort((a, b) => ORDER.indexOf(a.side) - ORDER.indexOf(b.side));
  const sides = ORDER.flatMap((side) => {
    const those = kinds.filter((one) => one.side === side);
    return those.length === 0 ? [] : [{ side, ...sumOf(those) }];
  });
  return { kinds, sides };
}

const ORDER: readonly MinutesSide[] = ['human', 'machine', 'other'];

function sumOf(those: readonly Limits[]): Limits {
  const sum = (of: (one: Limits) => number | null) =>
    those.reduce<number | null>((sum, one) => {
      const more = of(one);
      return sum === null || more === null ? null : sum + more;
    }, 0);
  return { value: sum(({ value }) => value), low: sum(({ low }) => low), high: sum(({ high }) => high) };
}

export interface KindOfCall {
  kind: string;
  side: MinutesSide;
  connections: number;
  /** Reconnect gaps left out. */
  seconds: number;
  /** Each connection rounded up to whole minutes, as LiveKit Cloud does before it adds them up. */
  roundedUpMinutes: number;
}

/** Of one call, whose connections are known one by one. */
export function minutesOfCall({ participants }: CallMetrics): KindOfCall[] {
  return Object.entries(participants.byKind)
    .map(([kind, { sessions, participantSeconds }]) => {
      const connections = participants.list
        .filter((person) => person.kind === kind)
        .flatMap(({ sessions }) => sessions.filter(({ aborted }) => !aborted));
      const roundedUpMinutes = connections.reduce((sum, { duration }) => sum + Math.ceil(duration / 60), 0);
      return { kind, side: sideOf(kind), connections: sessions, seconds: participantSeconds, roundedUpMinutes };
    })
    .sort((a, b) => ORDER.indexOf(a.side) - ORDER.indexOf(b.side));
}

/** How it relates to a bill. LiveKit’s words, docs.livekit.io/deploy/admin/billing, as read in 2026. */
export const BILLING = [
  'Minutes of presence, as they were. LiveKit Cloud rounds each connection up to whole minutes before it adds them up, so that its bill is higher, by less than a minute a connection.',
  'It meters participants by kind: STANDARD as WebRTC participant minutes, SIP as SIP participant minutes, AGENT as agent session minutes where LiveKit hosts the agents; of EGRESS and INGRESS it charges minutes of transcoding, not of presence. Compare kind by kind.',
  'What it charges beyond these and the rounding is for somebody of whom no webhook came, or still to be asked about.',
];
