/** What is kept of each kind of upload where words are not: what the decoders read (decodeItems.ts and its like). */
import { SPAN_NAMES } from './decodeSpans.ts';
import { ATTRIBUTE_SHAPES } from './spanAttributes.ts';
import type { Upload } from './upload.ts';
import { amount, flag, instant, label, list, name, object, oneOf, type Shape } from './withoutWords.ts';

const ITEM_TYPES = ['message', 'function_call', 'function_call_output', 'agent_handoff', 'agent_config_update'];
const ROLES = ['user', 'assistant', 'system', 'developer', 'tool'];
/** The framework's own; another one may be a sentence of the developer's. */
const REASONS = ['error', 'job_shutdown', 'participant_disconnected', 'user_initiated', 'task_completed'];

const closeReason = oneOf(
  ...REASONS,
  ...[...REASONS, 'completed', 'unknown'].map((reason) => `CR_${reason.toUpperCase()}`),
);

export const ITEM = object({
  id: name,
  type: oneOf(...ITEM_TYPES),
  role: oneOf(...ROLES, ...ROLES.map((role) => role.toUpperCase())),
  createdAt: instant,
  interrupted: flag,
  transcriptConfidence: amount,
  callId: name,
  name,
  isError: flag,
  oldAgentId: name,
  newAgentId: name,
  metrics: object({
    startedSpeakingAt: instant,
    stoppedSpeakingAt: instant,
    transcriptionDelay: amount,
    endOfTurnDelay: amount,
    onUserTurnCompletedDelay: amount,
    llmNodeTtft: amount,
    ttsNodeTtfb: amount,
    e2eLatency: amount,
    playbackLatency: amount,
  }),
});

export const USAGE = list(
  object({
    type: oneOf('llm_usage', 'stt_usage', 'tts_usage', 'realtime_model_usage', 'interruption_usage', 'eot_usage'),
    provider: name,
    model: name,
    inputTokens: amount,
    inputCachedTokens: amount,
    outputTokens: amount,
    audioDuration: amount,
    audioDurationMs: amount,
    sessionDuration: amount,
    sessionDurationMs: amount,
    charactersCount: amount,
    numRequests: amount,
    totalRequests: amount,
  }),
);

export const CLOSE = object({ type: oneOf('close'), reason: closeReason, createdAt: instant });
const closings: Shape = (events) =>
  Array.isArray(events) ? list(CLOSE)(events.filter((event) => event?.type === 'close')) : undefined;

/** Tags are names, in no language but their developer's: `appointment:booked`. Why, and with which metadata, is told in words. */
const tags = list(name);
const OUTCOMES = oneOf('success', 'fail');

const history = object({ items: list(ITEM) });
const SESSION = {
  agentName: label,
  sdkVersion: name,
  usage: USAGE,
  closeReason,
  events: closings,
  tags,
  outcome: OUTCOMES,
};
const ABOUT = { roomId: name, room: label, jobId: name };
const named = object(
  Object.fromEntries([...ITEM_TYPES, 'functionCall', 'functionCallOutput', 'agentHandoff'].map((type) => [type, ITEM])),
);

export const KEPT_FIELDS: Record<Upload['path'], Shape> = {
  report: object({ ...ABOUT, ...SESSION, chatHistory: history, timestamp: instant, itemsDropped: amount }),
  recordings: object({
    header: object({ roomId: name, roomName: label, jobId: name, sessionSummary: object(SESSION) }),
    chatHistory: history,
  }),
  logs: object({
    ...ABOUT,
    records: list(
      object({
        ...ABOUT,
        body: oneOf('session report', 'chat item', 'evaluation', 'tag', 'outcome'),
        'chat.item': named,
        agentName: label,
        sdkVersion: name,
        usage: USAGE,
        'session.tags': tags,
        evaluation: object({ name, verdict: oneOf('pass', 'fail', 'maybe') }),
        tag: object({ name }),
        outcome: object({ outcome: OUTCOMES }),
      }),
    ),
  }),
  traces: object({
    ...ABOUT,
    spans: list(
      object({
        spanId: name,
        parentSpanId: name,
        name: oneOf(...SPAN_NAMES),
        startTimeUnixNano: instant,
        endTimeUnixNano: instant,
        language: oneOf('nodejs', 'python'),
        ...ATTRIBUTE_SHAPES,
      }),
    ),
  }),
  evals: object({
    call: object({
      roomSid: name,
      roomName: label,
      startedAt: instant,
      callEndReason: closeReason,
      transcript: object({
        turns: list(
          object({
            speaker: oneOf('user', 'assistant'),
            timestamp: instant,
            startTimestamp: instant,
            endTimestamp: instant,
            interrupted: flag,
            confidenceScore: amount,
          }),
        ),
      }),
      toolCalls: list(object({ id: name, functionName: name, isError: flag, startMs: amount, endMs: amount })),
      usage: object({
        llmModel: name,
        llmProvider: name,
        llmInputTokens: amount,
        llmOutputTokens: amount,
        sttModel: name,
        sttProvider: name,
        ttsModel: name,
        ttsProvider: name,
        ttsCharacters: amount,
        ttsAudioDurationSeconds: amount,
      }),
    }),
  }),
};
