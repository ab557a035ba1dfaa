/** What attach() sends, when, and what becomes of it when the server is away: against sessions that are played. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AttachOptions, attach } from '../../src/agents/index.ts';
import { decodeTelemetry } from '../../src/telemetry/decodeTelemetry.ts';
import { freePort, Receiver } from './receiver.ts';
import { FakeItem, FakeJob, FakeSession, play, RECORDINGS } from './replay.ts';

let folder: string;
let receiver: Receiver;
let url: string;
const warnings: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attach-'));
  receiver = new Receiver();
  url = await receiver.listen();
  warnings.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

function attached({
  session = new FakeSession(),
  job = new FakeJob(),
  ...options
}: AttachOptions & Partial<Parts> = {}) {
  const warn = (message: string) => warnings.push(message);
  attach(session, job, { url, token: 'secret', every: 0.02, flushWithin: 0.7, spoolDir: folder, warn, ...options });
  return { session, job };
}
interface Parts {
  session: FakeSession;
  job: FakeJob;
}
/** Files that wait for the next agent. */
const spooled = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));

describe.each(RECORDINGS)('a session of $sdk', (recording) => {
  const words = ['weather in', 'Paris', 'sunny', 'no taxi', 'thanks', 'welcome', 'be nice', 'be brief'];
  const reported = async (options: AttachOptions) => {
    const { session, job } = attached({ job: new FakeJob(recording.job), ...options });
    play(session, recording);
    await job.shutdown();
    return JSON.stringify(receiver.reports);
  };

  test('is sent as it was from the real one', async () => {
    await reported({ conversationText: true });
    expect(receiver.items).toEqual(recording.sent.flatMap(({ chat_history }) => chat_history.items));
    expect(receiver.reports.at(-1)).toMatchObject({
      job_id: 'AJ_recorded',
      room_id: 'RM_recorded',
      room: 'support-7',
      agent_name: 'nova',
      usage: recording.usage.modelUsage,
      events: [{ type: 'close', reason: 'user_initiated' }],
    });
    expect(warnings).toEqual([]);
  });

  test('is sent without its words, unless they are asked for', async () => {
    const sent = await reported({});
    expect(sent).toContain('getWeather');
    for (const word of words) expect(sent).not.toContain(word);
    expect(await reported({ conversationText: true })).toContain('sunny');
  });

  test('is understood', async () => {
    await reported({});
    const facts = receiver.reports.map((payload) => decodeTelemetry({ path: 'report', payload, redacted: true }));
    const items = facts.flatMap((fact) => fact.items);
    const known = recording.history.filter(({ type }) => type !== 'agent_config_update');
    expect(items.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
    const told = recording.sent.flatMap(({ chat_history }) => chat_history.items);
    expect(items.map(({ createdAt }) => createdAt)).toEqual(told.map(({ createdAt }) => createdAt));
    expect(items.filter(({ isError }) => isError)).toMatchObject([{ kind: 'toolOutput', tool: 'bookTaxi' }]);
    const spoken = items.filter(({ startedAt }) => startedAt !== undefined);
    expect(spoken).toMatchObject([{ role: 'assistant' }, { role: 'assistant' }]);
    for (const { startedAt, createdAt } of spoken) expect(Math.abs(startedAt! - createdAt!)).toBeLessThan(1000);
    expect(facts.at(-1)).toMatchObject({ jobId: 'AJ_recorded', agentName: 'nova', closeReason: 'user_initiated' });
  });
});

describe('while the session is on', () => {
  test('what is new is sent every few seconds, once', async () => {
    const { session } = attached();
    session.say('item_1');
    await vi.waitFor(() => expect(receiver.ids).toEqual(['item_1']));
    session.say('item_2');
    session.say('item_3');
    await vi.waitFor(() => expect(receiver.ids).toEqual(['item_1', 'item_2', 'item_3']));
    expect(receiver.reports).toHaveLength(2);
    expect(receiver.paths).toEqual(['/v1/reports', '/v1/reports']);
    expect(receiver.headers[0]).toMatchObject({ authorization: 'Bearer secret', 'content-type': 'application/json' });
  });

  test('usage goes with the next turn, and what was told is not told again', async () => {
    const { session, job } = attached();
    await new Promise((resolve) => setTimeout(resolve, 60)); // it has looked for what is on disk
    const usage = { modelUsage: [{ type: 'llm_usage', provider: 'openai', model: 'gpt', inputTokens: 7 }] };
    session.emit('session_usage_updated', { usage });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(receiver.reports).toEqual([]);
    session.say('item_1');
    await vi.waitFor(() => expect(receiver.reports).toMatchObject([{ usage: usage.modelUsage }]));
    session.emit('session_usage_updated', { usage });
    await job.shutdown();
    expect(receiver.reports).toHaveLength(1);
  });

  test('it may be attached late: its history is told at the end', async () => {
    const session = new FakeSession();
    session.say('item_1');
    const { job } = attached({ session });
    session.say('item_2');
    session.emit('close', { reason: 'error' });
    await job.shutdown();
    expect(receiver.ids.toSorted()).toEqual(['item_1', 'item_2']);
  });

  test('it may go on after it was closed', async () => {
    const { session, job } = attached();
    session.say('item_1');
    session.emit('close', { reason: 'error' });
    await job.shutdown();
    session.say('item_2');
    await vi.waitFor(() => expect(receiver.ids).toEqual(['item_1', 'item_2']));
  });
});

describe('a server that is away', () => {
  test('gets all when it is back; it is said once', async () => {
    receiver.answer = (response) => response.writeHead(503).end('{"detail":"The disk is full."}');
    const { session, job } = attached();
    session.say('item_1');
    await vi.waitFor(() => expect(receiver.reports.length).toBeGreaterThan(2));
    session.say('item_2');
    receiver.reports.length = 0;
    receiver.answer = (response) => response.end('{}');
    await job.shutdown();
    expect(receiver.ids).toEqual(['item_1', 'item_2']);
    expect(warnings).toEqual([
      `call-evaluator: Reports wait, and are sent again. ${url}/v1/reports answered 503. The disk is full.`,
    ]);
  });

  test('at the end as well: the rest is on disk, for the next agent to send', async () => {
    const port = await freePort();
    const away = { url: `http://127.0.0.1:${port}/base/` };
    const { session, job } = attached(away);
    session.say('item_1');
    session.emit('close', { reason: 'job_shutdown' });
    await job.shutdown();
    const [file, ...others] = spooled();
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(file!, 'utf8'))).toMatchObject({
      room_id: 'RM_1',
      chat_history: { items: [{ id: 'item_1' }] },
      events: [{ reason: 'job_shutdown' }],
    });
    if (process.platform !== 'win32') {
      expect(statSync(file!).mode & 0o777).toBe(0o600);
      expect(statSync(join(file!, '..')).mode & 0o777).toBe(0o700);
    }
    expect(warnings).toHaveLength(2);

    const other = attached(); // of another server
    other.session.say('item_2');
    await other.job.shutdown();
    expect(receiver.ids).toEqual(['item_2']);
    expect(spooled()).toHaveLength(1);

    const back = new Receiver();
    await back.listen(port);
    attached({ ...away, job: new FakeJob({ id: 'AJ_2', agentName: '', room: { sid: 'RM_2', name: 'other' } }) });
    await vi.waitFor(() => expect(spooled()).toEqual([]));
    expect(back.reports).toMatchObject([{ room_id: 'RM_1', chat_history: { items: [{ id: 'item_1' }] } }]);
    expect(back.paths).toEqual(['/base/v1/reports']);
    await back.close();
  });

  test('or hangs: the end waits no longer than it may', async () => {
    receiver.answer = null;
    const { session, job } = attached({ flushWithin: 0.2 });
    session.say('item_1');
    await vi.waitFor(() => expect(receiver.reports).toHaveLength(1)); // is under way, unanswered
    const began = performance.now();
    session.emit('close', { reason: 'job_shutdown' });
    await job.shutdown();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(spooled()).toHaveLength(1);
  });

  test('whose disk is no better: it is said', async () => {
    receiver.answer = (response) => response.writeHead(503).end();
    const { session, job } = attached({ flushWithin: 0.1, spoolDir: '/dev/null' });
    session.say('item_1');
    await job.shutdown();
    expect(warnings.at(-1)).toMatch(/^call-evaluator: The rest of the reports is lost: .*Set spoolDir/);
  });

  test.skipIf(process.platform === 'win32')('nothing is put where others may write, nor sent from there', async () => {
    receiver.answer = (response) => response.writeHead(503).end();
    const one = attached({ flushWithin: 0.1 });
    one.session.say('item_1');
    await one.job.shutdown();
    const [file] = spooled();
    chmodSync(join(file!, '..'), 0o777);
    const two = attached({ flushWithin: 0.1 });
    two.session.say('item_2');
    await two.job.shutdown();
    expect(spooled()).toEqual([file]);
    expect(warnings.at(-1)).toContain('belongs to somebody else');

    receiver.reports.length = 0;
    receiver.answer = (response) => response.end('{}');
    const three = attached();
    three.session.say('item_3');
    await vi.waitFor(() => expect(receiver.ids).toEqual(['item_3']));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(receiver.ids).toEqual(['item_3']);
  });
});

