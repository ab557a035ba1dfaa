/** What agents told of a call, one thing after the other: turns, tool calls and handoffs, by the agents' own clocks. */
import { z } from 'zod';
import type { ChatItem } from '../telemetry/facts.ts';
import { latencyOf, METHODS } from './answers.ts';
import { byText } from './byText.ts';
import { numberSchema } from './metric.ts';
import { iso, round } from './round.ts';
import type { Scene } from './scene.ts';
import { toolsOf } from './tools.ts';
import { believed, itemsTold, longestPossible, turnsOf } from './turns.ts';

const instant = z.iso.datetime().nullable();
const told = { jobId: z.string().nullable(), at: instant.describe('when it began; null: nobody told') };

export const conversationLogSchema = z.object({
  roomSid: z.string(),
  roomName: z.string().nullable(),
  textKept: z.boolean().describe('false: of some session the words were taken out before it was stored'),
  turns: z.array(
    z.object({
      id: z.string(),
      ...told,
      side: z.enum(['human', 'agent']),
      until: instant,
      interrupted: z.boolean(),
      text: z.string().nullable(),
      answers: z.string().nullable().describe('the id of the human turn that an agent’s answers'),
      latency: numberSchema('s').nullable().describe('s from the end of that human turn to the begin of this'),
      method: z.enum(METHODS).nullable().describe('how the latency came'),
    }),
  ),
  tools: z.array(
    z.object({
      ...told,
      callId: z.string().nullable(),
      tool: z.string().nullable(),
      until: instant,
      isError: z.boolean().nullable().describe('null: its output was not told'),
    }),
  ),
  handoffs: z.array(z.object({ ...told, agent: z.string().nullable() })),
});
export type ConversationLog = z.infer<typeof conversationLogSchema>;

/** Null where no agent told anything. */
export function conversationLog(scene: Scene): ConversationLog | null {
  const { call } = scene.resolved;
  if (call.talks.size === 0) return null;
  const longest = longestPossible(scene);
  return {
    roomSid: call.roomSid,
    roomName: call.room.name?.value ?? null,
    textKept: call.talks.values().every(({ redacted }) => !redacted),
    turns: (turnsOf(scene)?.turns ?? []).map((turn) => {
      const found = latencyOf(turn, longest);
      const latency = found === 'impossible' ? null : found;
      return {
        id: turn.message.id,
        jobId: turn.jobId || null,
        side: turn.side,
        at: Number.isFinite(turn.at) ? iso(turn.at) : null,
        until: shown(turn.stopped),
        interrupted: turn.message.interrupted ?? false,
        text: turn.message.text ?? null,
        answers: turn.answers?.message.id ?? null,
        latency: latency && round(latency.value, 's'),
        method: latency?.method ?? null,
      };
    }),
    tools: inOrder(toolsOf(scene)?.calls ?? [], ({ call }) => call).map(({ jobId, call, output }) => ({
      jobId: jobId || null,
      at: shown(believed(call.createdAt)),
      callId: call.callId ?? null,
      tool: call.tool ?? null,
      until: shown(believed(output?.createdAt)),
      isError: output?.isError ?? null,
    })),
    handoffs: inOrder(
      itemsTold(scene).filter(({ item }) => item.kind === 'handoff'),
      ({ item }) => item,
    ).map(({ jobId, item }) => ({
      jobId: jobId || null,
      at: shown(believed(item.createdAt)),
      agent: item.agent ?? null,
    })),
  };
}

/** By when they were created; what has no time comes last. */
function inOrder<One>(those: readonly One[], itemOf: (one: One) => ChatItem): One[] {
  const at = (one: One) => believed(itemOf(one).createdAt) ?? Number.MAX_SAFE_INTEGER;
  return [...those].sort((a, b) => at(a) - at(b) || byText(itemOf(a).id, itemOf(b).id));
}

const shown = (ms: number | null) => (ms === null ? null : iso(ms));
