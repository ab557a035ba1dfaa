/** What a series looks at of each of its calls. */
import type { CallMetrics } from '../../metrics/callMetrics.ts';
import { figuresOf } from '../figures.ts';
import type { Range } from '../range.ts';
import { type Telephony, type Visit, visitsOf } from './visits.ts';

export interface SeriesCall {
  roomSid: string;
  roomName: string | null;
  status: CallMetrics['status'];
  /** Epoch ms. */
  startedAt: number;
  endedAt: number | null;
  /** s */
  duration: number;
  completeness: number;
  /** People, agents too. */
  unique: number;
  peak: number;
  humans: number;
  engagement: number | null;
  bounds: Partial<Record<'humans' | 'peak' | 'engagement', Range>>;
  visits: Visit[];
  /** So many of the visits may be none. */
  doubtful: number;
  /** More people may have come, and nobody tells how many. */
  open: boolean;
}

export function seriesCallOf(metrics: CallMetrics, telephony: Telephony): SeriesCall {
  const figures = figuresOf(metrics);
  const { roomSid, roomName, status, startedAt, endedAt, duration, completeness, peak, humans, engagement } = figures;
  const { bounds } = figures;
  const visits = visitsOf(metrics, telephony);
  const [fewest, most] = bounds?.humans ?? [humans, humans];
  return {
    roomSid,
    roomName,
    status,
    startedAt,
    endedAt,
    duration,
    completeness,
    unique: metrics.participants.unique,
    peak,
    humans,
    engagement,
    bounds: {
      ...(bounds?.humans && { humans: bounds.humans }),
      ...(bounds?.peak && { peak: bounds.peak }),
      ...(bounds?.engagement && { engagement: bounds.engagement }),
    },
    visits,
    doubtful: Math.max(0, visits.length - (fewest ?? 0)),
    open: most === null || metrics.evidence.uncertain.includes('participants.list'),
  };
}

/** Calls in the order in which they started. */
export function inOrder(a: SeriesCall, b: SeriesCall): number {
  return a.startedAt - b.startedAt || (a.roomSid < b.roomSid ? -1 : 1);
}
