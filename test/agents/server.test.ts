/** What attach() reports, at the real server: let in by the agent's own key, and counted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { attach } from '../../src/agents/index.ts';
import { CallEvaluator } from '../../src/index.ts';
import { createServer } from '../../src/server/index.ts';
import { FakeJob, FakeSession, play, RECORDINGS } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'attach-server-'));
const evaluator = new CallEvaluator();
const server = createServer(evaluator, { keys: { APIagent: 'secret-of-the-agents' }, env: {} });
const { url } = await server.listen(0);
afterAll(async () => {
  await server.close();
  await evaluator.close();
  rmSync(folder, { recursive: true });
});

/** An agent's word alone makes no call. */
const createdAt = String(Math.floor(RECORDINGS[0]!.history[0]!.createdAt / 1000) - 5);
const room = { ...RECORDINGS[0]!.job.room, creationTime: createdAt };
const STARTED = { event: 'room_started', id: 'EV_1', createdAt, room };

const warnings: string[] = [];
function played(apiSecret: string): FakeJob {
  const session = new FakeSession();
  const job = new FakeJob(RECORDINGS[0]!.job, { apiKey: 'APIagent', apiSecret });
  attach(session, job, { url, flushWithin: 0.3, spoolDir: folder, warn: (message) => warnings.push(message) });
  play(session, RECORDINGS[0]!);
  return job;
}

test('its turns and tools are in the metrics of the call', async () => {
  await played('secret-of-the-agents').shutdown();
  expect(warnings).toEqual([]);
  await evaluator.processEvent(STARTED);
  const metrics = (await evaluator.getMetrics('RM_recorded'))!;
  const { conversation, tools, evidence } = metrics;
  expect({ turns: conversation?.turns, calls: tools?.calls, errors: tools?.errors }).toEqual({
    turns: 5,
    calls: 2,
    errors: 1,
  });
  expect(evidence).toMatchObject({ telemetry: [{ jobId: 'AJ_recorded', closeReason: 'user_initiated' }] });
});

test('a wrong secret is said, with what to do', async () => {
  await played('another-one').shutdown();
  expect(warnings[0]).toMatch(/answered 401\. The token was not made with the secret that is configured here/);
});
