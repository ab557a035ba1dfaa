import { createServer } from 'node:http';
import { inspect } from 'node:util';
import express from 'express';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { good, KEYS, SECRET } from './signed.ts';

test('the routes of an evaluator fit every host, share its counters, and show no secret', async () => {
  const evaluator = new CallEvaluator();
  const webhook = evaluator.webhook({ keys: KEYS });
  createServer(webhook); // a matter of types
  express().post('/webhook', webhook);
  fastify().post('/webhook', webhook);
  const POST = evaluator.fetchHandler({ keys: KEYS });
  const { authorization, body } = await good();
  const headers = { authorization: String(authorization) };
  const answer = await POST(new Request('http://localhost/', { method: 'POST', body, headers }));
  expect(await answer.json()).toMatchObject({ status: 'stored' });
  expect(evaluator.ingestCounters().stored).toBe(1);
  for (const shown of [evaluator, webhook, POST])
    expect(inspect(shown, { showHidden: true, depth: 20 })).not.toContain(SECRET);
  await evaluator.close();
});
