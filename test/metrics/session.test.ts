import { expect, test } from 'vitest';
import { decodeTelemetry } from '../../src/telemetry/decodeTelemetry.ts';
import { bodiesOf } from '../../src/telemetry/upload.ts';
import type { Json } from '../../src/webhook/read.ts';
import { pythonUploads } from '../telemetry/python.ts';
import { measuredWith, upload } from './telling.ts';

const of = (...tags: string[][]) =>
  measuredWith(tags.map((one, i) => upload([], { jobId: `AJ_${i}`, tags: one }))).session;

test('tags are the user’s own, in one order; outcome and verdicts are told from LiveKit’s', () => {
  expect(of(['language:en', 'appointment:booked', 'lk.success', 'lk.judge.task: done:maybe', 'lk.other'])).toEqual({
    outcome: 'success',
    tags: ['appointment:booked', 'language:en', 'lk.other'],
    judgments: [{ judge: 'task: done', verdict: 'maybe' }],
  });
});

test('of several sessions one that failed decides', () => {
  expect(of(['lk.success', 'a'], ['lk.fail', 'a'])).toEqual({ outcome: 'fail', tags: ['a'], judgments: [] });
});

test('a session that was told of without tags has none; without telemetry nothing is known', () => {
  expect(of([])).toEqual({ outcome: null, tags: [], judgments: [] });
  expect(measuredWith([]).session).toBeNull();
});

test.each(['1.6.10', '1.8.9'])('a real session of Python %s is tagged as its script did', async (version) => {
  const told = (await pythonUploads(version)).flatMap((upload) => bodiesOf(upload, 0, false));
  const facts = told.map((body) => decodeTelemetry(body as unknown as Json));
  expect(measuredWith(facts).session).toEqual({
    outcome: 'success',
    tags: ['appointment:none', 'language:en'],
    judgments: [],
  });
});

test('a judge’s verdict and an outcome in log records say what they judge, and not why', () => {
  const text = (stringValue: string) => ({ stringValue });
  const record = (body: string, values: Record<string, string>) => ({
    body: text(body),
    attributes: [
      { key: 'room_id', value: text('RM_a') },
      {
        key: body,
        value: { kvlistValue: { values: Object.entries(values).map(([key, one]) => ({ key, value: text(one) })) } },
      },
    ],
  });
  const logRecords = [
    record('evaluation', { name: 'accuracy', verdict: 'fail', reasoning: 'he lied', instructions: 'be strict' }),
    record('outcome', { outcome: 'fail', reason: 'he hung up' }),
    record('tag', { name: 'voicemail:true' }),
  ];
  const payload = { resourceLogs: [{ scopeLogs: [{ scope: { name: 'evaluations' }, logRecords }] }] };
  const bodies = bodiesOf({ path: 'logs', payload }, 0, false);
  expect(JSON.stringify(bodies)).not.toMatch(/lied|strict|hung/);
  expect(measuredWith(bodies.map((body) => decodeTelemetry(body as unknown as Json))).session).toEqual({
    outcome: 'fail',
    tags: ['voicemail:true'],
    judgments: [{ judge: 'accuracy', verdict: 'fail' }],
  });
});

test('a report may say the outcome and the tags itself', () => {
  const payload = {
    room_id: 'RM_a',
    chat_history: { items: [] },
    tags: ['vip', 'words of a sentence'],
    outcome: 'success',
  };
  const [body] = bodiesOf({ path: 'report', payload }, 0, false);
  expect(measuredWith([decodeTelemetry(body as unknown as Json)]).session).toEqual({
    outcome: 'success',
    tags: ['vip'], // a sentence is no tag, where words are not kept
    judgments: [],
  });
});
