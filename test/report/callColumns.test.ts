import { beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { type CallMetrics, callMetricsSchema } from '../../src/metrics/callMetrics.ts';
import { bare, lies, pathsBelow } from '../../src/metrics/paths.ts';
import { callColumns } from '../../src/report/callColumns.ts';
import { metricsOfCase } from './callMetrics.ts';

let call: CallMetrics;
beforeAll(async () => {
  call = await metricsOfCase('03-lost-joins');
});

const columns = callColumns();
const column = (path: string) => columns.find((one) => one.path === path)!;

/** Who adds a list decides whether it is short, and lists it here or in callColumns.ts. */
const ONLY_IN_NDJSON = [
  'participants.list',
  'audio.issues',
  'recording.egresses',
  'ingress',
  'custom',
  'evidence.gaps',
  'evidence.telemetry',
];

test('every value of the schema is in one column, or in a list that is left out', () => {
  const { shape } = callMetricsSchema() as z.ZodObject<Record<string, z.ZodType>>;
  const values = Object.entries(shape)
    .flatMap(([key, schema]) => [...pathsBelow(key, schema)])
    .filter(({ schema }) => bare(schema).type !== 'object');
  const homes = values.map(({ path }) => [
    path,
    columns.filter((one) => one.path === path || (one.type === 'json' && lies(path, one.path))).length +
      ONLY_IN_NDJSON.filter((list) => lies(path, list)).length,
  ]);
  expect(homes.filter(([, count]) => count !== 1)).toEqual([]);
  expect(columns.length).toBeGreaterThan(150);
});

test('the columns are the same, in the same order, and say what they are', () => {
  expect(callColumns().map(({ path }) => path)).toEqual(columns.map(({ path }) => path));
  expect(columns.slice(2, 8).map(({ path, type }) => [path, type])).toEqual([
    ['roomSid', 'text'],
    ['roomName', 'text'],
    ['status', 'text'],
    ['startedAt', 'instant'],
    ['endedAt', 'instant'],
    ['duration', 'number'],
  ]);
  expect(column('response.latency.p50')).toMatchObject({
    type: 'number',
    description: expect.stringMatching(/latency/),
  });
  expect(column('response.latency.count').type).toBe('integer');
  expect(column('wait.total').type).toBe('number');
  expect(column('engagement.version').type).toBe('integer');
  expect(column('agent.noShow').type).toBe('flag');
});

test('a value is read where it is, and null where this call has none', () => {
  expect(column('roomName').read(call)).toBe('lesson-974b');
  expect(column('participants.unique').read(call)).toBe(call.participants.unique);
  expect(column('evidence.events.duplicates').read(call)).toBe(0);
  expect(call.engagement).not.toBeNull();
  expect(column('engagement.components.voice').read(call)).toBe(call.engagement!.components.voice);
  for (const path of ['sip.from', 'tools.latency.p50', 'response.components.llmTtft.p50', 'usage'])
    expect(column(path).read(call)).toBeNull();
});

test('the evidence is that of the row: of people there would be no end', () => {
  const bounds = {
    duration: [60, 62],
    'tracks.bySource.camera.seconds': [0, 5],
    'participants.list[identity=ana].presentSeconds': [1, 2],
  };
  const uncertain = ['endReason.class', 'endReason', 'participants.list', 'audio.grade'];
  const doubted = { ...call, evidence: { ...call.evidence, bounds, uncertain } } as unknown as CallMetrics;
  expect(column('evidence.bounds').read(doubted)).toEqual({
    duration: [60, 62],
    'tracks.bySource.camera.seconds': [0, 5],
  });
  expect(column('evidence.uncertain').read(doubted)).toEqual(['endReason.class', 'endReason', 'audio.grade']);
});
