/** What is used of @livekit/agents, from 1.4.0 on: its own types fit, and it need not be installed. */

/** Of the chat history: a message, a tool's call, its output, a handoff. */
export interface AgentItem {
  readonly id: string;
  readonly type: string;
  /** To be called by hand: JSON.stringify would pass it a key, which it takes for `excludeTimestamp`. */
  toJSON(): unknown;
}

export interface ToolsExecuted {
  functionCalls: readonly AgentItem[];
  functionCallOutputs: readonly (AgentItem | undefined)[];
}

export interface SessionUsage {
  /** Per provider and model, what has been used so far. */
  readonly modelUsage: readonly object[];
}

/** Of `AgentSession`. */
export interface AgentSession {
  on(event: 'conversation_item_added', listener: (event: { item: AgentItem }) => void): unknown;
  on(event: 'function_tools_executed', listener: (event: ToolsExecuted) => void): unknown;
  on(event: 'session_usage_updated', listener: (event: { usage: SessionUsage }) => void): unknown;
  on(event: 'close', listener: (event: { reason: string }) => void): unknown;
  readonly history: { readonly items: readonly AgentItem[] };
  readonly usage: SessionUsage;
}

/** Of `JobContext`. */
export interface AgentJob {
  readonly job: {
    readonly id: string;
    readonly agentName: string;
    readonly room?: { readonly sid: string; readonly name: string } | undefined;
  };
  /** The worker's own key, which 1.4.0 does not tell; `url` is there for its type to fit, too. */
  readonly info?: {
    readonly url: string;
    readonly apiKey?: string | undefined;
    readonly apiSecret?: string | undefined;
  };
  addShutdownCallback(callback: () => Promise<void>): void;
}
