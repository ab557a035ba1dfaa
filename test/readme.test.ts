/** What the README shows, run as it stands there. The routes for servers of others: test/server/webhook/hosts.test.ts. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallEvaluator } from '../src/evaluator.ts';
import type { CallMetrics } from '../src/index.ts';
import { isBuilt } from './built.ts';
import { run, runProcess, start, untilListening } from './cli/run.ts';
import { blockOf, blocksOf, commandsOf, listening, load } from './readme.ts';
import { linesOf } from './server/api/recorded.ts';
import { post } from './server/webhook/post.ts';
import { good, KEY, SECRET } from './server/webhook/signed.ts';

const ROOT = join(import.meta.dirname, '..');
const TOKEN = 'invented-token-for-tests-only';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-evaluator-readme-'));
  vi.stubEnv('LIVEKIT_API_KEY', KEY);
  vi.stubEnv('LIVEKIT_API_SECRET', SECRET);
  vi.stubEnv('CALL_EVALUATOR_TOKEN', TOKEN);
  vi.stubEnv('NODE_COMPILE_CACHE', resolve('node_modules/.cache/node')); // also from another folder
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('TypeScript', () => {
  test('all of it is a whole module, of right types', async () => {
    const own = join(folder, 'types');
    mkdirSync(own);
    symlinkSync(join(ROOT, 'node_modules'), join(own, 'node_modules'), 'junction');
    const blocks = blocksOf('ts');
    expect(blocks.length).toBeGreaterThan(7);
    for (const [index, { code }] of blocks.entries()) writeFileSync(join(own, `${index}.ts`), code);
    const types = isBuilt() ? 'dist/*.d.ts' : 'src/*.ts'; // the sources take three times as long
    const entry = (name: string) => [join(ROOT, types.replace('*', name))];
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        paths: {
          'call-evaluator': entry('index'),
          'call-evaluator/server': entry('server/index'),
        },
      },
      include: ['*.ts'],
    };
    writeFileSync(join(own, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(own, 'package.json'), '{"type":"module"}');
    await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', own]).catch(
      ({ stdout }) => expect.fail(stdout),
    );
  });

  test('in a webhook route', async () => {
    const told = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { onWebhook, soFar, evaluator } = await load<{
      onWebhook(event: object | string): Promise<void>;
      soFar(roomSid: string): Promise<CallMetrics | null>;
      evaluator: CallEvaluator;
    }>(blockOf('ts', 'In a webhook route'));
    for (const line of linesOf('support-call')) await onWebhook(line);
    expect(told.mock.calls).toEqual([[120.6, 1]]);
    told.mockRestore();
    expect(await soFar('RM_support')).toMatchObject({ status: 'finished', duration: 120.6 });
    await evaluator.close();
  });

  test('a metric of one’s own', async () => {
    const own = blocksOf('ts').find(({ code }) => code.includes('metrics: [{'))!;
    const { evaluator } = await load<{ evaluator: CallEvaluator }>(own);
    await evaluator.processEvents(linesOf('meeting-12'));
    expect((await evaluator.getMetrics('RM_meeting'))?.custom?.cameraShare).toBeGreaterThan(0);
    await evaluator.close();
  });

  test('the server in a program', async () => {
    const others = process.listeners('SIGTERM');
    const program = blockOf('ts', 'In a program');
    const { result, server, url } = await listening(() => load<{ evaluator: CallEvaluator }>(program));
    expect((await post(`${url}/webhook`, await good())).status).toBe(200);
    expect((await post(`${url}/webhook`, { ...(await good()), authorization: 'forged' })).status).toBe(401);
    const [stop] = process.listeners('SIGTERM').filter((listener) => !others.includes(listener));
    process.off('SIGTERM', stop!);
    await Promise.all([once(server, 'close'), stop!('SIGTERM')]);
    await expect(result.evaluator.getMetrics('RM_x')).rejects.toMatchObject({ code: 'closed' });
  });

  test('Hono: the API as well', async () => {
    const { result, server, url } = await listening(() => load<{ evaluator: CallEvaluator }>(blockOf('ts', 'Hono')));
    await result.evaluator.processEvents(linesOf('support-call'));
    expect((await fetch(`${url}/v1/calls`)).status).toBe(401);
    const answer = await fetch(`${url}/v1/calls`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await answer.json()).toMatchObject({ calls: [{ roomSid: 'RM_support' }] });
    server.close();
    await result.evaluator.close();
  });
});

describe('command lines', () => {
  beforeAll(() => {
    const events = readFileSync(join(ROOT, 'fixtures/support-call.ndjson'));
    symlinkSync(join(ROOT, 'fixtures'), join(folder, 'fixtures'), 'junction');
    writeFileSync(join(folder, 'recording.ndjson.gz'), gzipSync(events));
    mkdirSync(join(folder, 'more'));
    writeFileSync(join(folder, 'more/avatar.ndjson'), linesOf('avatar').join('\n'));
  });
  const commands = commandsOf(blockOf('', 'On the command line'));
  const one = (words: string[]) => words.join(' ');

  test('there are some of every kind', () => {
    expect(new Set(commands.map(([name]) => name))).toEqual(
      new Set(
        'replay calls export metrics explain conversation state events summary report attendance rebuild trust what-if compare series quarantine requarantine schema'.split(
          ' ',
        ),
      ),
    );
  });

  /** In their order: the database that one fills is asked by the next ones. */
  test('they run, each with its exit code', async () => {
    const ran = new Map<string, Awaited<ReturnType<typeof run>>>();
    const stdin = linesOf('screen-share').join('\n');
    const keeps = commands.findIndex((words) => words[0] === 'replay' && words.includes('--db'));
    // the first as a user starts it; the others take no process of their own
    for (const words of [commands[keeps]!, ...commands.filter((_, index) => index !== keeps)])
      ran.set(one(words), await (words === commands[keeps] ? runProcess : run)(words, { stdin, cwd: folder }));
    for (const words of commands) {
      const { code, stdout, stderr } = ran.get(one(words))!;
      const isHostile = words[0] === 'replay' && words.includes('fixtures/');
      expect({ code, stderr: isHostile ? '' : stderr }, one(words)).toMatchObject({ code: isHostile ? 3 : 0 });
      expect(stdout.trim(), one(words)).not.toBe('');
    }
    const lines = [...ran]
      .find(([line]) => line.includes('recording.ndjson.gz'))![1]
      .stdout.trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).roomSid)).toEqual(['RM_support', 'RM_share', 'RM_avatar']);
  });
});

