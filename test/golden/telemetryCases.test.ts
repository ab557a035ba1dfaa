/** The cases of agents' telemetry: a call's webhooks, and what its agent reported of it, in each form that the case has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CallEvaluator } from '../../src/evaluator.ts';
import { mismatch, readGoldenFile } from './expectation.ts';

const CASES = join(import.meta.dirname, '../cases');
const read = (name: string, file: string) => readFileSync(join(CASES, name, file), 'utf8');

describe.each(['20-telemetry-impossible-delays', '23-telemetry-units'])('%s', (name) => {
  const inputs = readdirSync(join(CASES, name)).filter((file) => file.startsWith('input'));
  const webhooks = read(name, 'webhooks.ndjson').trim().split('\n');

  test.each([...inputs.map((input) => [input]), inputs])('%s', async (...reports) => {
    const evaluator = new CallEvaluator({ clock: () => Date.UTC(2026, 11, 1) });
    for (const report of reports) await evaluator.processReport(read(name, report));
    await evaluator.processEvents(webhooks);
    for (const [roomSid, expected] of readGoldenFile(read(name, 'expect.json')).rooms) {
      const metrics = await evaluator.getMetrics(roomSid);
      expect(
        [...expected].map(([path, form]) => mismatch(metrics, path, form)).filter((line) => line !== null),
      ).toEqual([]);
    }
  });
});
