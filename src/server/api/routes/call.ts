import { z } from 'zod';
import { type CallMetrics, callMetricsSchema } from '../../../metrics/callMetrics.ts';
import { oneCall } from '../oneCall.ts';

export const call = oneCall({
  below: '',
  name: 'getCall',
  summary: 'All metrics of one call',
  description: 'While the call is on, they are those of this instant.',
  query: z.object({}),
  answer: {
    name: 'CallMetrics',
    says: 'The metrics.',
    schema: callMetricsSchema() as z.ZodType<CallMetrics, CallMetrics>,
  },
  ask: (evaluator, roomSid) => evaluator.getMetrics(roomSid),
});
