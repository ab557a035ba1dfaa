/** Every metric of a call, in the order in which CallMetrics shows them. */
import { AGENT_METRICS } from './agent.ts';
import { AUDIO_METRICS } from './audio.ts';
import { CONVERSATION_METRICS } from './conversation.ts';
import { END_REASON_METRICS } from './endReason.ts';
import { ENGAGEMENT_METRICS } from './engagement.ts';
import { PARTICIPANT_METRICS } from './participants.ts';
import { PUBLISHER_METRICS } from './publishers.ts';
import { RECORDING_METRICS } from './recording.ts';
import { RESPONSE_METRICS } from './response.ts';
import { ROOM_METRICS } from './room.ts';
import { SERVICE_METRICS } from './services.ts';
import { SESSION_METRICS } from './session.ts';
import { TOOL_METRICS } from './tools.ts';
import { USAGE_METRICS } from './usage.ts';
import { WAIT_METRICS } from './wait.ts';

/** Version of the rules by which a call is measured; it goes up when a value of an unchanged call may change. */
export const METRICS_VERSION = 1;

export const METRICS = [
  ...ROOM_METRICS,
  ...END_REASON_METRICS,
  ...PARTICIPANT_METRICS,
  ...PUBLISHER_METRICS,
  ...ENGAGEMENT_METRICS,
  ...AGENT_METRICS,
  ...WAIT_METRICS,
  ...RESPONSE_METRICS,
  ...CONVERSATION_METRICS,
  ...TOOL_METRICS,
  ...USAGE_METRICS,
  ...SESSION_METRICS,
  ...AUDIO_METRICS,
  ...RECORDING_METRICS,
  ...SERVICE_METRICS,
] as const;
