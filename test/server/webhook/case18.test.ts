/** A case from the field: the body was parsed, and written again, before it was verified. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CallEvaluator } from '../../../src/evaluator.ts';
import { receiver } from '../../../src/server/webhook/receive.ts';
import { doorOf } from './door.ts';

const CASE = new URL('../../cases/18-verify-body-reserialised/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, CASE));

interface Expected {
  now: string;
  keys: Record<string, string>;
  requests: { file: string; status: number; duplicate?: true; reason?: string }[];
  stored: number;
}
const { $verify: expected } = JSON.parse(read('expect.json').toString()) as { $verify: Expected };

test('case 18', async () => {
  const clock = () => Date.parse(expected.now);
  const evaluator = new CallEvaluator({ clock });
  const receive = receiver({ ...doorOf(evaluator), now: clock }, { keys: expected.keys, onTrouble: () => {} });
  for (const { file, status, duplicate, reason } of expected.requests) {
    const { headers, body } = parsed(read(file));
    const answer = await receive({ method: 'POST', header: (name) => headers.get(name), body: async () => body });
    expect(answer.status, file).toBe(status);
    const said = JSON.parse(answer.body);
    if (status === 200) expect(said.status, file).toBe(duplicate ? 'duplicate' : 'stored');
    else expect(said, file).toMatchObject({ check: reason, detail: expect.stringContaining('JSON parser') });
  }
  expect((await evaluator.counts()).events).toBe(expected.stored);
  await evaluator.close();
});

function parsed(request: Buffer): { headers: Headers; body: Buffer } {
  const end = /\r?\n\r?\n/.exec(request.toString('latin1'))!;
  const [, ...lines] = request.toString('latin1', 0, end.index).split(/\r?\n/);
  const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]));
  const begin = end.index + end[0].length;
  return { headers, body: request.subarray(begin, begin + Number(headers.get('content-length'))) };
}
