/** The tools that agents called, by their own telemetry. */
import { z } from 'zod';
import type { ChatItem } from '../telemetry/facts.ts';
import { distributionSchema, shownDistribution } from './distribution.ts';
import { numberSchema, value } from './metric.ts';
import { seconds } from './round.ts';
import type { Scene } from './scene.ts';
import { believed, isPossible, itemsTold, longestPossible, type Told } from './turns.ts';

export interface Tools {
  calls: number;
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
  const tools = { calls: 0, errors: 0, latencies: [] as number[], rejected: 0 };
  const calls = new Map<string, ChatItem[]>();
  const outputs = new Map<string, ChatItem[]>();
  for (const { jobId, item } of told) {
    if (item.kind === 'toolCall') tools.calls++;
    else if (item.kind !== 'toolOutput') continue;
    else if (item.isError) tools.errors++;
    if (item.callId === undefined || believed(item.createdAt) === null) continue;
    const key = JSON.stringify([jobId, item.callId]);
    const sameKind = item.kind === 'toolCall' ? calls : outputs;
    const same = sameKind.get(key);
    if (same) same.push(item);
    else sameKind.set(key, [item]);
  }
  for (const [key, those] of outputs) {
    // some models count their calls anew each time: the first output is that of the first call
    const called = inOrder(calls.get(key) ?? []);
    for (const [i, output] of inOrder(those).entries()) {
      const call = called[i];
      if (call === undefined) break;
      const latency = seconds(output.createdAt! - call.createdAt!);
      if (isPossible(latency, longest)) tools.latencies.push(latency);
      else tools.rejected++;
    }
  }
  return tools;
}

const inOrder = (items: readonly ChatItem[]) =>
  [...items].sort((a, b) => a.createdAt! - b.createdAt! || (a.id < b.id ? -1 : 1));

export const TOOL_METRICS = [
  value({
    path: 'tools',
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
      return tools && { calls: tools.calls, errors: tools.errors, latency: shownDistribution(tools.latencies) };
    },
  }),
] as const;
