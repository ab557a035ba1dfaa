import type { CallMetrics } from '../metrics/callMetrics.ts';
import { boundOf, type Verdict } from '../metrics/verdict.ts';
import type { Call } from './call.ts';
import { valueAt } from './compare.ts';
import type { Emitted } from './emit.ts';
import { judge } from './judge.ts';
import { isKnowable } from './knowable.ts';
import { truthOf } from './truth/truth.ts';
import type { Value } from './truth/values.ts';

/** What comes of comparing the truth of one call with what a server says. */
export type Finding =
  /** Nothing of it arrived. */
  | { of: 'unheard' }
  /** All webhooks of some person, track or recording got lost: nobody can know of it. */
  | { of: 'untold' }
  /** Something of it arrived, and the server does not know it. */
  | { of: 'unknown'; roomSid: string }
  /** Its room_finished did not arrive, and for the server it is still on. */
  | { of: 'stillOpen' }
  | { of: 'judged'; values: JudgedValue[] };

export interface JudgedValue {
  roomSid: string;
  scenario: string;
  path: string;
  verdict: Verdict;
  found: unknown;
  bounds: readonly [unknown, unknown] | null;
  truth: Value;
}

/** Of what metrics.md defines, numbers that rest on every kind of webhook and on no option of the server. */
export const JUDGED_PATHS = [
  'duration',
  'callDuration',
  'connectedDuration',
  'agentHumanDuration',
  'participants.unique',
  'participants.sessions',
  'participants.participantSeconds',
  'publishers.publisherSeconds',
  'tracks.total',
  'agent.joinLatency',
  'agent.firstAudioLatency',
  'recording.recordedSeconds',
  'engagement.score',
] as const;

/**
 * @param emitted all webhooks of the call
 * @param arrived those that the server answered with a 2xx
 * @param metrics what it says of the call since; null: it does not know it
 */
export function findingOn(
  call: Call,
  emitted: readonly Emitted[],
  arrived: readonly Emitted[],
  metrics: CallMetrics | null,
): Finding {
  if (arrived.length === 0) return { of: 'unheard' };
  if (!isKnowable(call, arrived)) return { of: 'untold' };
  const { sid } = call.room;
  if (metrics === null) return { of: 'unknown', roomSid: sid };
  const finish = emitted.findLast(({ event }) => event.event === 'room_finished');
  if (metrics.status === 'active' && !arrived.includes(finish!)) return { of: 'stillOpen' };

  const truth = truthOf(call);
  const values = JUDGED_PATHS.flatMap((path): JudgedValue[] => {
    // What two fair readings of the definition tell differently of this call is not in its truth.
    const value = truth.bounded[path] ?? truth.values[path];
    if (value === undefined) return [];
    const verdict = judge(path, metrics, truth);
    const found = valueAt(metrics, path);
    return [
      {
        roomSid: sid,
        scenario: call.scenario,
        path,
        verdict,
        found,
        bounds: boundOf(path, metrics.evidence),
        truth: value,
      },
    ];
  });
  return { of: 'judged', values };
}
