/** Which metrics of a call people are shown first, and what these are called. */
import type { CallMetrics } from '../metrics/callMetrics.ts';

export type CallUnit = 's' | 'share' | 'score' | 'n' | 'mean' | 'text' | 'distribution';
export type CallRow = readonly [label: string, path: string, unit: CallUnit];

/** One section a paragraph, one metric a line: how it is called for people, its path, its unit. */
export const CALL_SECTIONS: Record<string, readonly CallRow[]> = {
  Call: [
    ['status', 'status', 'text'],
    ['started', 'startedAt', 'text'],
    ['ended', 'endedAt', 'text'],
    ['duration of the room', 'duration', 's'],
    ['first to last person', 'callDuration', 's'],
    ['two or more connected', 'connectedDuration', 's'],
    ['agent with human', 'agentHumanDuration', 's'],
    ['ended by', 'endReason.class', 'text'],
    ['in LiveKit’s words', 'endReason.raw', 'text'],
    ['by leaving of', 'endReason.identity', 'text'],
    ['engagement', 'engagement.score', 'score'],
  ],
  People: [
    ['people', 'participants.unique', 'n'],
    ['most at once', 'participants.peak', 'n'],
    ['connections', 'participants.sessions', 'n'],
    ['aborted tries', 'participants.aborted', 'n'],
    ['joins that succeeded', 'participants.joinSuccessRate', 'share'],
    ['presence of all', 'participants.participantSeconds', 's'],
    ['who published', 'publishers.unique', 'n'],
    ['publishing on average', 'publishers.average', 'mean'],
    ['tracks', 'tracks.total', 'n'],
  ],
  Agent: [
    ['agents', 'agent.unique', 'n'],
    ['expected', 'agent.expected', 'text'],
    ['wait for an agent', 'agent.joinLatency', 's'],
    ['wait for its audio', 'agent.firstAudioLatency', 's'],
    ['present', 'agent.presentSeconds', 's'],
    ['alone', 'agent.aloneSeconds', 's'],
    ['never came', 'agent.noShow', 'text'],
    ['never spoke', 'agent.silent', 'text'],
    ['left first', 'agent.leftFirst', 'text'],
    ['gap at handoff', 'agent.handoffGap', 's'],
    ['responses', 'response.count', 'n'],
    ['told by', 'response.source', 'text'],
    ['response latency', 'response.latency', 'distribution'],
    ['model’s first token', 'response.components.llmTtft', 'distribution'],
    ['voice’s first sound', 'response.components.ttsTtfb', 'distribution'],
    ['wait for its first word', 'wait.total', 's'],
  ],
  Conversation: [
    ['turns of humans', 'conversation.humanTurns', 'n'],
    ['turns of agents', 'conversation.agentTurns', 'n'],
    ['humans talked', 'conversation.talkSeconds.human', 's'],
    ['agents talked', 'conversation.talkSeconds.agent', 's'],
    ['both at once', 'conversation.overlapSeconds', 's'],
    ['nobody', 'conversation.silenceSeconds', 's'],
    ['longest silence', 'conversation.deadAir.longest', 's'],
    ['agent was cut off', 'conversation.interruptions.humanInterruptsAgent', 'n'],
    ['agent cut in', 'conversation.interruptions.agentInterruptsHuman', 'n'],
    ['tools called', 'tools.calls', 'n'],
    ['tools that failed', 'tools.errors', 'n'],
    ['latency of tools', 'tools.latency', 'distribution'],
  ],
  Recording: [
    ['recorded', 'recording.recordedSeconds', 's'],
    ['share of the talk', 'recording.coverage', 'share'],
    ['start after two met', 'recording.startLag', 's'],
    ['failed', 'recording.failed', 'n'],
    ['stopped at a limit', 'recording.limited', 'n'],
  ],
  Phone: [
    ['direction', 'sip.direction', 'text'],
    ['from', 'sip.from', 'text'],
    ['to', 'sip.to', 'text'],
    ['answered', 'sip.answered', 'text'],
  ],
};

/** undefined where there is no such place in this call. */
export function valueAt(metrics: CallMetrics, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | null)?.[key], metrics);
}
