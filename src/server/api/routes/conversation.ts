import { z } from 'zod';
import { conversationLogSchema } from '../../../metrics/conversationLog.ts';
import { oneCall } from '../oneCall.ts';

const nothing = { turns: [], tools: [], handoffs: [] };

export const conversation = oneCall({
  below: '/conversation',
  name: 'getConversation',
  summary: 'What agents told of one call: turns with their times and latencies, tool calls, handoffs',
  description:
    'By the agents’ own clocks. The words of the turns are there where the server keeps them (option conversationText). Empty where no agent told anything.',
  query: z.object({}),
  answer: { name: 'ConversationLog', says: 'The conversation.', schema: conversationLogSchema },
  async ask(evaluator, roomSid) {
    const found = await evaluator.getConversation(roomSid);
    if (found !== null) return found;
    const metrics = await evaluator.getMetrics(roomSid);
    return metrics && { roomSid, roomName: metrics.roomName, textKept: false, ...nothing };
  },
});
