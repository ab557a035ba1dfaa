/** One session, told by any mixture of an agent's paths, in pieces, in any order and with any repeats. */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { CallEvaluator } from '../../src/evaluator.ts';
import type { Upload } from '../../src/telemetry/upload.ts';
import { finished, joined, left, ms, SID, started } from '../call/story.ts';
import { shuffled } from '../simulate/index.ts';
import { aSeed } from './calls.ts';
import { law } from './runs.ts';

type Json = Record<string, unknown>;

/** An item as Python's report has it: snake_case, seconds. */
type Item = Json & { id: string; type: string; created_at: number };

const second = fc.integer({ min: 1_000, max: 60_000 }).map((at) => at / 1000);
const delay = fc.integer({ min: 0, max: 3_000 }).map((at) => at / 1000);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const epoch = (at: number) => ms(at) / 1000;

const message = fc.record({
  role: fc.constantFrom('user', 'assistant'),
  at: second,
  spoke: maybe(delay),
  interrupted: fc.boolean(),
  e2e_latency: maybe(delay),
  llm_node_ttft: maybe(delay),
  transcription_delay: maybe(delay),
});
const tool = fc.record({ at: second, took: delay, failed: fc.boolean() });

const aSession = fc
  .record({ messages: fc.array(message, { maxLength: 6 }), tools: fc.array(tool, { maxLength: 3 }) })
  .map(({ messages, tools }): Item[] => [
    ...messages.map(({ role, at, spoke, interrupted, ...metrics }, i) => ({
      id: `item_${i}`,
      type: 'message',
      role,
      interrupted,
      created_at: epoch(at),
      metrics: defined({
        ...metrics,
        ...(spoke !== undefined && { started_speaking_at: epoch(at), stopped_speaking_at: epoch(at + spoke) }),
      }),
    })),
    ...tools.flatMap(({ at, took, failed }, i): Item[] => [
      { id: `call_${i}`, type: 'function_call', call_id: `c${i}`, name: 'look_up', created_at: epoch(at) },
      {
        id: `out_${i}`,
        type: 'function_call_output',
        call_id: `c${i}`,
        name: 'look_up',
        is_error: failed,
        created_at: epoch(at + took),
      },
    ]),
  ]);

function defined(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const ABOUT = { job_id: 'AJ_1', room_id: SID, room: 'story' };
const PATHS: Record<string, (items: Item[]) => Upload> = {
  python: (items) => ({ path: 'report', payload: { ...ABOUT, chat_history: { items } } }),
  oldNode: (items) => ({
    path: 'report',
    payload: camel({
      ...ABOUT,
      chat_history: { items: items.map((item) => ({ ...item, created_at: item.created_at * 1000 })) },
    }),
  }),
  recordings: (items) => ({
    path: 'recordings',
    payload: { header: { roomId: SID, roomName: 'story', jobId: 'AJ_1' }, chatHistory: { items } },
  }),
  logs: (items) => ({
    path: 'logs',
    payload: { resourceLogs: [{ scopeLogs: [{ scope: { name: 'chat_history' }, logRecords: items.map(logRecord) }] }] },
  }),
};

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  const name = (key: string) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [name(key), camel(held)]));
}

/** As protobuf's ChatItem in OTLP: instants as text, defaults left out. */
function logRecord({ type, ...item }: Item): Json {
  const iso = (value: unknown) => new Date((value as number) * 1000).toISOString();
  const told = { ...item, created_at: iso(item.created_at) } as Json;
  if (item.interrupted === false) delete told.interrupted;
  if (item.is_error === false) delete told.is_error;
  if (item.role) told.role = String(item.role).toUpperCase();
  const metrics = { ...(item.metrics as Json | undefined) };
  for (const key of ['started_speaking_at', 'stopped_speaking_at'])
    if (metrics[key] !== undefined) metrics[key] = iso(metrics[key]);
  if (item.metrics) told.metrics = metrics;
  return {
    body: { stringValue: 'chat item' },
    attributes: attributes({ ...ABOUT, 'chat.item': { [type]: told } }),
  };
}

function attributes(object: Json): Json[] {
  return Object.entries(object).map(([key, value]) => ({ key, value: otlp(value) }));
}

function otlp(value: unknown): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { kvlistValue: { values: attributes(value as Json) } };
}

const CALL = [started(0), joined(1, 'ana'), joined(1, 'agent-1'), left(70, 'ana'), left(70, 'agent-1'), finished(90)];

async function told(steps: readonly (Upload | object)[]): Promise<string> {
  const evaluator = new CallEvaluator({ clock: () => ms(1000) });
  for (const step of steps)
    await ('payload' in step ? evaluator.processTelemetry(step as Upload) : evaluator.processEvent(step));
  const metrics = (await evaluator.getMetrics(SID))!;
  expect(metrics.evidence.events.quarantined).toBe(0);
  await evaluator.close();
  // which uploads it came by is part of what came, not of what was done
  const { events, inputs, ...evidence } = metrics.evidence;
  return JSON.stringify({ ...metrics, revision: 0, evidence });
}

describe('a session is the same', () => {
  law(
    'by any mixture of paths, in pieces, in any order, with repeats',
    {
      items: aSession,
      cuts: fc.array(
        fc.record({ path: fc.constantFrom(...Object.keys(PATHS)), from: fc.nat(12), length: fc.nat(12) }),
        { maxLength: 6 },
      ),
      whole: fc.constantFrom(...Object.keys(PATHS)),
      seed: aSeed,
    },
    async ({ items, cuts, whole, seed }) => {
      const pieces = cuts
        .map(({ path, from, length }) => ({ path, own: items.slice(from, from + length) }))
        .filter(({ path, own }) => own.length > 0 || path !== 'logs'); // of no records there is nothing to tell
      const uploads = [...pieces.map(({ path, own }) => PATHS[path]!(own)), PATHS[whole]!(items)];
      if (items.length === 0 && whole === 'logs') return;
      const steps: (Upload | object)[] = [...uploads, ...uploads.slice(0, 2), ...CALL];
      const asEvents = shuffled(seed)(steps.map((step, at) => ({ at, event: step as never })));
      expect(await told(asEvents.map(({ event }) => event))).toBe(await told([...CALL, PATHS.python!(items)]));
    },
    { runs: 20 },
  );
});
