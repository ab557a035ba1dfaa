import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallEvaluator, type CallMetrics } from '../../src/index.ts';
import { run } from '../cli/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

let server: Server;
let address: string;
let evaluator: CallEvaluator;
let answer: number;
let twist: (metrics: CallMetrics) => CallMetrics;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (request.method === 'POST') {
      if (answer === 200) await evaluator.processEvent(body);
      response.writeHead(answer).end();
      return;
    }
    if (request.headers.authorization !== 'Bearer reader') {
      response.writeHead(401).end();
      return;
    }
    const metrics = await evaluator.getMetrics(decodeURIComponent(request.url!.split('/').at(-1)!));
    response.writeHead(metrics ? 200 : 404).end(metrics && JSON.stringify(twist(metrics)));
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('LIVEKIT_API_KEY', 'key');
  vi.stubEnv('LIVEKIT_API_SECRET', 'secret');
  vi.stubEnv('CALL_EVALUATOR_TOKEN', 'reader');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  evaluator = new CallEvaluator();
  answer = 200;
  twist = (metrics) => metrics;
});

const simulate = (...args: string[]) =>
  run(['simulate', `${address}/webhook`, '--calls', '15', '--rate', '2000', ...args]);

describe('simulate', () => {
  test('sends calls, asks what the server knows of them, and finds it true', async () => {
    const { code, stdout, stderr } = await simulate('--api', address, '--seed', '7', '--loss', '0.05');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^15 calls, \d+ webhooks in [\d.]+ s \([\d,]+ a second\), --seed 7\n/);
    expect(stdout).toMatch(/What the server says of \d+ calls, beside the truth/);
    expect(stdout).not.toContain('defects');
  });

  test('as JSON, for programs', async () => {
    const { code, stdout } = await simulate('--api', address, '--format', 'json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      calls: 15,
      outcomes: { delivered: report.webhooks },
      truth: { calls: { judged: 15 } },
    });
    expect(report.answers).toEqual({ 200: report.webhooks });
  });

  test('exits with 1 when the server is wrong', async () => {
    twist = (metrics) => ({ ...metrics, callDuration: 9999 });
    const { code, stdout } = await simulate('--api', address);
    expect(code).toBe(1);
    expect(stdout).toContain('Outside of their bounds: defects of the server\n  RM_');
    expect(stdout).toContain('callDuration: says 9999, true is');
  });

  test('exits with 2 when all is refused, and says what to look at', async () => {
    answer = 401;
    const { code, stdout, stderr } = await simulate();
    expect(code).toBe(2);
    expect(stdout).toMatch(/answered 401 +\d+\n/);
    expect(stderr).toContain('are LIVEKIT_API_KEY and LIVEKIT_API_SECRET a pair that it has?');
  });

  test('does not send twice what the server knows', async () => {
    expect((await simulate('--api', address, '--seed', '9')).code).toBe(0);
    const { code, stderr } = await simulate('--api', address, '--seed', '9');
    expect(code).toBe(2);
    expect(stderr).toContain('The server knows the calls of --seed 9 already: take another');
  });

  test('writes the webhooks and the truth into files, the same for the same seed', async () => {
    const write = (name: string) =>
      run(['simulate', '--write', join(folder, name), '--calls', '5', '--seed', '7', '--until', '2026-10-12T09:00Z']);
    const [one, other] = [await write('one.ndjson'), await write('other.ndjson')];
    expect([one.code, other.code]).toEqual([0, 0]);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read('one.ndjson')).toBe(read('other.ndjson'));
    expect(read('one.ndjson.truth')).toBe(read('other.ndjson.truth'));
    const truths = read('one.ndjson.truth')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const replayed = await run(['replay', '--format', 'ndjson', join(folder, 'one.ndjson')]);
    const calls = replayed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls).toHaveLength(5);
    for (const { roomSid, values } of truths) {
      expect(calls.find((call) => call.roomSid === roomSid).participants.unique).toBe(values['participants.unique']);
    }
  });
});

describe('refused, with what would be right:', () => {
  test.each([
    [[], 'to an address such as http://localhost:8787/webhook, or with --write'],
    [['localhost:8787/webhook'], 'An address looks like http://localhost:8787/webhook'],
    [['http://127.0.0.1:9/webhook'], 'Nothing listens at http://127.0.0.1:9/webhook (ECONNREFUSED): start the server'],
    [['--write', '/nowhere/x.ndjson'], 'cannot be written'],
    [['--write', 'x', '--api', 'http://localhost:1'], 'leave one of them out'],
    [['--write', 'x', '--mix', 'suport'], '"suport" is no mix. There are support, meeting'],
    [['--write', 'x', '--loss', '2'], '0.02 is 2 %'],
    [['--write', 'x', '--speed', '0.5'], 'from 1 (as fast as they went)'],
    [['--write', 'x', '--rate', '0'], 'such as 50'],
    [['--write', 'x', '--seed', 'x'], 'from 0 on'],
  ])('%j', async (args, right) => {
    const { code, stdout, stderr } = await run(['simulate', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(right);
  });

  test('an API that cannot be asked, before anything is sent', async () => {
    vi.stubEnv('CALL_EVALUATOR_TOKEN', 'wrong');
    const { code, stdout, stderr } = await simulate('--api', address);
    vi.stubEnv('CALL_EVALUATOR_TOKEN', 'reader');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('answered 401: give it a token that may read, as CALL_EVALUATOR_TOKEN');
    const nobody = await simulate('--api', 'http://127.0.0.1:9');
    expect(nobody.stderr).toContain(': is --api the address of a running server?');
  });

  test('no keys', async () => {
    vi.stubEnv('LIVEKIT_API_SECRET', '');
    const { code, stderr } = await simulate();
    vi.stubEnv('LIVEKIT_API_SECRET', 'secret');
    expect(code).toBe(2);
    expect(stderr).toContain('Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET');
  });
});
