/**
 * What agents tell of a session, in one shape whatever language, version and path it came by. Instants are epoch
 * milliseconds, durations seconds, as LiveKit Agents' own `ChatMessage.metrics` (agent-telemetry.md, 1.3 and 2).
 */

/** One entry of the chat history: the same `id` on every path. */
export interface ChatItem {
  /** `item_…` */
  id: string;
  kind: 'message' | 'toolCall' | 'toolOutput' | 'handoff' | 'other';
  /** Of a message. */
  role?: 'user' | 'assistant' | 'other';
  createdAt?: number;
  /** Of a message: when its speaker began and ceased to speak. An assistant's: when it could be heard. */
  startedAt?: number;
  stoppedAt?: number;
  /** The assistant was cut off. */
  interrupted?: boolean;
  /** Of a user's message: from the end of speech to the final transcript, and to the decision that the turn is over. */
  transcriptionDelay?: number;
  endOfTurnDelay?: number;
  /** Of an assistant's message: to the first token, and from text to the first sound. */
  llmTtft?: number;
  ttsTtfb?: number;
  /** Whence its times are, where not from the chat history: spans of a trace, or a state's events, which tell late (estimates). */
  by?: 'spans' | 'events';
  /** The framework's own: from the end of the user's speech to the begin of the assistant's. */
  e2e?: number;
  /** 0..1 */
  confidence?: number;
  /** Of a message, where words are kept: what was said. */
  text?: string;
  /** Of a tool's call and its output: what joins them. */
  callId?: string;
  tool?: string;
  isError?: boolean;
  /** Of a handoff: the agent that took over. */
  agent?: string;
}

export const USAGE_KINDS = ['llm', 'stt', 'tts', 'realtime'] as const;
/** What a session has used of one model so far. */
export interface Usage {
  kind: (typeof USAGE_KINDS)[number];
  provider: string | null;
  model: string | null;
  inputTokens?: number;
  cachedInputTokens?: number;
  outputTokens?: number;
  audioSeconds?: number;
  characters?: number;
  requests?: number;
}

/** A span of a trace that tells of speech, of what lay before it, or of a tool. */
export interface Span {
  id: string;
  parentId?: string;
  name: 'userTurn' | 'userSpeaking' | 'agentTurn' | 'agentSpeaking' | 'llm' | 'tts' | 'tool';
  from: number;
  to: number;
  /** What joins the steps of one answer. */
  speechId?: string;
  e2e?: number;
  llmTtft?: number;
  ttsTtfb?: number;
  transcriptionDelay?: number;
  endOfTurnDelay?: number;
  confidence?: number;
  interrupted?: boolean;
  tool?: string;
  isError?: boolean;
}

/** What one upload tells of one job in one room. */
export interface AgentFacts {
  /** `AJ_…`; null where it is not told. */
  jobId: string | null;
  agentName?: string;
  sdkVersion?: string;
  items: ChatItem[];
  usage: Usage[];
  spans?: Span[];
  /**
   * As LiveKit's tagger writes them: the user's own, and among them how it went (`lk.success`, `lk.fail`) and the verdicts of
   * judges (`lk.judge.NAME:VERDICT`).
   */
  tags?: string[];
  /** Why the session was closed: `job_shutdown`, `participant_disconnected`, … */
  closeReason?: string;
  /** Its words were taken out before it was stored. */
  redacted: boolean;
}
