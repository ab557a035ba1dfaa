import { expect, test } from 'vitest';
import { decodeTelemetry } from '../../src/telemetry/decodeTelemetry.ts';
import { bodiesOf } from '../../src/telemetry/upload.ts';
import type { Json } from '../../src/webhook/read.ts';

/** One span as an exporter sends it. */
function told(name: string, attributes: Record<string, string | number | boolean>, language = 'python') {
  const plain = (value: string | number | boolean) =>
    typeof value === 'number'
      ? { doubleValue: value }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : { stringValue: value };
  const list = (all: Record<string, string | number | boolean>) =>
    Object.entries(all).map(([key, value]) => ({ key, value: plain(value) }));
  const span = {
    name,
    ...{
      traceId: 't1',
      spanId: 's1',
      startTimeUnixNano: '1795423638000000000',
      endTimeUnixNano: '1795423639000000000',
    },
    attributes: list(attributes),
  };
  const resource = { attributes: list({ 'telemetry.sdk.language': language }) };
  const payload = { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
  const [body] = bodiesOf({ path: 'traces', payload }, 0, false);
  const { jobId, spans } = decodeTelemetry(body as unknown as Json);
  return { room: body!.room, jobId, ...spans![0] };
}

test.each([
  [{ room_id: 'RM_1', job_id: 'AJ_1' }, { sid: 'RM_1' }],
  [{ 'gen_ai.conversation.id': 'RM_1', 'lk.job_id': 'AJ_1' }, { sid: 'RM_1' }],
  [{ 'lk.room_name': 'desk', 'lk.job_id': 'AJ_1' }, { name: 'desk' }],
  [{ 'lk.pii.room_name': 'desk', job_id: 'AJ_1' }, { name: 'desk' }],
])('the session is found under the names that it has had: %j', (attributes, room) => {
  expect(told('agent_turn', attributes)).toMatchObject({ room, jobId: 'AJ_1' });
});

test('and so is a tool, and whether it failed, also where that is written as a word', () => {
  expect(told('function_tool', { 'lk.function_tool.name': 'taxi', 'lk.function_tool.is_error': 'true' })).toMatchObject(
    {
      tool: 'taxi',
      isError: true,
    },
  );
  expect(told('function_tool', { 'gen_ai.tool.name': 'taxi' })).toMatchObject({ tool: 'taxi', isError: false });
});

test('delays are milliseconds from Node.js and seconds from Python, latencies seconds from both', () => {
  const attributes = { 'lk.end_of_turn_delay': 500, 'lk.e2e_latency': 1.5 };
  expect(told('user_turn', attributes, 'nodejs')).toMatchObject({ endOfTurnDelay: 0.5, e2e: 1.5 });
  expect(told('user_turn', { ...attributes, 'lk.end_of_turn_delay': 0.5 })).toMatchObject({
    endOfTurnDelay: 0.5,
    e2e: 1.5,
  });
});

test('what a later version may make of a name is of use, or is left', () => {
  expect(told('llm_node', { 'gen_ai.response.time_to_first_chunk': 0.25 })).toMatchObject({ llmTtft: 0.25 });
  expect(told('agent_turn', { 'lk.pii.e2e_latency': 1.5 })).toMatchObject({ e2e: 1.5 });
  expect(told('agent_turn', { 'lk.v9.e2e_latency': 1.5, 'lk.e2e_latency': 'soon' })).not.toHaveProperty('e2e');
});
