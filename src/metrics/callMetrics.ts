/** The shape of CallMetrics: its TypeScript type and its schema, both made from the registry. */
import { z } from 'zod';
import type { Metric } from './metric.ts';
import { METRICS } from './registry.ts';

/** `{ 'a.b': T }` as `{ a: { b: T } }` */
type Nested<Path extends string, Value> = Path extends `${infer Head}.${infer Rest}`
  ? { [key in Head]: Nested<Rest, Value> }
  : { [key in Path]: Value };
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Told<M> = M extends Metric<infer Path, infer Value> ? Nested<Path, Value> : never;
type BuiltIn = Together<Told<(typeof METRICS)[number]>>;

const bound = z.union([z.number(), z.string(), z.null()]);
export const evidenceSchema = z.object({
  completeness: z.number().min(0).max(1).describe('observed boundaries / expected boundaries'),
  events: z.object({
    received: z.int(),
    distinct: z.int(),
    duplicates: z.int(),
    outOfOrder: z.int(),
    afterFinish: z.int(),
    unknownType: z.int(),
    quarantined: z.int(),
  }),
  resolution: z.number().describe('seconds: the grain of the coarsest clock that decided a value'),
  gaps: z.array(
    z.object({
      subject: z.enum(['room', 'participant', 'track', 'egress', 'ingress', 'job', 'custom']),
      sid: z.string(),
      missing: z.string().describe('the event that was lost, or the field that is not believed'),
      resolvedBy: z.string(),
      range: z.tuple([z.string().nullable(), z.string().nullable()]).nullable(),
    }),
  ),
  bounds: z
    .record(z.string(), z.tuple([bound, bound]))
    .describe('by metric path, the limits of each value that rests on an inference; null = no limit known'),
  uncertain: z.array(z.string()).describe('flags and enums that a lost event could turn'),
  telemetry: z
    .array(
      z.object({
        jobId: z.string().nullable(),
        agentName: z.string().nullable(),
        sdkVersion: z.string().nullable(),
        closeReason: z.string().nullable(),
        redacted: z.boolean().describe('its words were taken out before it was stored'),
      }),
    )
    .describe('the sessions of which agents told, by job'),
  inputs: z.object({ hash: z.string(), eventCount: z.int(), metricsVersion: z.int(), configHash: z.string() }),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** All that is known of one call. Durations in seconds, shares 0..1, instants ISO 8601; null is "cannot be known". */
export type CallMetrics = { metricsVersion: number; revision: number } & BuiltIn & {
    custom: Record<string, unknown> | null;
    evidence: Evidence;
  };

type Tree = { [key: string]: z.ZodType | Tree };

/** The zod schema of CallMetrics; `z.toJSONSchema` of it is what `call-evaluator schema` prints. */
export function callMetricsSchema(): z.ZodType {
  const tree: Tree = {
    metricsVersion: z.int().describe('version of the rules'),
    revision: z.int().describe('how often the result has changed since it was first final'),
  };
  for (const { path, unit, formula, nullWhen, schema } of METRICS) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let node = tree;
    for (const key of keys) {
      node[key] ??= {};
      node = node[key] as Tree;
    }
    node[last] = (schema as z.ZodType).describe(
      `[${unit}] ${formula}${nullWhen === 'never' ? '' : ` Null: ${nullWhen}.`}`,
    );
  }
  tree.custom = z.record(z.string(), z.unknown()).nullable().describe('the user’s own metrics; null: none registered');
  tree.evidence = evidenceSchema;
  return built(tree);
}

function built(tree: Tree): z.ZodType {
  const shape = Object.entries(tree).map(
    ([key, node]) => [key, node instanceof z.ZodType ? node : built(node)] as const,
  );
  return z.object(Object.fromEntries(shape));
}

export function callMetricsJsonSchema(): unknown {
  return z.toJSONSchema(callMetricsSchema());
}
