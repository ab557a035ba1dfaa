/** The public list of `call-evaluator/agents`: apart, for agents are forked often, and load neither database nor server. */
export { attach } from './attach.ts';
export type { AgentItem, AgentJob, AgentSession } from './liveKitAgents.ts';
export type { AttachOptions } from './options.ts';
