/** What a page of one call tells. */
import type { Timeline } from '../call/timeline.ts';
import type { CallMetrics } from '../metrics/callMetrics.ts';
import type { ConversationLog } from '../metrics/conversationLog.ts';
import type { Clock } from './instantText.ts';
import type { Made } from './periodReport.ts';

export interface CallReport {
  metrics: CallMetrics;
  timeline: Timeline;
  /** null: no agent told of it. */
  conversation: ConversationLog | null;
  clock: Clock;
  made: Made;
}
