import { createServer } from 'node:http';
import { inspect } from 'node:util';
import express from 'express';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { good, KEYS, SECRET, sign } from './signed.ts';

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

test('events of our own making are none that LiveKit sends, whoever has signed them', async () => {
  const evaluator = new CallEvaluator();
  const POST = evaluator.fetchHandler({ keys: KEYS });
  const room = { sid: 'RM_1', name: 'one' };
  const createdAt = String(Math.floor(Date.now() / 1000));
  for (const own of [
    { event: 'reconciled', id: 'RC_1', createdAt, room, answer: { exists: false } },
    { event: 'agent_telemetry', id: 'AU_1', createdAt, room, path: 'report', payload: { chat_history: { items: [] } } },
  ]) {
    const body = JSON.stringify(own);
    const headers = { authorization: await sign(body) };
    const answer = await POST(new Request('http://localhost/', { method: 'POST', body, headers }));
    expect(await answer.json()).toMatchObject({ status: 'quarantined', reason: { field: 'event', found: own.event } });
    expect((await evaluator.processEvent(own)).status).toBe('stored');
  }
  await evaluator.close();
});