test('a report that is refused is not sent again', async () => {
  receiver.answer = (response) => response.writeHead(400).end('{"detail":"It is no JSON."}');
  const { session, job } = attached();
  session.say('item_1');
  await vi.waitFor(() => expect(receiver.reports).toHaveLength(1));
  receiver.answer = (response) => response.end('{}');
  session.say('item_2');
  await job.shutdown();
  expect(receiver.ids).toEqual(['item_1', 'item_2']);
  expect(warnings).toEqual([`call-evaluator: Reports are lost. ${url}/v1/reports answered 400. It is no JSON.`]);
});

describe('the agent never notices', () => {
  test('an item that cannot be told: the others are', async () => {
    const { session, job } = attached({ conversationText: true });
    const broken = new FakeItem({ type: 'message' });
    broken.toJSON = () => {
      throw new Error('no');
    };
    session.emit('conversation_item_added', { item: broken });
    session.emit('conversation_item_added', {});
    session.emit('function_tools_executed', { functionCalls: 1 });
    session.say('item_1', { extra: { circle: session }, content: ['hello'] });
    session.say('item_2', { content: ['x'.repeat(1_000_000)] });
    session.say('item_3');
    await job.shutdown();
    expect(receiver.ids).toEqual(['item_1', 'item_2', 'item_3']);
    expect(JSON.stringify(receiver.reports)).toHaveLength(JSON.stringify(receiver.reports).replace('xx', '').length);
    expect(warnings).toEqual(['call-evaluator: Something of the session is not reported (Error).']);
  });

  test('a session or a job that is none', () => {
    const warn = () => {
      throw new Error('no');
    };
    for (const [session, job] of [
      [{}, new FakeJob()],
      [null, null],
      [new FakeSession(), {}],
    ])
      expect(() => attach(session as FakeSession, job as FakeJob, { url, token: 'x', warn })).not.toThrow();
  });

  test.each([
    ['no address', { url: '' }, 'set CALL_EVALUATOR_URL'],
    ['a wrong address', { url: 'calls.example.com' }, 'calls.example.com is no address'],
    ['neither token nor key', { token: '' }, 'set LIVEKIT_API_KEY'],
  ])('%s: it is said, and no more', (_, options, said) => {
    for (const name of ['CALL_EVALUATOR_URL', 'CALL_EVALUATOR_TOKEN', 'LIVEKIT_API_KEY']) vi.stubEnv(name, '');
    const { session } = attached(options);
    expect(warnings).toEqual([expect.stringContaining(said)]);
    expect(session.eventNames()).toEqual([]);
  });

  test('the console, which has no room: nothing is reported', () => {
    for (const room of [undefined, { sid: '', name: 'console-room' }]) {
      const { session } = attached({ job: new FakeJob({ id: 'console-job', agentName: '', ...(room && { room }) }) });
      expect(session.eventNames()).toEqual([]);
    }
    expect(warnings).toEqual([]);
  });
});
