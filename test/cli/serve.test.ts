import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callOf, TOKEN } from '../server/api/recorded.ts';
import { post } from '../server/webhook/post.ts';
import { good, KEY, SECRET, sign } from '../server/webhook/signed.ts';
import { run, start, untilListening } from './run.ts';

const ENV = [
  'LIVEKIT_API_KEY',
  'LIVEKIT_API_SECRET',
  'LIVEKIT_KEYS',
  'CALL_EVALUATOR_TOKEN',
  'CALL_EVALUATOR_HMAC_SECRET',
];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-serve-'));
});
const running: ReturnType<typeof start>[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const name of ENV) delete process.env[name];
});
afterAll(() => rmSync(folder, { recursive: true }));

function configure(env: Record<string, string>): void {
  for (const name of ENV) delete process.env[name];
  Object.assign(process.env, env);
}
const CONFIGURED = { LIVEKIT_API_KEY: KEY, LIVEKIT_API_SECRET: SECRET, CALL_EVALUATOR_TOKEN: TOKEN };

async function serve(db: string, ...args: string[]) {
  const child = start(['serve', '--db', join(folder, db), '--port', '0', ...args]);
  running.push(child);
  const { url, exit, told } = await untilListening(child);
  return { child, url, exit: exit.then(([code]) => code), told };
}

test('serves, logs in JSON, and stops on SIGTERM without losing anything', { timeout: 60_000 }, async () => {
  configure(CONFIGURED);
  const { child, url, exit, told } = await serve('calls.db');
  const { stderr } = told();
  expect(stderr).toMatch(
    /^call-evaluator listens on http:\/\/127\.0\.0\.1:\d+: webhooks at \/webhook, signed with \S+; reading needs a token \(CALL_EVALUATOR_TOKEN, or LiveKit’s\)\.\n$/,
  );
  for (const event of callOf('RM_a', 'support')) {
    const body = JSON.stringify(event);
    expect((await post(`${url}/webhook`, { authorization: await sign(body), body })).status).toBe(200);
  }
  expect((await post(`${url}/webhook`, { ...(await good()), authorization: 'forged' })).status).toBe(401);
  expect((await fetch(`${url}/v1/calls/RM_a`)).status).toBe(401);
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect(await (await fetch(`${url}/v1/calls/RM_a`, { headers })).json()).toMatchObject({ duration: 41 });
  const live = await fetch(`${url}/v1/live`, { headers });
  child.kill('SIGTERM');
  await live.text(); // it ends
  expect(await exit).toBe(0);
  const lines = told()
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg, route, status }) => [msg, route, status])).toEqual([
    ['webhook refused', undefined, 401],
    ['answered', '/v1/calls/{roomSid}', 401],
    ['answered', '/v1/calls/{roomSid}', 200],
    ['answered', '/v1/live', 200],
  ]);
  expect(told().stdout + told().stderr).not.toMatch(new RegExp(`${SECRET}|${TOKEN}|RM_a|support`));
  expect((await run(['metrics', 'RM_a', '--db', join(folder, 'calls.db')])).code).toBe(0);
});

test('a second signal ends it at once', { timeout: 60_000 }, async () => {
  configure(CONFIGURED);
  const { child, url, exit } = await serve('second.db');
  const body = 'x'.repeat(100);
  const sending = fetch(`${url}/webhook`, {
    method: 'POST',
    headers: { authorization: await sign(body) },
    duplex: 'half',
    body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('x')) }), // and no more
  } as RequestInit).catch(() => {});
  await new Promise((done) => setTimeout(done, 200));
  child.kill('SIGINT');
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  expect(await exit).toBe(130);
  await sending;
});

describe('without a token', () => {
  test('it says that whoever is on this machine may read, and where sound is kept', { timeout: 60_000 }, async () => {
    configure({});
    const sound = join(folder, 'sound');
    const { url, told } = await serve('open.db', '--log-level', 'silent', '--recordings', sound);
    expect(told().stderr).toContain('no webhooks: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to take them in');
    expect(told().stderr).toContain('reading is open to whoever is on this machine');
    expect(told().stderr).toContain(`; the sound that agents upload is kept in ${sound}.`);
    expect((await fetch(`${url}/v1/calls`)).status).toBe(200);
    expect(told().stdout).toBe('');
  });

  test('and takes webhooks of another sender', { timeout: 60_000 }, async () => {
    configure({ CALL_EVALUATOR_HMAC_SECRET: 'invented' });
    const { told } = await serve('hmac.db');
    expect(told().stderr).toMatch(
      /: webhooks at \/webhook, signed with X-LiveKit-Signature; reading is open to whoever is on this machine, as neither CALL_EVALUATOR_TOKEN nor an API key of LiveKit is set\.\n$/,
    );
  });

  test('it listens nowhere else', async () => {
    configure({});
    const { code, stderr } = await run(['serve', '--db', join(folder, 'x.db'), '--host', '0.0.0.0', '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/On 0\.0\.0\.0 anybody could read your calls.*Set CALL_EVALUATOR_TOKEN/);
  });
});

test.each([
  [['--port', '99999'], /A port is a whole number up to 65535/],
  [['--cors', 'example.com'], /no origin/],
  [['--path', 'hook'], /cannot be the path of webhooks/],
  [['--keys-file', '/nowhere/keys.yaml'], /\/nowhere\/keys\.yaml cannot be read/],
  [['--keys-file', '/dev/null'], /The keys file \/dev\/null holds no key: write lines/],
  [
    ['--recordings', '/dev/null'],
    /cannot be kept in "\/dev\/null": it is a file.*\(--recordings\) a folder that this user may write/,
  ],
  [['--log-level', 'loud'], /Allowed choices are error, warn, info, debug, silent/],
])('%j is refused with the fix', async (args, message) => {
  configure({});
  const { code, stderr } = await run(['serve', '--db', join(folder, 'x.db'), ...args]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('a password in the address of LiveKit is refused, and not shown', async () => {
  configure(CONFIGURED);
  const reconcile = 'https://user:hidden@livekit.example';
  const { code, stderr } = await run(['serve', '--db', join(folder, 'x.db'), '--reconcile', reconcile]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/holds a user or a password.*give it without/);
  expect(stderr).not.toContain('hidden');
});

test('--help teaches', async () => {
  const { code, stdout } = await run(['serve', '--help']);
  expect(code).toBe(0);
  for (const word of [
    'LIVEKIT_API_KEY',
    'LIVEKIT_OBSERVABILITY_URL=http://HOST:PORT',
    'CALL_EVALUATOR_TOKEN',
    'roomList',
    'webhook.urls',
    'SIGTERM',
    '--recordings',
    '--stale-after',
  ])
    expect(stdout).toContain(word);
});