test('the server, its curl, and a simulation against it', async () => {
  const port = await freePort();
  const cwd = join(folder, 'server');
  mkdirSync(cwd);
  const code = ({ code }: { code: string }) => code.replaceAll('8787', String(port));
  const asServer = code(blockOf('', 'As a server'));
  const [serve] = commandsOf({ name: '', code: asServer });
  const child = start(serve!, [], cwd);
  const { exit } = await untilListening(child);
  try {
    const [, url] = /^curl -H "Authorization: Bearer \$CALL_EVALUATOR_TOKEN" (\S+)$/m.exec(asServer)!;
    const asked = () => fetch(url!, { headers: { authorization: `Bearer ${TOKEN}` } }).then((answer) => answer.json());
    expect(await asked()).toEqual({ calls: [], next: null });

    const [against, written] = commandsOf({ name: '', code: code(blockOf('', 'Try your set-up')) });
    const [simulated, wrote] = await Promise.all([
      runProcess([...against!, '--calls', '6', '--rate', '2000'], { cwd }), // instead of 20 s
      runProcess(written!, { cwd }),
    ]);
    expect(simulated, simulated.stdout + simulated.stderr).toMatchObject({ code: 0 });
    expect(wrote, wrote.stderr).toMatchObject({ code: 0 });
    const { calls } = (await asked()) as { calls: unknown[] };
    expect(calls).toHaveLength(6);
  } finally {
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
