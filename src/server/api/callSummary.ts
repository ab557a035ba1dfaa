/** A call in a list, and in the live stream: the numbers that tell calls apart. All of them: /v1/calls/{roomSid}. */
import { z } from 'zod';
import type { CallMetrics } from '../../metrics/callMetrics.ts';

export const callSummarySchema = z.object({
  roomSid: z.string(),
  roomName: z.string().nullable(),
  status: z.enum(['active', 'finished', 'expired']),
  revision: z.int().describe('how often the result has changed since it was first final'),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  duration: z.number().describe('seconds; of an active call up to now'),
  callDuration: z.number().nullable(),
  endReason: z.string().nullable().describe('the class of endReason'),
  participants: z.int().describe('people that came'),
  agents: z.int(),
  agentJoinLatency: z.number().nullable(),
  agentNoShow: z.boolean().nullable(),
  agentResponseCount: z.int(),
  engagement: z.number().nullable().describe('the score'),
  audioGrade: z.enum(['good', 'fair', 'poor', 'unknown']),
  completeness: z.number().describe('observed boundaries / expected boundaries; 1: nothing is missing'),
});
export type CallSummary = z.infer<typeof callSummarySchema>;

export function summaryOf(metrics: CallMetrics): CallSummary {
  const { roomSid, roomName, status, revision, startedAt, endedAt, duration, callDuration } = metrics;
  const { endReason, participants, agent, agentResponseCount, engagement, audio, evidence } = metrics;
  return {
    roomSid,
    roomName,
    status,
    revision,
    startedAt,
    endedAt,
    duration,
    callDuration,
    endReason: endReason?.class ?? null,
    participants: participants.unique,
    agents: agent.unique,
    agentJoinLatency: agent.joinLatency,
    agentNoShow: agent.noShow,
    agentResponseCount,
    engagement: engagement?.score ?? null,
    audioGrade: audio.grade,
    completeness: evidence.completeness,
  };
}
