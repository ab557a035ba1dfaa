/** The published schema is what comes out: no key more, none less, of every fixture. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { callMetricsJsonSchema, callMetricsSchema } from '../../src/metrics/callMetrics.ts';
import { METRICS } from '../../src/metrics/registry.ts';
import { replayFiles } from '../../src/replay/replay.ts';
import { finished, joined, left, started } from '../call/story.ts';
import { measured, measuredAt } from './measured.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const schema = callMetricsSchema();
const calls: unknown[] = [];

beforeAll(async () => {
  const files = readdirSync(FIXTURES).filter((file) => file.endsWith('.ndjson'));
  await replayFiles(
    files.map((file) => join(FIXTURES, file)),
    { now: new Date('2026-12-01T00:00:00Z'), onMetrics: (json) => void calls.push(JSON.parse(json)) },
  );
});

test('of every fixture, all that comes out is in the schema, key by key', () => {
  expect(calls.length).toBeGreaterThanOrEqual(24);
  // parse leaves out what the schema does not know: then the two would differ
  for (const call of calls) expect(schema.parse(call)).toEqual(call);
});

test('what is not known is null, not undefined and not NaN', () => {
  const odd = [
    measured(started(0)),
    measuredAt(90_000, [started(0), joined(2, 'ana')]),
    measured(finished(30)),
    measured(left(9, 'ana')),
  ];
  for (const call of odd) expect(schema.parse(call)).toEqual(JSON.parse(JSON.stringify(call)));
});

describe('the JSON Schema', () => {
  type Node = { type?: string; description?: string; required?: string[]; properties?: { [key: string]: Node } };
  const root = callMetricsJsonSchema() as Node & { $schema: string };

  test('describes every metric with its unit and formula', () => {
    for (const { path, unit, formula } of METRICS) {
      const node = path.split('.').reduce((at: Node | undefined, key) => at?.properties?.[key], root);
      expect(node?.description, path).toContain(`[${unit}] ${formula}`);
    }
  });

  test('is of 2020-12, requires every key, and is plain JSON', () => {
    expect(root.$schema).toContain('2020-12');
    expect(root.required!.sort()).toEqual(Object.keys(root.properties!).sort());
    expect(Object.keys(root.properties!)).toEqual(
      expect.arrayContaining(['metricsVersion', 'revision', 'custom', 'evidence']),
    );
    expect(JSON.parse(JSON.stringify(root))).toEqual(root);
  });
});
