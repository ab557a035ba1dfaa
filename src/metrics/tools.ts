/** The tools that agents called, by their own telemetry. */
import { z } from 'zod';
import type { ChatItem } from '../telemetry/facts.ts';
import { byText } from './byText.ts';
import { distributionSchema, shownDistribution } from './distribution.ts';
import { numberSchema, value } from './metric.ts';
import { seconds } from './round.ts';
import type { Scene } from './scene.ts';
import { believed, isPossible, itemsTold, longestPossible, type Told } from './turns.ts';

export interface ToolCall {
  jobId: string;
  call: ChatItem;
  /** Null where none was told, or none can be joined to it. */
  output: ChatItem | null;
}

export interface Tools {
  calls: ToolCall[];
  errors: number;
  /** s */
  latencies: readonly number[];
  /** Impossible latencies: left out. */
  rejected: number;
}

/** Null where no chat history was told. */
export const toolsOf = (scene: Scene): Tools | null =>
  itemsTold(scene).length === 0 ? null : scene.once('tools', () => findTools(itemsTold(scene), longestPossible(scene)));

function findTools(told: readonly Told[], longest: number): Tools {
  const tools = { calls: [] as ToolCall[], errors: 0, latencies: [] as number[], rejected: 0 };
  const calls = new Map<string, ToolCall[]>();
  const outputs = new Map<string, ChatItem[]>();
  for (const { jobId, item } of told) {
    const key = item.callId === undefined || believed(item.createdAt) === null ? null : byCall(jobId, item.callId);
    if (item.kind === 'toolCall') {
      const called = { jobId, call: item, output: null };
      tools.calls.push(called);
      if (key !== null) add(calls, key, called);
    } else if (item.kind === 'toolOutput') {
      if (item.isError) tools.errors++;
      if (key !== null) add(outputs, key, item);
    }
  }
  for (const [key, those] of outputs) {
    // some models count their calls anew each time: the first output is that of the first call
    const called = inOrder(calls.get(key) ?? [], ({ call }) => call);
    for (const [i, output] of inOrder(those, (item) => item).entries()) {
      const one = called[i];
      if (one === undefined) break;
      one.output = output;
      const latency = seconds(output.createdAt! - one.call.createdAt!);
      if (latency === 0) continue; // both were stamped when both were known, as Python 1.3 does: it tells nothing
      if (isPossible(latency, longest)) tools.latencies.push(latency);
      else tools.rejected++;
    }
  }
  return tools;
}

const byCall = (jobId: string, callId: string) => JSON.stringify([jobId, callId]);

function add<One>(those: Map<string, One[]>, key: string, one: One): void {
  const same = those.get(key);
  if (same) same.push(one);
  else those.set(key, [one]);
}

function inOrder<One>(those: readonly One[], itemOf: (one: One) => ChatItem): One[] {
  return [...those].sort((a, b) => {
    const [x, y] = [itemOf(a), itemOf(b)];
    return x.createdAt! - y.createdAt! || byText(x.id, y.id);
  });
}

export const TOOL_METRICS = [
  value({
    path: 'tools',
    toldByUploads: true,
    unit: 'object',
    formula:
      'Calls of tools, those of them whose output is an error, and the latency: created .. its output created, joined by call id.',
    nullWhen: 'no telemetry',
    needs: [],
    source: 'LiveKit Agents (function_call, function_call_output of the chat history)',
    schema: z
      .object({
        calls: numberSchema('n'),
        errors: numberSchema('n'),
        latency: distributionSchema.nullable().describe('s, call .. output; null: no call whose output was told'),
      })
      .nullable(),
    compute: (scene) => {
      const tools = toolsOf(scene);
      return tools && { calls: tools.calls.length, errors: tools.errors, latency: shownDistribution(tools.latencies) };
    },
  }),
] as const;
