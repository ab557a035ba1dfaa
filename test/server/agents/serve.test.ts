/** Uploads to the whole server: beside webhooks and the API, counted and logged. */
import { afterEach, expect, test, vi } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import type { Log } from '../../../src/server/api/options.ts';
import { type CallServer, createServer } from '../../../src/server/serve.ts';
import { KEYS } from '../webhook/signed.ts';
import { agentToken, post, TOKEN } from './uploading.ts';

const opened: { server: CallServer; evaluator: CallEvaluator }[] = [];
afterEach(async () => {
  for (const { server, evaluator } of opened.splice(0)) {
    await server.close();
    await evaluator.close();
  }
});

test('below any base; a line in the log and a number for each, without tokens and bodies', async () => {
  const evaluator = new CallEvaluator();
  const take = vi.spyOn(evaluator, 'processTelemetry').mockResolvedValue([]);
  const lines: object[] = [];
  const at = (fields: object, message: string) => void lines.push({ message, ...fields });
  const log: Log = { debug: at, info: at, warn: at, error: at };
  const server = createServer(evaluator, { env: {}, keys: KEYS, token: TOKEN, log });
  opened.push({ server, evaluator });
  const { url } = await server.listen(0);
  const path = '/ingest/livekit/observability/logs/otlp/v0';
  const secret = agentToken({}, 'guessed-secret-of-a-stranger-0123');

  expect((await post(url + path, { body: '{"resourceLogs":["words"]}' })).status).toBe(200);
  expect(take).toHaveBeenCalledWith({ path: 'logs', payload: { resourceLogs: ['words'] } });
  for (let i = 0; i < 3; i++)
    expect((await post(url + path, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);

  const line = { method: 'POST', route: 'uploads of logs', ms: expect.any(Number), message: 'answered' };
  expect(lines.slice(0, 3)).toEqual([
    { ...line, status: 200 },
    { status: 401, code: 'not-verified', check: 'signature', key: Object.keys(KEYS)[0], message: 'upload refused' },
    { ...line, status: 401 },
  ]);
  expect(lines).toHaveLength(5);
  expect(JSON.stringify(lines)).not.toMatch(/words|ingest/);

  const ingest = await fetch(`${url}/v1/ingest`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await ingest.json()).toMatchObject({
    uploads: [
      { kind: 'logs', outcome: 'taken', count: 1 },
      { kind: 'logs', outcome: 'not-verified', count: 3 },
    ],
  });

  const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const text = await metrics.text();
  expect(text).toContain('call_evaluator_uploads_total{kind="logs",outcome="taken"} 1');
  expect(text).toContain('call_evaluator_uploads_total{kind="logs",outcome="not-verified"} 3');
});
