import { expect, test } from 'vitest';
import type { Log } from '../../src/server/api/options.ts';
import { troubleLog } from '../../src/server/troubleLog.ts';
import type { Trouble } from '../../src/server/webhook/trouble.ts';

test('of each kind of trouble one line in ten seconds, and how many there were in between', () => {
  const lines: object[] = [];
  const log: Log = { debug() {}, info() {}, warn: (fields) => void lines.push(fields), error() {} };
  let now = 0;
  const tell = troubleLog(log, () => now);
  const forged: Trouble = {
    status: 401,
    code: 'not-verified',
    title: '',
    detail: 'The token names the API key "whatever a stranger writes"',
    refused: { ok: false, check: 'signature', key: 'APIours' },
  };
  for (; now < 25_000; now += 1_000) tell(forged);
  tell({ status: 503, code: 'store_full', title: '', detail: '', cause: new Error('The disk is full.') });
  const told = { status: 401, code: 'not-verified', check: 'signature', key: 'APIours' };
  expect(lines).toEqual([
    told,
    { ...told, before: 9 },
    { ...told, before: 9 },
    { status: 503, code: 'store_full', err: new Error('The disk is full.') },
  ]);
});
